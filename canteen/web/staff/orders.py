"""Putting an order right: undo a hand-over with a reason, cancel what was ordered by mistake, today's list on paper."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.handover_list import Tray, day_list
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.undo_collection import undo_collection
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import UNDO_REASONS, undo_reason
from canteen.web.staff.window import is_in_place, show

Answer = Response[None] | Template


async def _ask(desk: StaffDesk, tray: Tray, *, refusal: Refused | None = None, typed: str = "") -> Template:
    """Why? One tap for the usual reasons; on the window it is asked in place."""
    status = refusal.status if refusal else 200
    if is_in_place(desk):
        return await show(desk, status_code=status, refusal=refusal, undo=tray, reasons=UNDO_REASONS, reason_text=typed)
    return desk.page("undo", status_code=status, refusal=refusal, undo=tray, reasons=UNDO_REASONS, reason_text=typed)


@get("/orders/{order_id:str}/undo")
async def undo_page(order_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """Asks for the reason."""
    return await _ask(desk, await desk.own_tray(order_id))


@post("/orders/{order_id:str}/undo", status_code=200)
async def undo(order_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The meal waits again, until day close."""
    tray = await desk.own_tray(order_id)
    try:
        reason = undo_reason(form)
        await desk.database.write(undo_collection, order_id, reason=reason, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _ask(desk, tray, refusal=desk.refused(error), typed=form.raw("reason_text"))
    await desk.tell("orders")
    return Redirect(f"/staff?undone={order_id}", status_code=303)


@post("/orders/{order_id:str}/cancel", status_code=303)
async def cancel(order_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Response[None]:
    """Only an order that nobody collected; its money goes back the way it came."""
    await desk.own_tray(order_id)
    await desk.database.write(cancel_order, order_id, now=desk.now, actor=desk.actor.ref, reason="at-counter")
    await desk.tell("orders", "menu")
    return Redirect(f"/staff?cancelled={order_id}", status_code=303)


@get("/list")
async def printed_list(desk: NamedDependency[StaffDesk]) -> Template:
    """Who ordered what and owes what, to be worked from when the power is gone."""
    at = await desk.meal()
    lines = await desk.database.read(day_list, desk.canteen.id, at.day, at.meal)
    return desk.page("list", meal=at, lines=lines, now=desk.now)
