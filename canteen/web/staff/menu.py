"""S4, today's dishes: what is left, what is gone. What is set here shows at once on kiosks and phones."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.gone_dishes import gone_dish, held_counts
from canteen.readmodels.menu_admin import planned_menu
from canteen.readmodels.window import MealNow
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.staff.desk import Refused, StaffDesk
from menus.models import MenuStatus
from menus.portions import MOST_PORTIONS

Answer = Response[None] | Template


async def _show(desk: StaffDesk, at: MealNow, form: Form | None = None, refusal: Refused | None = None) -> Template:
    shown = await desk.database.read(planned_menu, desk.canteen.kitchen_id, at.day, at.meal)
    wrong = form.errors if form else {}
    return desk.page(
        "menu",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        menu=shown,
        held={} if shown.id is None else await desk.database.read(held_counts, desk.canteen.id, shown.id),
        meal=at,
        typed=form.numbered("left-") if form else {},
        wrong=wrong,
        refusal=refusal,
        saved=bool(desk.request.query_params.get("saved")),
    )


@get("/menu")
async def menu(desk: NamedDependency[StaffDesk]) -> Template:
    """Every line with what is left."""
    return await _show(desk, await desk.meal())


@post("/menu", status_code=200)
async def save_left(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """What is left as counted: moves the plan by the difference to what the page showed, so sales in between stay."""
    at = await desk.meal()
    change: dict[int, int] = {}
    for key, was in form.numbered("was-").items():
        if all(text.isascii() and text.isdigit() and len(text) <= 9 for text in (key, was)):
            left = form.whole(f"left-{key}", 0, MOST_PORTIONS, otherwise=int(was))
            change[int(key)] = left - int(was)
    if form.errors:
        return await _show(desk, at, form)
    moved = {key: more for key, more in change.items() if more}
    shown = await desk.database.read(planned_menu, desk.canteen.kitchen_id, at.day, at.meal)
    if shown.status is MenuStatus.PUBLISHED and moved:
        plan = MenuPlan(desk.canteen.kitchen_id, at.day, at.meal, shown.with_left(moved), shown.recommended_key)
        try:
            await desk.database.write(plan_menu, plan, now=desk.now, actor=desk.actor.ref)
        except Exception as error:
            if problem_of(error) is None:
                raise
            return await _show(desk, at, form, desk.refused(error))
        await desk.tell("menu", "orders")
    return Redirect("/staff/menu?saved=1", status_code=303)


@post("/menu/{item_id:int}/sold-out", status_code=303)
async def sold_out(
    item_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """卖完了, or back on sale with `sold_out=0`; from the page of dishes to those who still wait for it."""
    change = OnSale(desk.canteen.kitchen_id, item_id, sold_out=form.raw("sold_out") != "0")
    await desk.database.write(set_sold_out, change, now=desk.now, actor=desk.actor.ref)
    await desk.tell("menu", "orders")
    if change.sold_out and "back" not in form:  # in the queue nobody is led away from the window
        dish = await desk.database.read(gone_dish, desk.canteen.id, desk.canteen.kitchen_id, item_id)
        if dish.orders:
            return Redirect(f"/staff/menu/{item_id}/orders", status_code=303)
    return Redirect(local_path(form.raw("back"), "/staff/menu"), status_code=303)
