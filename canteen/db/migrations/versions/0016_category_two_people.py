"""A category needs two people: one enters it, another approves; until then it waits and counts for nothing.

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITING = sa.text("decision IS NULL")


def upgrade() -> None:
    """Forward. Who proposed what stands already nobody wrote down; it goes on standing."""
    op.add_column("category_grant", sa.Column("proposed_by", AutoString(), server_default="earlier", nullable=False))
    op.create_table(
        "category_proposal",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.Column("category", AutoString(length=30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("evidence", AutoString(), nullable=False),
        sa.Column("source", AutoString(length=40), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", AutoString(), nullable=False),
        sa.Column("decision", AutoString(length=10), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("reason", AutoString(length=120), nullable=False),
        sa.Column("grant_id", AutoString(length=26), nullable=True),
        sa.CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name="category_proposal_dates"),
        sa.CheckConstraint(
            "(decision IS NULL AND decided_at IS NULL AND decided_by IS NULL)"
            " OR (decision IN ('approved','declined') AND decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="category_proposal_decided",
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision <> 'approved' OR decided_by <> entered_by",
            name="category_proposal_two_people",
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["category_grant.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["eligibility_file.resident_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("category_proposal_resident", "category_proposal", ["resident_id"])
    op.create_index(
        "category_proposal_waiting",
        "category_proposal",
        ["source"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Backward. What waits is lost."""
    op.drop_table("category_proposal")
    op.drop_column("category_grant", "proposed_by")
