"""The week on paper: what is published, meal by meal and day by day. Public: prices of the list, nothing of anybody."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from canteen.readmodels.day_menu import DayMenu, day_menu
from canteen.sites import hours, places
from canteen.sites.places import CanteenView
from menus.cycle import DAYS, monday_of
from menus.diet import ALLERGENS
from menus.models import MenuStatus
from menus.service_days import MEAL_ORDER, MealPeriod

SHOWN = frozenset({MenuStatus.PUBLISHED, MenuStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One meal of one day. `menu` None: not published, or (`is_open` False) nothing is served."""

    day: date
    is_open: bool
    menu: DayMenu | None


@dataclass(frozen=True, slots=True)
class SheetMeal:
    """One page of paper: a meal on seven days."""

    meal: MealPeriod
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class WeekSheet:
    """`meals` without a single published day are left out; `allergens` are those on the sheet."""

    canteen: CanteenView
    monday: date
    meals: tuple[SheetMeal, ...]
    allergens: tuple[str, ...]


def week_sheet(session: Session, canteen_id: str, day: date) -> WeekSheet:
    """The week of `day`.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    canteen = places.canteen(session, canteen_id)
    monday = monday_of(day)
    days = [monday + timedelta(days=ahead) for ahead in range(DAYS)]
    served = {on: {one.meal for one in hours.serving(session, canteen_id, on)} for on in days}
    meals = []
    for meal in sorted({one for meals_of in served.values() for one in meals_of}, key=MEAL_ORDER.__getitem__):
        cells = tuple(
            SheetCell(on, meal in served[on], _published(session, canteen_id, on, meal) if meal in served[on] else None)
            for on in days
        )
        if any(cell.menu for cell in cells):
            meals.append(SheetMeal(meal, cells))
    used = {
        key
        for meal_of in meals
        for cell in meal_of.cells
        if cell.menu
        for item in cell.menu.items
        for key in item.allergens
    }
    return WeekSheet(canteen, monday, tuple(meals), tuple(key for key in ALLERGENS if key in used))


def _published(session: Session, canteen_id: str, day: date, meal: MealPeriod) -> DayMenu | None:
    menu = day_menu(session, canteen_id, day, meal)
    return menu if menu.status in SHOWN and menu.items else None
