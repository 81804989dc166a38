"""Which meals can be ordered at the counter in the next seven open days, and which of today can be entered afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.readmodels.window import MealNow, meal_now
from canteen.sites import hours
from canteen.sites.errors import SiteError
from menus.models import Menu, MenuStatus
from menus.service_days import MealPeriod, business_day

DAYS = 7


@dataclass(frozen=True, slots=True)
class OrderMeal:
    """One meal that is still sold; `is_published`: there is something to choose."""

    day: date
    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    is_published: bool


def order_meals(session: Session, canteen_id: str, kitchen_id: str, now: datetime) -> tuple[OrderMeal, ...]:
    """Every meal not over yet, of the next open days. Kiosk, window and counter sell until the meal ends."""
    today = business_day(now)
    days = hours.next_open_days(session, canteen_id, today, DAYS)
    published = {
        tuple(row)
        for row in session.execute(
            select(col(Menu.day), col(Menu.meal)).where(
                col(Menu.kitchen_id) == kitchen_id,
                col(Menu.day).in_(days),
                col(Menu.status) == MenuStatus.PUBLISHED.value,
            )
        )
    }
    return tuple(
        OrderMeal(day, served.meal, served.opens_at, served.closes_at, (day, served.meal.value) in published)
        for day in days
        for served in hours.serving(session, canteen_id, day)
        if now < served.closes_at
    )


def meal_wanted(session: Session, canteen_id: str, day: str, meal: str, now: datetime, *, around: timedelta) -> MealNow:
    """The meal an address asks for; the window's own when it asks for none, or for one that is not served.

    Raises:
        sites.errors.NoMealAhead: the canteen has no hours.
    """
    current = meal_now(session, canteen_id, now, around=around)
    try:
        wanted = hours.meal_hours(session, canteen_id, date.fromisoformat(day), meal)
    except (ValueError, SiteError):
        return current
    on = date.fromisoformat(day)
    if (on, wanted.meal) == (current.day, current.meal):
        return current
    return MealNow(on, wanted.meal, wanted.opens_at, wanted.closes_at, handing_over=False)


def meals_begun(session: Session, canteen_id: str, now: datetime) -> tuple[OrderMeal, ...]:
    """The meals of today that have begun, latest first: what was served without the system."""
    today = business_day(now)
    return tuple(
        OrderMeal(today, served.meal, served.opens_at, served.closes_at, is_published=True)
        for served in reversed(hours.serving(session, canteen_id, today))
        if served.opens_at <= now
    )
