"""The diner has answered whether another dish will do: the order is replaced, cancelled, or left as it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import store, substitutions
from canteen.orders.errors import SubstitutionAnswered
from canteen.orders.status import OrderStatus
from canteen.orders.store import OrderView
from canteen.orders.substitutions import SubstitutionView
from canteen.people.sealed import Sealer
from canteen.usecases.steps import ending, replacing
from subsidies.ledger import Entry, post


@dataclass(frozen=True, slots=True)
class Answer:
    """`lapsed`: the question is taken back, the order stays."""

    substitution_id: str
    canteen_id: str
    answer: Literal["accepted", "refused", "lapsed"]
    how: Literal["phone", "window"]
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The order that counts now, and what was given back at once; fen."""

    order: OrderView
    state: str
    returned_fen: int


def answer_substitution(
    session: Session, request: Answer, *, now: datetime, actor: str, sealer: Sealer, examples_decide: bool
) -> Answered:
    """Store the answer and do what it says, in one transaction; the same answer again changes nothing.

    Accepted: as `replacing.replace_order`. Refused: cancelled, all money back.

    Raises:
        SubstitutionAnswered: answered otherwise, lapsed, or no such question here.
        PriceChanged: it would cost another sum than was told; asking again gives a fresh one.
        menus.errors.SoldOut; orders.errors.OrderingClosed: what was offered is not to be had any more.
    """
    question = substitutions.find(session, request.substitution_id, request.canteen_id)
    order = store.get(session, question.order_id, lock=True)
    question = substitutions.find(session, request.substitution_id, request.canteen_id)  # as it is under the lock
    if question.state != "asked":
        if question.state != request.answer:
            raise SubstitutionAnswered(state=question.state)
        return Answered(store.get(session, question.new_order_id or order.id), question.state, 0)
    stands, returned, entries = _do(
        session, request, order, question, now=now, actor=actor, sealer=sealer, examples_decide=examples_decide
    )
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action=f"order.substitution-{request.answer}",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"returned_fen": returned, "replaced_by": stands.id if stands.id != order.id else None},
    )
    return Answered(store.get(session, stands.id), request.answer, returned)


def _do(
    session: Session,
    request: Answer,
    order: OrderView,
    question: SubstitutionView,
    *,
    now: datetime,
    actor: str,
    sealer: Sealer,
    examples_decide: bool,
) -> tuple[OrderView, int, list[Entry]]:
    """The order that stands, what went back, what is to be booked."""
    at_window = request.how == "window"
    if request.answer == "accepted":
        replaced = replacing.replace_order(
            session,
            order,
            question,
            at_window=at_window,
            now=now,
            actor=actor,
            sealer=sealer,
            examples_decide=examples_decide,
            device_id=request.device_id,
        )
        substitutions.answer(
            session, question.id, "accepted", how=request.how, now=now, by=actor, new_order_id=replaced.order.id
        )
        return replaced.order, replaced.returned_fen, list(replaced.entries)
    substitutions.answer(session, question.id, request.answer, how=request.how, now=now, by=actor)
    if request.answer == "lapsed":
        return order, 0, []
    entries = ending.end(
        session,
        order,
        OrderStatus.CANCELLED,
        reason="dish-gone",
        now=now,
        actor=actor,
        to_wallet=not at_window,
    )
    return order, order.paid_fen, entries
