"""P3: where an order stands, its number and QR, taking it back, another dish for one that is gone."""

from dataclasses import replace
from urllib.parse import quote

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.pickup import qr
from canteen.readmodels.gone_dishes import open_question
from canteen.readmodels.phone_order import STAGES, PhoneOrder, phone_order
from canteen.usecases.answer_substitution import Answer as Said
from canteen.usecases.answer_substitution import answer_substitution
from canteen.usecases.cancel_order import cancel_order
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.resident.desk import Answer, PhoneDesk


async def _own(desk: PhoneDesk, order_id: str) -> PhoneOrder:
    return await desk.database.read(
        phone_order,
        desk.canteen.id,
        order_id,
        resident_id=desk.stay.resident_id,
        guest_orders=desk.stay.placed,
        now=desk.now,
        sealer=desk.sealer,
    )


@get("/orders/{order_id:str}")
async def one_order(order_id: FromPath[str], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Another's order answers as one that never was."""
    if desk.visit is None:
        return desk.to("/signin")
    return await _page(desk, await _own(desk, order_id))


async def _page(desk: PhoneDesk, shown: PhoneOrder, error: Exception | None = None) -> Answer:
    code = qr.svg(shown.code, title=shown.order.pickup_number) if shown.code else ""
    question = await desk.database.read(open_question, shown.order.id) if shown.is_open else None
    answer = desk.page("order", error=error, shown=shown, order=shown.order, qr=code, stages=STAGES, question=question)
    answer.headers["X-Number"] = quote(shown.order.pickup_number)
    return answer


@post("/orders/{order_id:str}/cancel", status_code=200)
async def take_back(order_id: FromPath[str], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Until it was handed over or its meal is over; money goes back to the stored value."""
    if desk.visit is None:
        return desk.to("/signin")
    shown = await _own(desk, order_id)
    try:
        await desk.database.write(cancel_order, shown.order.id, now=desk.now, actor=desk.actor, at_counter=False)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, await _own(desk, order_id), error)
    desk.tell("orders", "menu")
    return desk.to(f"/orders/{order_id}?note=cancelled")


@post("/orders/{order_id:str}/instead", status_code=200)
async def answer_question(
    order_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]
) -> Answer:
    """A dish of the order is gone: another one (`answer` yes), or no meal and the money back."""
    if desk.visit is None:
        return desk.to("/signin")
    shown = await _own(desk, order_id)
    question = await desk.database.read(open_question, shown.order.id)
    if question is None or question.id != form.raw("question") or form.raw("answer") not in {"yes", "no"}:
        return desk.to(f"/orders/{order_id}")
    said = Said(question.id, desk.canteen.id, "accepted" if form.raw("answer") == "yes" else "refused", "phone")
    try:
        done = await desk.database.write(
            answer_substitution,
            said,
            now=desk.now,
            actor=desk.actor,
            sealer=desk.sealer,
            examples_decide=desk.settings.demo,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, await _own(desk, order_id), error)
    if shown.order.id in desk.stay.placed and done.order.id not in desk.stay.placed:
        await desk.keep(replace(desk.stay, placed=(*desk.stay.placed, done.order.id)))
    desk.tell("orders", "menu")
    return desk.to(f"/orders/{done.order.id}")
