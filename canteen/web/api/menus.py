"""Which canteens there are, and what they serve."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from canteen.readmodels.canteens_today import canteens_today
from canteen.readmodels.day_menu import menu_for_program
from canteen.web.api import answers, worded
from canteen.web.api.access import READERS, at_canteen
from canteen.web.api.desk import Desk
from canteen.web.api.documented import refusals
from canteen.web.security import require
from menus.service_days import MealPeriod

CanteenQuery = Annotated[str | None, QueryParameter(name="canteen", max_length=40, description="Default: the token's.")]


@get("/canteens", guards=[require(*READERS)], tags=["menus"], responses=refusals(), summary="All canteens")
async def list_canteens(desk: NamedDependency[Desk]) -> list[answers.CanteenAnswer]:
    """Every canteen with its hours of today."""
    found = await desk.database.read(canteens_today, desk.clock.now())
    return [
        answers.CanteenAnswer(
            id=one.id,
            name=one.name,
            name_en=one.name_en,
            address=one.address,
            open_to_all=one.open_to_all,
            today=one.today,
            meals=[answers.Meal(meal.meal.value, meal.opens_at, meal.closes_at) for meal in one.meals],
        )
        for one in found
    ]


@get("/menus", guards=[require(*READERS)], tags=["menus"], responses=refusals(404, 409), summary="A menu")
async def show_menu(
    *,
    desk: NamedDependency[Desk],
    canteen: CanteenQuery = None,
    day: Annotated[
        date | None, QueryParameter(name="date", description="Default: of the current or next meal.")
    ] = None,
    meal: Annotated[MealPeriod | None, QueryParameter(name="meal", description="Default: the current or next.")] = None,
) -> answers.MenuAnswer:
    """What a canteen serves at one meal. Menus are public: any token reads any canteen's."""
    at = at_canteen(desk.actor, canteen)
    return worded.menu(await desk.database.read(menu_for_program, at, day, meal, desk.clock.now()))
