"""Tables of what diners say: meals that were not theirs, and the people who are telephoned."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel


class MealDispute(SQLModel, table=True):
    """「这顿不是我吃的」: said of one meal that was handed over; may be taken back until its month is locked."""

    __tablename__ = "meal_dispute"
    __table_args__ = (
        CheckConstraint("how IN ('phone', 'staff', 'office', 'call')", name="meal_dispute_how"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="meal_dispute_taken_back"),
        Index(
            "meal_dispute_once",
            "order_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        Index("meal_dispute_month", "canteen_id", "period"),
    )
    id: str = Field(primary_key=True, max_length=26)
    order_id: str = Field(foreign_key="meal_order.id")
    canteen_id: str = Field(foreign_key="canteen.id")
    period: str = Field(max_length=7)
    """Month of the meal's day, `2026-11`."""
    how: str = Field(max_length=6)
    """phone (touched by the diner) · staff · office (said to somebody there) · call (said when telephoned)."""
    said_at: datetime
    said_by: str
    """`resident:ID` or `account:ID` of whoever wrote it down."""
    taken_back_at: datetime | None = None
    taken_back_by: str | None = None


class CallDraw(SQLModel, table=True):
    """Who of a canteen's diners is telephoned about a month: drawn once, from a seed that nobody chose."""

    __tablename__ = "call_draw"
    __table_args__ = (CheckConstraint("drawn > 0 AND drawn <= diners", name="call_draw_size"),)
    canteen_id: str = Field(foreign_key="canteen.id", primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=7)
    seed: str = Field(max_length=64)
    """Hash of the canteen's last entry booked before the month ended."""
    seed_seq: int
    """Its number in the chain."""
    diners: int
    """Everybody who was handed a meal of the month."""
    drawn: int
    drawn_at: datetime


class CallLine(SQLModel, table=True):
    """One person drawn."""

    __tablename__ = "call_line"
    __table_args__ = (
        ForeignKeyConstraint(["canteen_id", "period"], ["call_draw.canteen_id", "call_draw.period"]),
        Index("call_line_resident", "resident_id"),
    )
    canteen_id: str = Field(primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=7)
    position: int = Field(primary_key=True)
    """1, 2, 3… in the order of the draw."""
    resident_id: str = Field(foreign_key="resident.id", max_length=26)


class CallAttempt(SQLModel, table=True):
    """One call and what was said. Append-only; the last one counts."""

    __tablename__ = "call_attempt"
    __table_args__ = (
        CheckConstraint("outcome IN ('no_answer', 'confirmed', 'denied', 'wrong_number')", name="call_attempt_outcome"),
        ForeignKeyConstraint(
            ["canteen_id", "period", "position"], ["call_line.canteen_id", "call_line.period", "call_line.position"]
        ),
        Index("call_attempt_line", "canteen_id", "period", "position"),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(max_length=40)
    period: str = Field(max_length=7)
    position: int
    at: datetime
    by: str
    by_name: str = ""
    outcome: str = Field(max_length=12)
    """no_answer · confirmed · denied (says that some were not theirs) · wrong_number."""
    note_sealed: bytes | None = None
