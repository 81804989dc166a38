"""Table of shifts: who answers for the cash drawer from when to when, what lay in it, who counted it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

_CLOSED = ("closed_by", "expected_fen", "counted_fen", "banked_fen", "none_on_site")


class Shift(SQLModel, table=True):
    """One shift of one drawer; fen. Closed once, frozen afterwards: what is found later is an entry of the next."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("float_fen >= 0", name="shift_float"),
        CheckConstraint(
            " AND ".join(f"(closed_at IS NULL) = ({column} IS NULL)" for column in _CLOSED), name="shift_closed_whole"
        ),
        CheckConstraint("counted_fen >= 0 AND banked_fen >= 0 AND banked_fen <= counted_fen", name="shift_counted"),
        CheckConstraint("closed_at IS NULL OR (second_by IS NULL) = none_on_site", name="shift_second_or_none"),
        CheckConstraint("second_by <> closed_by", name="shift_two_people"),
        CheckConstraint("banked_fen = 0 OR reference <> ''", name="shift_reference"),
        Index(
            "shift_open_once",
            "canteen_id",
            "drawer",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("shift_day", "canteen_id", "day"),
        Index("shift_number", "canteen_id", "drawer", "number", unique=True),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id")
    drawer: str = Field(max_length=20)
    number: int
    """Runs from 1: which came before which, whatever the clock says."""
    day: date
    """Business day it was opened on."""
    opened_at: datetime
    opened_by: str
    opened_name: str
    float_fen: int
    is_counted: bool
    """Whether somebody counted the float; not when the first cash of the day opened the shift by itself."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_name: str = ""
    expected_fen: int | None = None
    counted_fen: int | None = None
    second_by: str | None = None
    second_name: str = ""
    none_on_site: bool | None = None
    banked_fen: int | None = None
    reference: str = ""
    note: str = ""
