"""P3: where an order stands, its number and QR, taking it back."""

from urllib.parse import quote

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.pickup import qr
from canteen.readmodels.phone_order import STAGES, PhoneOrder, phone_order
from canteen.usecases.cancel_order import cancel_order
from canteen.web.errors import problem_of
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
    return _page(desk, await _own(desk, order_id))


def _page(desk: PhoneDesk, shown: PhoneOrder, error: Exception | None = None) -> Answer:
    code = qr.svg(shown.code, title=shown.order.pickup_number) if shown.code else ""
    answer = desk.page("order", error=error, shown=shown, order=shown.order, qr=code, stages=STAGES)
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
        return _page(desk, await _own(desk, order_id), error)
    desk.tell("orders", "menu")
    return desk.to(f"/orders/{order_id}?note=cancelled")
