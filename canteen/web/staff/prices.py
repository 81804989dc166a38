"""Prices of a published menu, changed with a reason; kiosks show the new one at once."""

from datetime import date

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.day_menu import MenuLine, day_menu
from canteen.readmodels.order_days import meal_wanted, order_meals
from canteen.readmodels.window import MealNow
from canteen.usecases.change_price import change_price
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import PRICE_REASONS, price_reason
from menus.errors import PriceMoved
from menus.prices import NewPrice, changes_of

MANAGER = require(Role.MANAGER)


async def _show(desk: StaffDesk, at: MealNow, form: Form | None = None, refusal: Refused | None = None) -> Template:
    menu = await desk.database.read(day_menu, desk.canteen.id, at.day, at.meal)
    wrong = form.errors if form else {}
    typed = (
        {}
        if form is None
        else {f"{kind}-{key}": text for kind in ("price", "half") for key, text in form.numbered(f"{kind}-").items()}
    )
    return desk.page(
        "prices",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        menu=menu,
        meal=at,
        meals=await desk.database.read(order_meals, desk.canteen.id, desk.canteen.kitchen_id, desk.now),
        changes=() if menu.id is None else await desk.database.read(changes_of, menu.id),
        reasons=PRICE_REASONS,
        typed=typed,
        reason=form.raw("reason") if form else "",
        reason_text=form.raw("reason_text") if form else "",
        wrong=wrong,
        refusal=refusal,
        saved=bool(desk.request.query_params.get("saved")) and form is None,
    )


@get("/prices", guards=[MANAGER])
async def prices(desk: NamedDependency[StaffDesk]) -> Template:
    """`?day=` and `?meal=` one of the meals still sold."""
    query = desk.request.query_params
    return await _show(desk, await _meal(desk, query.get("day", ""), query.get("meal", "")))


@post("/prices", guards=[MANAGER], status_code=200)
async def change_prices(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Response[None] | Template:
    """Only what differs is changed; `was-` is the price the page showed."""
    at = await _meal(desk, form.raw("day"), form.raw("meal"))
    reason = price_reason(form)
    menu = await desk.database.read(day_menu, desk.canteen.id, at.day, at.meal)
    wanted = [new for line in menu.items if (new := _new_price(form, line, reason)) is not None]
    if form.errors or not wanted:
        return await _show(desk, at, form)
    try:
        await desk.database.write(
            change_price,
            desk.canteen.kitchen_id,
            wanted,
            now=desk.now,
            actor=desk.actor.ref,
            actor_name=desk.actor.name,
        )
    except PriceMoved as moved:
        return await _show(desk, at, refusal=desk.refused(moved))
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, at, form, desk.refused(error))
    await desk.tell("menu", "orders")
    return Redirect(_address(at.day, at.meal.value), status_code=303)


def _new_price(form: Form, line: MenuLine, reason: str) -> NewPrice | None:
    """What the form says about one line; None when it stays as it is."""
    if f"price-{line.id}" not in form:
        return None
    was = form.whole(f"was-{line.id}", 0, 999_999_999, otherwise=line.price_fen)
    price = form.fen(f"price-{line.id}")
    half = form.fen(f"half-{line.id}") if line.half_price_fen is not None and f"half-{line.id}" in form else None
    was_half = form.whole(f"was-half-{line.id}", 0, 999_999_999, otherwise=line.half_price_fen or 0)
    if price == was and (half is None or half == was_half):
        return None
    return NewPrice(line.id, was, price, half, reason)


async def _meal(desk: StaffDesk, day: str, meal: str) -> MealNow:
    return await desk.database.read(meal_wanted, desk.canteen.id, day, meal, desk.now, around=AROUND_MEAL)


def _address(day: date, meal: str) -> str:
    return f"/staff/prices?day={day.isoformat()}&meal={meal}&saved=1"
