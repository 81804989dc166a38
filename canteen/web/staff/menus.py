"""The manager's menus: the days ahead, one meal's plan, publishing it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.menu_admin import PlannedMenu, menu_choices, menu_days, planned_menu
from canteen.readmodels.takeovers import Takeover, from_day
from canteen.sites import hours
from canteen.usecases.fill_menu import ToFill, fill_menu
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.menu_lines import which
from menus.dishes import MOST_FEN
from menus.models import MenuStatus
from menus.planning import PlannedLine
from menus.portions import MOST_PORTIONS
from menus.service_days import MealPeriod

Answer = Response[None] | Template
MANAGER = require(Role.MANAGER)


@get("/menus", guards=[MANAGER])
async def menus(desk: NamedDependency[StaffDesk]) -> Template:
    """Every meal of the next seven open days."""
    days = await desk.database.read(menu_days, desk.canteen.id, desk.canteen.kitchen_id, desk.now)
    return desk.page("menus", days=days)


@get("/menus/{day:str}/{meal:str}", guards=[MANAGER])
async def one_menu(day: FromPath[str], meal: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """One meal: portions, a line more, publishing."""
    return await _show(desk, *which(day, meal))


@post("/menus/{day:str}/{meal:str}", guards=[MANAGER], status_code=200)
async def change_menu(
    day: FromPath[str], meal: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Answer:
    """`do`: save the portions, add a dish, copy the last menu, publish what is saved."""
    on, period = which(day, meal)
    shown = await desk.database.read(planned_menu, desk.canteen.kitchen_id, on, period)
    try:
        if form.raw("do") == "copy":
            return await _copy(desk, shown)
        plan = await _planned(desk, form, shown)
        if form.errors:
            return await _show(desk, on, period, form=form)
        recommended = form.raw("recommended") or shown.recommended_key
        if recommended not in {line.key for line in plan}:
            recommended = None
        await desk.database.write(
            plan_menu,
            MenuPlan(desk.canteen.kitchen_id, on, period, plan, recommended),
            now=desk.now,
            actor=desk.actor.ref,
        )
        if form.raw("do") == "publish":
            meant = MenuOf(desk.canteen.kitchen_id, on, period)
            await desk.database.write(publish_menu, meant, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, on, period, form=form, refusal=desk.refused(error))
    await desk.tell("menu", "orders")
    done = "published" if form.raw("do") == "publish" else "saved"
    return Redirect(f"/staff/menus/{day}/{meal}?{done}=1", status_code=303)


async def _copy(desk: StaffDesk, shown: PlannedMenu) -> Answer:
    """The last menu of this meal, where nothing is planned yet."""
    choices = await desk.database.read(menu_choices, desk.canteen.kitchen_id, shown)
    if shown.lines or choices.latest is None:
        return await _show(desk, shown.day, shown.meal)
    taken = await desk.database.read(from_day, desk.canteen, shown.day, shown.meal, source=choices.latest, now=desk.now)
    plan = MenuPlan(desk.canteen.kitchen_id, shown.day, shown.meal, taken.lines, taken.recommended)
    await desk.database.write(fill_menu, ToFill(plan, taken.later), now=desk.now, actor=desk.actor.ref)
    await desk.tell("menu")
    return await _show(desk, shown.day, shown.meal, taken=taken)


async def _planned(desk: StaffDesk, form: Form, shown: PlannedMenu) -> tuple[PlannedLine, ...]:
    """The plan the form describes; marks wrong fields in it."""
    portions = {
        line.item_id: form.whole(f"portions-{line.item_id}", 0, MOST_PORTIONS, otherwise=line.portions)
        for line in shown.lines
    }
    plan = shown.planned(portions)
    if shown.status is MenuStatus.DRAFT:
        plan = _at_prices(form, shown, plan)
    if form.raw("do") != "add":
        return plan
    choices = await desk.database.read(menu_choices, desk.canteen.kitchen_id, shown)
    dish = next((dish for dish in choices.dishes if dish.key == form.raw("dish")), None)
    count = form.whole("dish_portions", 1, MOST_PORTIONS)
    if dish is None:
        form.refuse("dish", "forms.choice")
        return plan
    return (*plan, PlannedLine("dish", dish.key, count))


def _at_prices(form: Form, shown: PlannedMenu, plan: tuple[PlannedLine, ...]) -> tuple[PlannedLine, ...]:
    """A draft's own prices, where the form holds them."""
    prices: dict[tuple[str, str], int] = {}
    for line in shown.lines:
        field = f"price-{line.item_id}"
        if form.raw(field).strip():
            prices[line.kind, line.key] = form.fen(field)
            if field not in form.errors and not 0 < prices[line.kind, line.key] <= MOST_FEN:
                form.refuse(field, "forms.price")
    return tuple(replace(line, price_fen=prices.get((line.kind, line.key), line.price_fen)) for line in plan)


async def _show(
    desk: StaffDesk,
    on: date,
    period: MealPeriod,
    *,
    form: Form | None = None,
    refusal: Refused | None = None,
    taken: Takeover | None = None,
) -> Template:
    typed: Mapping[str, str] = form.numbered("portions-") if form else {}
    wrong = form.errors if form else {}
    query = desk.request.query_params
    meals = await desk.database.read(hours.serving, desk.canteen.id, on)
    menu = await desk.database.read(planned_menu, desk.canteen.kitchen_id, on, period)
    return desk.page(
        "menu_plan",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        menu=menu,
        choices=await desk.database.read(menu_choices, desk.canteen.kitchen_id, menu),
        typed=typed,
        prices=form.numbered("price-") if form else {},
        served=next((served for served in meals if served.meal is period), None),
        top_up={name: query.get(name, "")[:80] for name in ("wrong", "line", "at", "more")},
        too_late=bool(query.get("too-late")),
        dish=form.raw("dish") if form else "",
        dish_portions=form.raw("dish_portions") if form else "",
        wrong=wrong,
        refusal=refusal,
        taken=taken,
        done="published" if query.get("published") else "saved" if query.get("saved") else "",
    )
