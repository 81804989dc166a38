"""Tables of payments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

WALLET_LIMIT_FEN = 500_000
"""Named stored value per person: at most ¥5,000."""


class Wallet(SQLModel, table=True):
    """Stored value of one resident at one operator, whose liability 2000 it is. `ref` is what the books know: random."""

    __tablename__ = "wallet"
    __table_args__ = (
        CheckConstraint("balance_fen >= 0", name="wallet_not_negative"),
        CheckConstraint("balance_fen <= 500000", name="wallet_limit"),
    )
    resident_id: str = Field(foreign_key="resident.id", primary_key=True)
    ref: str = Field(unique=True, max_length=26)
    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    balance_fen: int = 0


class Payment(SQLModel, table=True):
    """Money in or out for one order, or a top-up. Never updated."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("order_id", "attempt", name="payment_attempt"),
        CheckConstraint("fen > 0", name="payment_positive"),
        CheckConstraint("direction IN ('in', 'out')", name="payment_direction"),
        CheckConstraint("method IN ('wallet', 'cash', 'online')", name="payment_method"),
        CheckConstraint("purpose IN ('order', 'top_up', 'wallet_refund')", name="payment_purpose"),
        CheckConstraint("(purpose = 'order') = (order_id IS NOT NULL)", name="payment_order"),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id", index=True)
    order_id: str | None = Field(default=None, foreign_key="meal_order.id")
    attempt: int = 1
    purpose: str = Field(max_length=14)
    method: str = Field(max_length=8)
    direction: str = Field(max_length=3)
    fen: int
    wallet_ref: str | None = Field(default=None, max_length=26)
    business_day: date = Field(index=True)
    at: datetime
    by: str
    reason: str = ""


class Due(SQLModel, table=True):
    """Served now, paid later (account 1110): one meal, a reason, until it is paid."""

    __tablename__ = "due"
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True)
    resident_id: str | None = Field(default=None, foreign_key="resident.id", index=True)
    canteen_id: str = Field(foreign_key="canteen.id")
    fen: int
    reason: str
    agreed_at: datetime
    agreed_by: str
    paid_at: datetime | None = None
    dropped_at: datetime | None = None
    """The hand-over was undone: nothing is owed."""
