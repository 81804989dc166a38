"""Tables of payments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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
        Index("payment_shift", "shift_id"),
        Index("payment_number", "canteen_id", "business_day", "method", "number", unique=True),
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
    number: int
    """Running number of a canteen's day, from 1 without a gap, drawer and wallets each by themselves: that of the receipt."""
    business_day: date = Field(index=True)
    at: datetime
    by: str
    reason: str = ""
    shift_id: str | None = Field(default=None, max_length=26)
    """Of cash: the shift whose drawer it went through. None: from a wallet, or before there were shifts."""


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


class WalletRefund(SQLModel, table=True):
    """Stored value paid out in cash, or waiting for a second person to agree. What people wrote stays here, not in the books."""

    __tablename__ = "wallet_refund"
    __table_args__ = (
        CheckConstraint("fen > 0", name="wallet_refund_positive"),
        CheckConstraint("kind IN ('cooling_off', 'leaving', 'death', 'other')", name="wallet_refund_kind"),
        CheckConstraint("state IN ('waiting', 'paid', 'withdrawn')", name="wallet_refund_state"),
        CheckConstraint("(state = 'paid') = (payment_id IS NOT NULL)", name="wallet_refund_paid"),
        CheckConstraint("kind <> 'death' OR payee <> ''", name="wallet_refund_payee"),
        Index(
            "wallet_refund_waiting_once",
            "resident_id",
            "canteen_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id", index=True)
    resident_id: str = Field(foreign_key="resident.id", index=True)
    fen: int
    kind: str = Field(max_length=12)
    """cooling_off (7 days, no reason asked) · leaving · death · other."""
    reason: str
    payee: str
    """Who takes the cash when it is not the resident: after a death the family member, by name."""
    state: str = Field(max_length=10)
    asked_at: datetime
    asked_by: str
    asked_by_name: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_by_name: str | None = None
    payment_id: str | None = Field(default=None, foreign_key="payment.id", unique=True)


class PaymentUndo(SQLModel, table=True):
    """A payment taken by mistake and the payment that takes it back. The key lets each be undone once."""

    __tablename__ = "payment_undo"
    payment_id: str = Field(foreign_key="payment.id", primary_key=True)
    back_id: str = Field(foreign_key="payment.id", unique=True)
    reason: str
    """In words; the books and the audit log keep its code."""
    at: datetime
    by: str


class ReceiptCopy(SQLModel, table=True):
    """One printing of a receipt; every number above 1 is a copy and says so."""

    __tablename__ = "receipt_copy"
    __table_args__ = (CheckConstraint("number > 0", name="receipt_copy_number"),)
    payment_id: str = Field(foreign_key="payment.id", primary_key=True)
    number: int = Field(primary_key=True)
    printed_at: datetime
    by: str
