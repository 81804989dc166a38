"""Meals that turn out to be second ones when two files become one.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "double_meal",
        sa.Column("order_id", AutoString(), nullable=False),
        sa.Column("first_order_id", AutoString(), nullable=False),
        sa.Column("merge_id", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["meal_order.id"]),
        sa.ForeignKeyConstraint(["first_order_id"], ["meal_order.id"]),
        sa.ForeignKeyConstraint(["merge_id"], ["merge_proposal.id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )


def downgrade() -> None:
    """Backward."""
    op.drop_table("double_meal")
