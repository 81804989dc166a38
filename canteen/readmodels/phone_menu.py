"""What can be eaten on the next open days, as a phone shows it: menus, hours, what is left, how to order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session

from canteen.readmodels.day_menu import DayMenu, MenuLine, day_menu
from canteen.sites import hours, places
from canteen.sites.places import CanteenView
from menus.models import MenuStatus
from menus.service_days import business_day

DAYS = 7


@dataclass(frozen=True, slots=True)
class PhoneMeal:
    """One meal of the day. `state`: to come, served now, over; `lines` in courses: set meals, dishes, staples."""

    menu: DayMenu
    state: Literal["ahead", "now", "over"]
    is_published: bool
    sets: tuple[MenuLine, ...]
    dishes: tuple[MenuLine, ...]


@dataclass(frozen=True, slots=True)
class PhoneMenu:
    """`days` are the next open ones, `day` the one shown; no meals when the canteen has no hours."""

    canteen: CanteenView
    days: tuple[date, ...]
    day: date
    today: date
    meals: tuple[PhoneMeal, ...]


def phone_menu(session: Session, canteen_id: str, wanted: date | None, now: datetime) -> PhoneMenu:
    """The menus of `wanted`, or of the first open day that still serves something.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    canteen = places.canteen(session, canteen_id)
    today = business_day(now)
    days = hours.next_open_days(session, canteen_id, today, DAYS)
    day = (
        wanted
        if wanted in days
        else next((d for d in days if d > today or _serves_still(session, canteen_id, now)), today)
    )
    meals = tuple(
        _meal(day_menu(session, canteen_id, day, served.meal), now)
        for served in hours.serving(session, canteen_id, day)
    )
    return PhoneMenu(canteen, days, day, today, meals)


def _serves_still(session: Session, canteen_id: str, now: datetime) -> bool:
    return any(now < served.closes_at for served in hours.serving(session, canteen_id, business_day(now)))


def _meal(menu: DayMenu, now: datetime) -> PhoneMeal:
    state: Literal["ahead", "now", "over"] = "ahead"
    if now >= menu.closes_at:
        state = "over"
    elif now >= menu.opens_at:
        state = "now"
    published = menu.status in {MenuStatus.PUBLISHED, MenuStatus.CLOSED}
    return PhoneMeal(menu, state, published, menu.sets, menu.dishes)


@dataclass(frozen=True, slots=True)
class PhoneChoice:
    """P2: the week, and the meal to choose from (None: nothing is served that day). `can_order`: out, and before the cut-off."""

    week: PhoneMenu
    meal: PhoneMeal | None
    can_order: bool


def phone_choice(
    session: Session, canteen_id: str, wanted: date | None, wanted_meal: str, now: datetime
) -> PhoneChoice:
    """The meal asked for; else the first of that day that phones may still order; without a day, of the first such day.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    if wanted is None:
        wanted = _first_to_order(session, canteen_id, now)
    week = phone_menu(session, canteen_id, wanted, now)
    can = {meal.menu.meal: meal.is_published and now < meal.menu.phone_cutoff_at for meal in week.meals}
    shown = next((meal for meal in week.meals if meal.menu.meal == wanted_meal), None)
    shown = shown or next((meal for meal in week.meals if can[meal.menu.meal]), None)
    shown = shown or next(iter(week.meals), None)
    return PhoneChoice(week, shown, shown is not None and bool(shown.menu.items) and can[shown.menu.meal])


def _first_to_order(session: Session, canteen_id: str, now: datetime) -> date | None:
    """The first day with a menu that is out and not past its cut-off."""
    for day in hours.next_open_days(session, canteen_id, business_day(now), DAYS):
        for served in hours.serving(session, canteen_id, day):
            if now < served.phone_cutoff_at and day_menu(session, canteen_id, day, served.meal).items:
                return day
    return None
