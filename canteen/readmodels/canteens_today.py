"""Which canteens are there, and what hours do they serve today?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.sites import hours, places
from canteen.sites.hours import MealHours
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class CanteenToday:
    """A service point on one business day; no meals on a closing day."""

    id: str
    name: str
    name_en: str
    address: str
    open_to_all: bool
    today: date
    meals: tuple[MealHours, ...]


def canteens_today(session: Session, now: datetime) -> tuple[CanteenToday, ...]:
    """Every canteen in the order they are shown."""
    today = business_day(now)
    return tuple(
        CanteenToday(
            one.id, one.name, one.name_en, one.address, one.open_to_all, today, hours.serving(session, one.id, today)
        )
        for one in places.all_canteens(session)
    )
