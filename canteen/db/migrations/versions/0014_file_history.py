"""What is learned about a file late: history of its facts, from when a category ended, adjustments of two people.

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WAITING = sa.text("decision IS NULL")


def upgrade() -> None:
    """Forward. A status that stands already was learned, as far as anybody wrote down, when the file last changed."""
    op.add_column(
        "eligibility_file",
        sa.Column("status_before", AutoString(length=12), server_default="active", nullable=False),
    )
    op.add_column("category_grant", sa.Column("withdrawn_from", sa.Date(), nullable=True))
    op.create_table(
        "file_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.Column("field", AutoString(length=14), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.Column("was", AutoString(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("known_at", UTCDateTime(), nullable=False),
        sa.Column("known_by", AutoString(), nullable=False),
        sa.CheckConstraint("field IN ('status','born','register_area','living_area')", name="file_fact_field"),
        sa.CheckConstraint("(field = 'born') = (effective_from IS NULL)", name="file_fact_effective"),
        sa.ForeignKeyConstraint(["resident_id"], ["eligibility_file.resident_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("file_fact_resident", "file_fact", ["resident_id"])
    op.create_table(
        "adjustment",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("resident_id", AutoString(), nullable=False),
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
        "INSERT INTO file_fact (resident_id, field, value, was, effective_from, known_at, known_by)"
        " SELECT f.resident_id, 'status', f.status, 'active', f.status_since,"
        " COALESCE((SELECT max(a.at) FROM audit_entry a WHERE a.subject = 'resident:' || f.resident_id"
        " AND a.action IN ('resident.changed', 'merge.confirmed')), f.opened_at), 'migration'"
        " FROM eligibility_file f WHERE f.status_since IS NOT NULL AND f.status <> 'active'"
    )


def downgrade() -> None:
    """Backward."""
    op.drop_table("adjustment_line")
    op.drop_table("adjustment")
    op.drop_table("file_fact")
    op.drop_column("category_grant", "withdrawn_from")
    op.drop_column("eligibility_file", "status_before")
