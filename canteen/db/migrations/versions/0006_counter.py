"""The counter: refunds of stored value, undone payments, receipts printed, substitutions, prices changed.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Forward."""
    op.add_column("canteen", sa.Column("refund_alone_fen", sa.Integer(), server_default="20000", nullable=False))
    op.create_table(
        "wallet_refund",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("canteen_id", AutoString(), nullable=False),
        sa.Column("resident_id", AutoString(), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(length=12), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("payee", AutoString(), nullable=False),
        sa.Column("state", AutoString(length=10), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("asked_by_name", AutoString(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_by_name", AutoString(), nullable=True),
        sa.Column("payment_id", AutoString(), nullable=True),
        sa.CheckConstraint("fen > 0", name="wallet_refund_positive"),
        sa.CheckConstraint("kind IN ('cooling_off', 'leaving', 'death', 'other')", name="wallet_refund_kind"),
        sa.CheckConstraint("state IN ('waiting', 'paid', 'withdrawn')", name="wallet_refund_state"),
        sa.CheckConstraint("(state = 'paid') = (payment_id IS NOT NULL)", name="wallet_refund_paid"),
        sa.CheckConstraint("kind <> 'death' OR payee <> ''", name="wallet_refund_payee"),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("payment_id"),
    )
    op.create_index("ix_wallet_refund_canteen_id", "wallet_refund", ["canteen_id"])
    op.create_index("ix_wallet_refund_resident_id", "wallet_refund", ["resident_id"])
    op.create_index(
        "wallet_refund_waiting_once",
        "wallet_refund",
        ["resident_id", "canteen_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "payment_undo",
        sa.Column("payment_id", AutoString(), nullable=False),
        sa.Column("back_id", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.ForeignKeyConstraint(["back_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("payment_id"),
        sa.UniqueConstraint("back_id"),
    )
    op.create_table(
        "receipt_copy",
        sa.Column("payment_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed_at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.CheckConstraint("number > 0", name="receipt_copy_number"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("payment_id", "number"),
    )
    op.create_table(
        "substitution",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("canteen_id", AutoString(), nullable=False),
        sa.Column("order_id", AutoString(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("offered_id", sa.Integer(), nullable=False),
        sa.Column("self_pay_fen", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(length=10), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", AutoString(), nullable=True),
        sa.Column("how", AutoString(length=8), nullable=False),
        sa.Column("new_order_id", AutoString(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'accepted', 'refused', 'lapsed')", name="substitution_state"),
        sa.CheckConstraint("(state = 'accepted') = (new_order_id IS NOT NULL)", name="substitution_accepted"),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="substitution_answered"),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["meal_order.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["menu_item.id"]),
        sa.ForeignKeyConstraint(["offered_id"], ["menu_item.id"]),
        sa.ForeignKeyConstraint(["new_order_id"], ["meal_order.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("new_order_id"),
    )
    for column in ("canteen_id", "order_id", "item_id"):
        op.create_index(f"ix_substitution_{column}", "substitution", [column])
    op.create_index(
        "substitution_asked_once",
        "substitution",
        ["order_id"],
        unique=True,
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )
    op.create_table(
        "menu_price_change",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("was_fen", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("was_half_fen", sa.Integer(), nullable=True),
        sa.Column("half_fen", sa.Integer(), nullable=True),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.CheckConstraint("price_fen > 0", name="menu_price_change_positive"),
        sa.CheckConstraint("half_fen IS NULL OR half_fen <= price_fen", name="menu_price_change_half"),
        sa.ForeignKeyConstraint(["item_id"], ["menu_item.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_menu_price_change_item_id", "menu_price_change", ["item_id"])


def downgrade() -> None:
    """Backward."""
    for table in ("menu_price_change", "substitution", "receipt_copy", "payment_undo", "wallet_refund"):
        op.drop_table(table)
    op.drop_column("canteen", "refund_alone_fen")
