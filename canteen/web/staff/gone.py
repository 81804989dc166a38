"""A dish is gone: who still waits for it, what they are offered instead, what they said."""

from typing import Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.gone_dishes import gone_dish
from canteen.usecases.answer_substitution import Answer, answer_substitution
from canteen.usecases.ask_substitution import Offer, ask_substitution
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.staff.desk import Refused, StaffDesk

ANSWERS: dict[str, Literal["accepted", "refused", "lapsed"]] = {
    "yes": "accepted",
    "no": "refused",
    "back": "lapsed",
}


async def _show(desk: StaffDesk, item_id: int, *, refusal: Refused | None = None, order_id: str = "") -> Template:
    shown = await desk.database.read(gone_dish, desk.canteen.id, desk.canteen.kitchen_id, item_id)
    return desk.page(
        "gone",
        status_code=refusal.status if refusal else 200,
        dish=shown,
        refusal=refusal,
        about=order_id,
        done=desk.request.query_params.get("done", "") if refusal is None else "",
    )


@get("/menu/{item_id:int}/orders")
async def gone(item_id: FromPath[int], desk: NamedDependency[StaffDesk]) -> Template:
    """The open orders that hold this line."""
    return await _show(desk, item_id)


@post("/menu/{item_id:int}/orders", status_code=200)
async def ask(
    item_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None] | Template:
    """Note what is offered to one diner; the order stays as it is."""
    order_id, offered = form.raw("order"), form.whole("offered", 1, 999_999_999)
    if form.errors or not order_id:
        return await _show(desk, item_id)
    await desk.own_tray(order_id)
    try:
        await desk.database.write(
            ask_substitution,
            Offer(desk.canteen.id, order_id, item_id, offered),
            now=desk.now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
            examples_decide=desk.examples_decide,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, item_id, refusal=desk.refused(error), order_id=order_id)
    await desk.tell("orders")
    return Redirect(f"/staff/menu/{item_id}/orders", status_code=303)


@post("/substitutions/{substitution_id:str}", status_code=303)
async def answer(
    substitution_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """`answer`: yes, no, or back (the question is withdrawn); `how`: phone or window."""
    said = ANSWERS.get(form.raw("answer"), "lapsed")
    done = await desk.database.write(
        answer_substitution,
        Answer(
            substitution_id,
            desk.canteen.id,
            said,
            "window" if form.raw("how") == "window" else "phone",
            device_id=desk.device_id,
        ),
        now=desk.now,
        actor=desk.actor.ref,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )
    await desk.tell("orders", "menu")
    back = local_path(form.raw("back"), "/staff/menu")
    if back == "/staff":
        shown = "cancelled" if said == "refused" else "ordered"
        return Redirect(f"/staff?{shown}={done.order.id}", status_code=303)
    return Redirect(f"{back}?done={form.raw('answer')}", status_code=303)
