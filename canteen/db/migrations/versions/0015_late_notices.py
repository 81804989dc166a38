"""A batch of adjustments for a notice that began before it was published, beside those of one person.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WAITING = sa.text("decision IS NULL")
_ONCE = sa.text("decision IS NULL OR decision = 'approved'")


def upgrade() -> None:
    """Forward."""
    if op.get_bind().dialect.name == "sqlite":
        _anew(of_notices=True)
    else:
        op.alter_column("adjustment", "resident_id", existing_type=AutoString(), nullable=True)
        op.add_column("adjustment", sa.Column("rule_set_id", sa.Integer(), nullable=True))
        op.create_foreign_key("adjustment_rule_set_id_fkey", "adjustment", "rule_set", ["rule_set_id"], ["id"])
        op.create_check_constraint("adjustment_of_one", "adjustment", "(resident_id IS NULL) <> (rule_set_id IS NULL)")
    op.create_index(
        "adjustment_notice_once",
        "adjustment",
        ["rule_set_id"],
        unique=True,
        sqlite_where=_ONCE,
        postgresql_where=_ONCE,
    )


def downgrade() -> None:
    """Backward; fails where a notice was adjusted: its batch has no place there."""
    op.drop_index("adjustment_notice_once", table_name="adjustment")
    if op.get_bind().dialect.name == "sqlite":
        _anew(of_notices=False)
    else:
        op.drop_constraint("adjustment_of_one", "adjustment", type_="check")
        op.drop_constraint("adjustment_rule_set_id_fkey", "adjustment", type_="foreignkey")
        op.drop_column("adjustment", "rule_set_id")
        op.alter_column("adjustment", "resident_id", existing_type=AutoString(), nullable=False)


def _anew(*, of_notices: bool) -> None:
    """SQLite changes no column: both tables are made anew, lines first to go and last to come."""
    op.execute("CREATE TABLE adjustment_line_kept AS SELECT * FROM adjustment_line")
    op.drop_table("adjustment_line")
    op.execute("CREATE TABLE adjustment_kept AS SELECT * FROM adjustment")
    op.drop_table("adjustment")
    notice = [
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"]),
        sa.CheckConstraint("(resident_id IS NULL) <> (rule_set_id IS NULL)", name="adjustment_of_one"),
    ]
    op.create_table(
        "adjustment",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("resident_id", AutoString(), nullable=of_notices),
        sa.Column("reason", AutoString(length=120), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by", AutoString(), nullable=False),
        sa.Column("proposed_name", AutoString(length=60), nullable=False),
        sa.Column("decision", AutoString(length=10), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_name", AutoString(length=60), nullable=False),
        sa.Column("decided_reason", AutoString(length=120), nullable=False),
        sa.CheckConstraint("decision IS NULL OR decision IN ('approved', 'declined')", name="adjustment_decision"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name="adjustment_decided",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="adjustment_second_person"),
        *(notice if of_notices else ()),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "adjustment_waiting_once",
        "adjustment",
        ["resident_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "adjustment_line",
        sa.Column("adjustment_id", AutoString(length=26), nullable=False),
        sa.Column("order_id", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("funder", AutoString(length=20), nullable=False),
        sa.Column("programme", AutoString(length=40), nullable=False),
        sa.Column("rule", AutoString(length=60), nullable=False),
        sa.Column("category", AutoString(length=40), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.CheckConstraint("fen <> 0", name="adjustment_line_not_zero"),
        sa.ForeignKeyConstraint(["adjustment_id"], ["adjustment.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["meal_order.id"]),
        sa.PrimaryKeyConstraint("adjustment_id", "order_id", "position"),
    )
    op.create_index("ix_adjustment_line_order_id", "adjustment_line", ["order_id"])
    op.execute(
        "INSERT INTO adjustment (id, resident_id, reason, proposed_at, proposed_by, proposed_name, decision, decided_at,"
        " decided_by, decided_name, decided_reason) SELECT id, resident_id, reason, proposed_at, proposed_by,"
        " proposed_name, decision, decided_at, decided_by, decided_name, decided_reason FROM adjustment_kept"
    )
    op.execute("INSERT INTO adjustment_line SELECT * FROM adjustment_line_kept")
    op.drop_table("adjustment_line_kept")
    op.drop_table("adjustment_kept")
