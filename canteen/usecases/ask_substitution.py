"""A dish of an order is gone: offer another one. Asking changes nothing of the order."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import store, substitutions
from canteen.orders.errors import OrderNotFound, TooLateToCancel
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.substitutions import SubstitutionView
from canteen.people.sealed import Sealer
from canteen.usecases.steps import clashing, replacing
from menus.errors import SoldOut


@dataclass(frozen=True, slots=True)
class Offer:
    """`offered_id` instead of the line `item_id` of this order."""

    canteen_id: str
    order_id: str
    item_id: int
    offered_id: int


def ask_substitution(
    session: Session, request: Offer, *, now: datetime, actor: str, sealer: Sealer, examples_decide: bool
) -> SubstitutionView:
    """Store the question with what the diner would pay; the same offer again answers the same.

    Another offer takes the place of an unanswered one.

    Raises:
        OrderNotFound: none of this canteen.
        TooLateToCancel: handed over, ended, or the meal is over.
        SubstitutionUnfit: the order does not hold that line, or the line offered is the same.
        menus.errors.SoldOut, NotOnMenu: what is offered is not to be had.
        ClashNotConfirmed: the diner is allergic to it.
    """
    order = store.get(session, request.order_id, lock=True)
    if order.canteen_id != request.canteen_id:
        raise OrderNotFound(order=request.order_id)
    if OrderStatus(order.status) not in OPEN or now >= order.deadline_at:
        raise TooLateToCancel(status=order.status, number=order.pickup_number)
    before = substitutions.open_question(session, order.id)
    if before is not None and (before.item_id, before.offered_id) == (request.item_id, request.offered_id):
        return before
    instead = replacing.meal_instead(session, order, request.item_id, request.offered_id, now=now)
    clashing.check(session, order.resident_id, [line.item for line in instead.coming], sealer, seen=False)
    needed = sum(line.halves for line in instead.coming)
    for line in instead.coming:
        if line.item.sold_out or line.item.left_halves < needed:
            raise SoldOut(line.item.id, line.item.name, 0 if line.item.sold_out else line.item.left_halves // 2)
    quote = replacing.quote_instead(session, order, instead.asked, now=now, examples_decide=examples_decide)
    if before is not None:
        substitutions.lapse(session, order.id, now=now, by=actor)
    question = substitutions.ask(
        session,
        order,
        request.item_id,
        request.offered_id,
        self_pay_fen=quote.self_pay_fen,
        now=now,
        by=actor,
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.substitution-asked",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"self_pay_fen": quote.self_pay_fen},
    )
    return question
