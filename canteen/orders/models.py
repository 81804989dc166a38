"""Tables of orders. Nothing assigns `.status` but `status.advance`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, case, text
from sqlmodel import Field, SQLModel, col


class MealOrder(SQLModel, table=True):
    """One order for one diner at one meal. The quote on it is frozen: list = shares + self-pay."""

    __tablename__ = "meal_order"
    __table_args__ = (
        UniqueConstraint("canteen_id", "day", "meal", "number_index", name="meal_order_number"),
        CheckConstraint("list_fen = subsidy_fen + self_pay_fen", name="meal_order_sum"),
        CheckConstraint("self_pay_fen >= 0 AND subsidy_fen >= 0", name="meal_order_positive"),
        CheckConstraint("paid_fen >= 0 AND paid_fen <= self_pay_fen", name="meal_order_paid"),
        CheckConstraint(
            "status IN ('placed','paid','ready','collected','cancelled','expired','not_collected')",
            name="meal_order_status",
        ),
        CheckConstraint("method IN ('wallet','cash','none','later')", name="meal_order_method"),
        Index("meal_order_day", "canteen_id", "day", "meal", "status"),
        Index("meal_order_resident", "resident_id", "day", "meal"),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id")
    menu_id: int = Field(foreign_key="menu.id")
    day: date
    meal: str = Field(max_length=10)
    resident_id: str | None = Field(default=None, foreign_key="resident.id")
    """The diner; None for a guest."""
    fetcher_id: str | None = Field(default=None, foreign_key="resident.id")
    """Who orders and carries the meal for the diner."""
    channel: str = Field(max_length=10)
    """kiosk · window · phone · counter · api."""
    status: str = Field(max_length=14)
    list_fen: int
    subsidy_fen: int
    self_pay_fen: int
    paid_fen: int = 0
    method: str = Field(max_length=8)
    rule_set_id: int | None = None
    inputs: bytes
    """Frozen inputs of the decision (JSON): with the rule set's text they give the same shares years later."""
    over_budget: bool = False
    number_index: int
    """1 → A 01. Unique per canteen, date and meal."""
    pickup_number: str = Field(max_length=6)
    code_hash: str = Field(unique=True, max_length=64)
    """Keyed hash of the 20 random digits of the pick-up QR."""
    code_sealed: bytes
    """The same digits encrypted, so that the diner's own page can show them again."""
    placed_at: datetime
    deadline_at: datetime
    """End of the meal: an order not paid or not collected by then ends."""
    ready_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str = ""
    device_id: str | None = None
    placed_by: str = ""
    """`account:ID`, `token:ID`, `device:ID`."""
    offline_reason: str = ""
    """Why it was entered by hand after a power cut; such meals stand apart in the month."""


class OrderLine(SQLModel, table=True):
    """One line of an order, name and price as they were."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 20", name="order_line_quantity"),
        CheckConstraint("portion IN ('full', 'half')", name="order_line_portion"),
    )
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True)
    position: int = Field(primary_key=True)
    menu_item_id: int = Field(foreign_key="menu_item.id", index=True)
    set_meal_id: int | None = None
    name: str
    portion: str = Field(default="full", max_length=4)
    quantity: int
    unit_fen: int
    note: str = ""
    """Diet instruction for the cook in words: 少盐. Never an illness."""


HALVES = col(OrderLine.quantity) * case((col(OrderLine.portion) == "half", 1), else_=2)
"""Half portions of a line, for sums."""


class OrderShare(SQLModel, table=True):
    """Who pays how much of an order besides the diner; each fen belongs to one rule and one category."""

    __tablename__ = "order_share"
    __table_args__ = (CheckConstraint("fen > 0", name="order_share_positive"),)
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True)
    position: int = Field(primary_key=True)
    funder: str = Field(max_length=20)
    programme: str = Field(max_length=40)
    rule: str = Field(max_length=60)
    category: str = Field(max_length=40)
    fen: int


class OrderCounter(SQLModel, table=True):
    """Entitlement counters an order took, so that they can be given back."""

    __tablename__ = "order_counter"
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True)
    name: str = Field(primary_key=True, max_length=60)
    period: str = Field(primary_key=True, max_length=24)
    canteen: str = Field(primary_key=True, max_length=40)
    take: int


class Substitution(SQLModel, table=True):
    """A dish of an order is gone and another was offered for it: nothing changes until the diner has answered."""

    __tablename__ = "substitution"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'accepted', 'refused', 'lapsed')", name="substitution_state"),
        CheckConstraint("(state = 'accepted') = (new_order_id IS NOT NULL)", name="substitution_accepted"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="substitution_answered"),
        Index(
            "substitution_asked_once",
            "order_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id", index=True)
    order_id: str = Field(foreign_key="meal_order.id", index=True)
    item_id: int = Field(foreign_key="menu_item.id", index=True)
    """The line that is gone."""
    offered_id: int = Field(foreign_key="menu_item.id")
    """The line offered for it."""
    self_pay_fen: int
    """What the diner would pay then, as they were told."""
    state: str = Field(max_length=10)
    """asked · accepted · refused · lapsed (the order ended, or the question was taken back)."""
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None = None
    answered_by: str | None = None
    how: str = Field(default="", max_length=8)
    """How they answered: phone · window."""
    new_order_id: str | None = Field(default=None, foreign_key="meal_order.id", unique=True)
    """The order that took its place; the old one is cancelled and kept."""


class DoubleMeal(SQLModel, table=True):
    """A subsidised meal beyond what one person may have, found when two files became one. It is listed, never rewritten."""

    __tablename__ = "double_meal"
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True)
    first_order_id: str = Field(foreign_key="meal_order.id")
    """The order that used the same entitlement before."""
    merge_id: str = Field(foreign_key="merge_proposal.id")


class Adjustment(SQLModel, table=True):
    """What past meals should change by: one person's, now that more is known, or all a late notice reaches. Two people."""

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("decision IS NULL OR decision IN ('approved', 'declined')", name="adjustment_decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name="adjustment_decided",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="adjustment_second_person"),
        CheckConstraint("(resident_id IS NULL) <> (rule_set_id IS NULL)", name="adjustment_of_one"),
        Index(
            "adjustment_waiting_once",
            "resident_id",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
        Index(
            "adjustment_notice_once",
            "rule_set_id",
            unique=True,
            sqlite_where=text("decision IS NULL OR decision = 'approved'"),
            postgresql_where=text("decision IS NULL OR decision = 'approved'"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str | None = Field(default=None, foreign_key="resident.id")
    rule_set_id: int | None = Field(default=None, foreign_key="rule_set.id")
    """The notice that began before it was published; one batch of it waits or was approved, never two."""
    reason: str = Field(max_length=120)
    proposed_at: datetime
    proposed_by: str
    proposed_name: str = Field(max_length=60)
    decision: str | None = Field(default=None, max_length=10)
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_name: str = Field(default="", max_length=60)
    decided_reason: str = Field(default="", max_length=120)


class AdjustmentLine(SQLModel, table=True):
    """One share of one meal as proposed: more (positive) or less (negative fen) than the books hold."""

    __tablename__ = "adjustment_line"
    __table_args__ = (CheckConstraint("fen <> 0", name="adjustment_line_not_zero"),)
    adjustment_id: str = Field(foreign_key="adjustment.id", primary_key=True, max_length=26)
    order_id: str = Field(foreign_key="meal_order.id", primary_key=True, index=True)
    position: int = Field(primary_key=True)
    funder: str = Field(max_length=20)
    programme: str = Field(max_length=40)
    rule: str = Field(max_length=60)
    category: str = Field(max_length=40)
    fen: int


class NumberSequence(SQLModel, table=True):
    """Last pick-up number given at one canteen, date and meal."""

    __tablename__ = "number_sequence"
    canteen_id: str = Field(primary_key=True, max_length=40)
    day: date = Field(primary_key=True)
    meal: str = Field(primary_key=True, max_length=10)
    last: int


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a request, kept under its key and the fingerprint of its body."""

    __tablename__ = "idempotency_key"
    scope: str = Field(primary_key=True, max_length=60)
    """Who asked: token, device or account."""
    key: str = Field(primary_key=True, max_length=128)
    fingerprint: str = Field(max_length=64)
    order_id: str = Field(max_length=26)
    answer: bytes
    created_at: datetime = Field(index=True)
