"""Receipts are numbered by the day without a gap; those that stand are numbered in the order they were taken.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_IN_ORDER = """
UPDATE payment SET number = counted.number FROM (
    SELECT id, row_number() OVER (PARTITION BY canteen_id, business_day, method ORDER BY at, id) AS number FROM payment
) AS counted WHERE counted.id = payment.id
"""


def upgrade() -> None:
    """Forward. The guard that forbids updates is put back after every migration."""
    op.add_column("payment", sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    on = " ON payment" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS payment_no_update{on}")
    op.execute(_IN_ORDER)
    op.create_index("payment_number", "payment", ["canteen_id", "business_day", "method", "number"], unique=True)


def downgrade() -> None:
    """Backward."""
    op.drop_index("payment_number", "payment")
    op.drop_column("payment", "number")
