"""What diners say of their meals, who is telephoned about a month, and who asked for an erasure.

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STANDS = sa.text("taken_back_at IS NULL")
_WAITING = sa.text("decision IS NULL")
_TABLES = ("erasing", "erasure", "call_attempt", "call_line", "call_draw", "meal_dispute")


def upgrade() -> None:
    """Forward. Guards are put on the new tables after every migration."""
    _disputes()
    _calls()
    _erasures()


def _disputes() -> None:
    op.create_table(
        "meal_dispute",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("order_id", AutoString(), nullable=False),
        sa.Column("canteen_id", AutoString(), nullable=False),
        sa.Column("period", AutoString(length=7), nullable=False),
        sa.Column("how", AutoString(length=6), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("said_by", AutoString(), nullable=False),
        sa.Column("taken_back_at", UTCDateTime(), nullable=True),
        sa.Column("taken_back_by", AutoString(), nullable=True),
        sa.CheckConstraint("how IN ('phone', 'staff', 'office', 'call')", name="meal_dispute_how"),
        sa.CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="meal_dispute_taken_back"),
        sa.ForeignKeyConstraint(["order_id"], ["meal_order.id"]),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "meal_dispute_once", "meal_dispute", ["order_id"], unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
    )
    op.create_index("meal_dispute_month", "meal_dispute", ["canteen_id", "period"])


def _calls() -> None:
    op.create_table(
        "call_draw",
        sa.Column("canteen_id", AutoString(length=40), nullable=False),
        sa.Column("period", AutoString(length=7), nullable=False),
        sa.Column("seed", AutoString(length=64), nullable=False),
        sa.Column("seed_seq", sa.Integer(), nullable=False),
        sa.Column("diners", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("drawn > 0 AND drawn <= diners", name="call_draw_size"),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.PrimaryKeyConstraint("canteen_id", "period"),
    )
    op.create_table(
        "call_line",
        sa.Column("canteen_id", AutoString(length=40), nullable=False),
        sa.Column("period", AutoString(length=7), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.ForeignKeyConstraint(["canteen_id", "period"], ["call_draw.canteen_id", "call_draw.period"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("canteen_id", "period", "position"),
    )
    op.create_index("call_line_resident", "call_line", ["resident_id"])
    op.create_table(
        "call_attempt",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("canteen_id", AutoString(length=40), nullable=False),
        sa.Column("period", AutoString(length=7), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(length=12), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('no_answer', 'confirmed', 'denied', 'wrong_number')", name="call_attempt_outcome"
        ),
        sa.ForeignKeyConstraint(
            ["canteen_id", "period", "position"], ["call_line.canteen_id", "call_line.period", "call_line.position"]
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("call_attempt_line", "call_attempt", ["canteen_id", "period", "position"])


def _erasures() -> None:
    op.add_column("resident", sa.Column("erased_at", UTCDateTime(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.Column("why", AutoString(length=10), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("asked_name", AutoString(), nullable=False),
        sa.Column("decision", AutoString(length=10), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_name", AutoString(), nullable=False),
        sa.CheckConstraint("why IN ('asked', 'family', 'retention')", name="erasure_why"),
        sa.CheckConstraint("decision IS NULL OR decision IN ('done', 'declined')", name="erasure_decision"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name="erasure_decided",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="erasure_second_person"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "erasure_waiting", "erasure", ["resident_id"], unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "erasing",
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id"),
    )


def downgrade() -> None:
    """Backward. What diners said and who was telephoned is lost; who was erased stays erased."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("resident", "erased_at")
