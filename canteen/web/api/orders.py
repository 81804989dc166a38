"""Quotes and orders: place, look, pay, take back."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from canteen.events import CanteenChanged
from canteen.orders.idempotency import LONGEST_KEY, InProgress, check_key
from canteen.people.models import Role
from canteen.readmodels.program_order import check_reach, program_order
from canteen.readmodels.program_quote import program_quote
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.pay_order import pay_order
from canteen.usecases.place_order import place_order
from canteen.web.api import answers, worded
from canteen.web.api.access import ORDERERS, READERS, WINDOW, at_own_canteen, audits, reach
from canteen.web.api.bodies import CancelBody, OrderBody, PaymentBody, QuoteBody
from canteen.web.api.desk import ApiRequest, Desk
from canteen.web.api.documented import refusals
from canteen.web.api.strict_body import StrictBody
from canteen.web.language import language_of
from canteen.web.security import require

_WORKING = InProgress()
"""Of this process: what is asked again while it is being done is told to wait."""
Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description=f"1 to {LONGEST_KEY} characters, new for each order. The same key and body again get the first answer"
        " with the header `Idempotency-Replayed: true`; the same key with another body 422, one still being worked on 409.",
    ),
]


@post(
    "/quotes",
    dto=StrictBody[QuoteBody],
    return_dto=None,
    guards=[require(*READERS)],
    tags=["orders"],
    status_code=200,
    responses=refusals(404, 409, 413, 422),
    summary="What a meal would cost",
)
async def make_quote(
    *,
    request: ApiRequest,
    data: JSONBody[QuoteBody],
    desk: NamedDependency[Desk],
) -> answers.QuoteAnswer:
    """Price, shares and self-pay of a meal for one diner. Nothing is reserved."""
    at_own_canteen(desk.actor, data.canteen)
    made = await desk.database.read(
        program_quote,
        data.wish(),
        data.card,
        now=desk.clock.now(),
        sealer=desk.sealer,
        examples_decide=desk.settings.demo,
    )
    return worded.quote(made, language_of(request))


@post(
    "/orders",
    dto=StrictBody[OrderBody],
    return_dto=None,
    guards=[require(*ORDERERS)],
    tags=["orders"],
    status_code=201,
    responses=refusals(404, 409, 413, 422),
    summary="Place an order",
)
async def make_order(
    *,
    request: ApiRequest,
    data: JSONBody[OrderBody],
    desk: NamedDependency[Desk],
    key: Key = None,
) -> Response[answers.OrderAnswer]:
    """Portions, counters, budget, money and books in one transaction; once per key."""
    checked = check_key(key)
    at_own_canteen(desk.actor, data.canteen)
    wanted = data.order(checked)
    now = desk.clock.now()
    with _WORKING.working_on(desk.actor.ref, checked):
        placed = await desk.database.write(
            place_order, wanted, now=now, actor=desk.actor.ref, sealer=desk.sealer, examples_decide=desk.settings.demo
        )
    replayed = placed.placed_at != now
    if not replayed:
        desk.events.publish(CanteenChanged(placed.canteen, "orders"))
    return Response(
        worded.placed(placed, language_of(request)),
        headers={"Location": f"/api/v1/orders/{placed.id}", **({"Idempotency-Replayed": "true"} if replayed else {})},
    )


@get(
    "/orders/{order_id:str}",
    guards=[require(*READERS)],
    tags=["orders"],
    responses=refusals(404),
    summary="An order",
)
async def show_order(
    request: ApiRequest,
    order_id: FromPath[str],
    desk: NamedDependency[Desk],
) -> answers.OrderStateAnswer:
    """Where it stands, decided again from the facts frozen on it."""
    found = await desk.database.read(program_order, order_id, reach(desk.actor), sealer=desk.sealer)
    return worded.order(found, language_of(request), for_audit=audits(desk.actor))


@post(
    "/orders/{order_id:str}/payments",
    dto=StrictBody[PaymentBody],
    return_dto=None,
    guards=[require(*WINDOW)],
    tags=["orders"],
    status_code=200,
    responses=refusals(404, 409, 413, 422),
    summary="Take what is owed",
)
async def make_payment(
    *,
    request: ApiRequest,
    order_id: FromPath[str],
    data: JSONBody[PaymentBody],
    desk: NamedDependency[Desk],
) -> answers.OrderStateAnswer:
    """Cash that was taken, or the wallet after all. Paying twice is refused."""
    await desk.database.read(check_reach, order_id, reach(desk.actor))
    paid = await desk.database.write(
        pay_order, order_id, method=data.method, fen=data.fen, now=desk.clock.now(), actor=desk.actor.ref
    )
    desk.events.publish(CanteenChanged(paid.canteen_id, "orders"))
    found = await desk.database.read(program_order, order_id, reach(desk.actor), sealer=desk.sealer)
    return worded.order(found, language_of(request), for_audit=False)


@post(
    "/orders/{order_id:str}/cancel",
    dto=StrictBody[CancelBody],
    return_dto=None,
    guards=[require(*ORDERERS)],
    tags=["orders"],
    status_code=200,
    responses=refusals(404, 409, 413),
    summary="Take an order back",
)
async def make_cancellation(
    *,
    request: ApiRequest,
    order_id: FromPath[str],
    desk: NamedDependency[Desk],
    data: JSONBody[CancelBody | None] = None,
) -> answers.OrderStateAnswer:
    """Before its hand-over: portions and counters are free again, money goes back. Cancelling again changes nothing."""
    await desk.database.read(check_reach, order_id, reach(desk.actor))
    reason = data.reason if data is not None else "asked"
    ended = await desk.database.write(
        cancel_order,
        order_id,
        now=desk.clock.now(),
        actor=desk.actor.ref,
        reason=reason,
        at_counter=desk.actor.role is not Role.KIOSK,
    )
    desk.events.publish(CanteenChanged(ended.canteen_id, "orders"))
    found = await desk.database.read(program_order, order_id, reach(desk.actor), sealer=desk.sealer)
    return worded.order(found, language_of(request), for_audit=False)
