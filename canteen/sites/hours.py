"""When a canteen serves: weekly hours, closing days, the meal of the moment. Instants are aware UTC."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, SQLModel

from canteen.sites.errors import CanteenShut, MealNotServed, NoMealAhead
from canteen.sites.holidays import DayKind, day_kind
from canteen.sites.models import ClosingDay, ServiceHours
from menus.service_days import MealPeriod, business_day, instant

__all__ = [
    "DayKind",
    "MealAt",
    "MealHours",
    "current_or_next_meal",
    "day_kind",
    "is_open_day",
    "meal_hours",
    "next_open_days",
    "serving",
]

LOOK_AHEAD_DAYS = 366
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
"""Nothing is served outside: near the ends of the calendar a local time has no UTC instant."""

# Tables, not classes: what is asked for every order skips the object layer.
_SERVICE = SQLModel.metadata.tables[str(ServiceHours.__tablename__)]
_CLOSING_DAY = SQLModel.metadata.tables[str(ClosingDay.__tablename__)]
# Built once: on the path of every order.
_HOURS = (
    select(_SERVICE.c.meal, _SERVICE.c.opens, _SERVICE.c.closes, _SERVICE.c.phone_cutoff)
    .where(
        _SERVICE.c.canteen_id == bindparam("canteen"),
        _SERVICE.c.weekday == bindparam("weekday"),
        ~exists().where(_CLOSING_DAY.c.canteen_id == bindparam("canteen"), _CLOSING_DAY.c.day == bindparam("day")),
    )
    .order_by(_SERVICE.c.opens)
)


@dataclass(frozen=True, slots=True)
class MealHours:
    """One meal of one day. Half-open: at `closes_at` it is over; phones order before `phone_cutoff_at`."""

    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime


@dataclass(frozen=True, slots=True)
class MealAt:
    """The meal being served, or the next one."""

    day: date
    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime
    is_serving: bool


def serving(session: Session, canteen_id: str, day: date) -> tuple[MealHours, ...]:
    """The meals of that day in their order; empty on a closing day or a weekday without hours."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return ()
    rows = session.execute(_HOURS, {"canteen": canteen_id, "weekday": day.weekday(), "day": day})
    return tuple(hours_from(day, *row) for row in rows)


def meal_hours(session: Session, canteen_id: str, day: date, meal: str) -> MealHours:
    """The hours of one meal.

    Raises:
        CanteenShut: closed that whole day.
        MealNotServed: open, but not for this meal.
    """
    meals = serving(session, canteen_id, day)
    if not meals:
        raise CanteenShut(canteen=canteen_id, day=day.isoformat())
    for hours in meals:
        if hours.meal == meal:
            return hours
    raise MealNotServed(canteen=canteen_id, day=day.isoformat(), meal=meal)


def is_open_day(session: Session, canteen_id: str, day: date) -> bool:
    """Whether anything is served that day."""
    return bool(serving(session, canteen_id, day))


def current_or_next_meal(session: Session, canteen_id: str, now: datetime, *, by_phone: bool = False) -> MealAt:
    """The meal that has not ended yet: being served, later today, or the first of the next open day.

    `by_phone`: the first whose earlier cut-off has not passed.

    Raises:
        NoMealAhead: no hours within a year.
    """
    today = business_day(now)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for hours in serving(session, canteen_id, day):
            if now < (hours.phone_cutoff_at if by_phone else hours.closes_at):
                return MealAt(
                    day,
                    hours.meal,
                    hours.opens_at,
                    hours.closes_at,
                    hours.phone_cutoff_at,
                    is_serving=hours.opens_at <= now,
                )
    raise NoMealAhead(canteen=canteen_id)


def next_open_days(session: Session, canteen_id: str, start: date, count: int) -> tuple[date, ...]:
    """The first `count` days from `start` on that anything is served; fewer when a year holds fewer."""
    found: list[date] = []
    for ahead in range(LOOK_AHEAD_DAYS):
        if len(found) == count:
            break
        day = start + timedelta(days=ahead)
        if is_open_day(session, canteen_id, day):
            found.append(day)
    return tuple(found)


def hours_from(day: date, meal: str, opens: time, closes: time, phone_cutoff: time) -> MealHours:
    """One row of service hours on a day."""
    return MealHours(MealPeriod(meal), instant(day, opens), instant(day, closes), instant(day, phone_cutoff))
