"""Was the drawer of each day counted, closed and banked, and by how many people?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from canteen.payments.shift_models import Shift
from canteen.payments.shifts import COLUMNS, ShiftView

_SHIFT = SQLModel.metadata.tables[str(Shift.__tablename__)].c


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """One business day of a canteen on which a shift was opened; fen."""

    canteen_id: str
    day: date
    shifts: tuple[ShiftView, ...]

    @property
    def is_closed(self) -> bool:
        """Every shift of the day."""
        return all(one.closed_at is not None for one in self.shifts)

    @property
    def is_banked(self) -> bool:
        """Closed, and more than the float did not stay in the drawer."""
        return self.is_closed and all(one.left_fen <= one.float_fen for one in self.shifts)

    @property
    def over_fen(self) -> int:
        """Over (above zero) or short of the closed shifts."""
        return sum(one.over_fen for one in self.shifts)

    @property
    def is_counted_alone(self) -> bool:
        """Some close had no second person."""
        return any(one.none_on_site for one in self.shifts)


def shift_days(session: Session, canteen_id: str, first: date, last: date) -> tuple[ShiftDay, ...]:
    """Days from `first` to `last` inclusive that had a shift, in their order."""
    rows = session.execute(
        select(*COLUMNS)
        .where(_SHIFT.canteen_id == canteen_id, _SHIFT.day >= first, _SHIFT.day <= last)
        .order_by(_SHIFT.number)
    ).all()
    days: dict[date, list[ShiftView]] = {}
    for row in rows:
        view = ShiftView(*row)
        days.setdefault(view.day, []).append(view)
    return tuple(ShiftDay(canteen_id, day, tuple(found)) for day, found in days.items())
