"""What stands on a canteen's poster besides its QR: when it serves, and until when a phone orders."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.sites import hours
from menus.service_days import LOCAL

WEEK = 7


@dataclass(frozen=True, slots=True)
class PosterMeal:
    """One meal as it is served on the coming open days. Instants are aware UTC, of the first such day."""

    meal: str
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime


def poster_meals(session: Session, canteen_id: str, today: date) -> tuple[PosterMeal, ...]:
    """Each meal of the next seven open days once, with the hours it has first, in the order of the day."""
    found: dict[str, PosterMeal] = {}
    for day in hours.next_open_days(session, canteen_id, today, WEEK):
        for served in hours.serving(session, canteen_id, day):
            found.setdefault(
                served.meal.value,
                PosterMeal(served.meal.value, served.opens_at, served.closes_at, served.phone_cutoff_at),
            )
    return tuple(sorted(found.values(), key=lambda meal: meal.opens_at.astimezone(LOCAL).time()))
