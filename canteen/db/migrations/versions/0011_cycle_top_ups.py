"""The four-week cycle keeps the portions planned for later in a meal.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; weeks kept before have none."""
    op.add_column("cycle_line", sa.Column("top_ups", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Backward."""
    op.drop_column("cycle_line", "top_ups")
