"""What the kitchen counted and printed, and which job ran in which minute.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "dish_count",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("menu_id", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("what", AutoString(length=4), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("counted_by", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.CheckConstraint("what IN ('made', 'left')", name="dish_count_what"),
        sa.CheckConstraint("halves >= 0", name="dish_count_halves"),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"]),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("dish_count_menu", "dish_count", ["menu_id", "dish_id", "id"])
    op.create_table(
        "prep_print",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("kitchen_id", AutoString(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meal", AutoString(length=10), nullable=False),
        sa.Column("printed_at", UTCDateTime(), nullable=False),
        sa.Column("printed_by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("prep_print_meal", "prep_print", ["kitchen_id", "day", "meal"])
    op.create_table(
        "job_run",
        sa.Column("name", AutoString(length=40), nullable=False),
        sa.Column("slot", UTCDateTime(), nullable=False),
        sa.Column("holder", AutoString(length=80), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", AutoString(length=6), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("error", AutoString(), nullable=False),
        sa.Column("takeovers", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('', 'done', 'failed')", name="job_run_outcome"),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome = '')", name="job_run_ended"),
        sa.PrimaryKeyConstraint("name", "slot"),
    )
    op.create_index("job_run_open", "job_run", ["ended_at", "lease_until"])


def downgrade() -> None:
    """Backward."""
    op.drop_table("job_run")
    op.drop_table("prep_print")
    op.drop_table("dish_count")
