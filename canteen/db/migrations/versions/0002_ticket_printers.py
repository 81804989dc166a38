"""Which kiosks print tickets.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; kiosks paired before print nothing until a manager pairs them again with a printer."""
    op.add_column("device", sa.Column("prints_tickets", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Backward."""
    op.drop_column("device", "prints_tickets")
