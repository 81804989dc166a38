"""Hand a meal over: by code, card or number; exactly once; cash in the same tap when it is still owed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import idempotency, store, substitutions
from canteen.orders.errors import NotPaid
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.store import LineView, OrderView
from canteen.people import cards
from canteen.people.sealed import Sealer
from canteen.pickup import codes
from canteen.pickup.errors import (
    Ambiguous,
    CodeUnknown,
    NoMealNow,
    OrderEnded,
    OtherCanteen,
    OtherMeal,
)
from canteen.sites import places
from canteen.usecases.steps import collecting, settling
from subsidies.ledger import Entry, post


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the window read: 20 digits of a code, a card, or a number like `A 23` (blank and case do not matter)."""

    text: str
    canteen_id: str
    take_cash: bool = False
    """Staff tapped 「收 6 元」: what is owed is taken in cash now."""
    later_reason: str = ""
    """Serve now, collect the money later, because …"""
    device_id: str | None = None
    key: str = ""
    """Kept with the order when given: whoever did not hear the answer asks again with it."""


@dataclass(frozen=True, slots=True)
class Tray:
    """What to put on the tray. `resident_id` is for the caller to show a shortened name; None for a guest."""

    order: OrderView
    lines: tuple[LineView, ...]
    resident_id: str | None
    cash_taken_fen: int


def collect_meal(
    session: Session, request: HandOver, *, now: datetime, actor: str, actor_name: str, sealer: Sealer
) -> Tray:
    """Find the order, take cash if told to, hand it over, and earn its subsidy in the books.

    Raises:
        pickup.errors.CodeUnknown, OtherCanteen, OtherMeal, OrderEnded, Ambiguous: nothing to hand over here.
        pickup.errors.AlreadyCollected: says when and by whom.
        orders.errors.SubstitutionOpen: a dish is gone and the diner has not said whether another will do.
        orders.errors.NotPaid: `due_fen` is owed and nobody took it.
        people.errors.CardUnknown, CardStopped.
    """
    order, how, carrier = _find(session, request, now=now, sealer=sealer)
    _refuse_unfit(session, order, request.canteen_id, now=now)
    entries: list[Entry] = []
    taken = 0
    if order.owed_fen and order.method != "later":
        if not (request.take_cash or request.later_reason):
            raise NotPaid(due_fen=order.owed_fen, number=order.pickup_number, order=order.id)
        method = "later" if request.later_reason else "cash"
        order, more = settling.settle(
            session, order, method=method, later_reason=request.later_reason, now=now, actor=actor
        )
        entries += more
        taken = sum(leg.fen for entry in more for leg in entry.legs if leg.account == "1000")
    entries.append(
        collecting.hand_over(
            session,
            order,
            how=how,
            now=now,
            actor=actor,
            actor_name=actor_name,
            device_id=request.device_id,
            taken_by=carrier or order.fetcher_id,
        )
    )
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="meal.collected",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"how": how, "cash_fen": taken},
    )
    if request.key:
        idempotency.keep(session, actor, request.key, "", order_id=order.id, answer=order.id.encode(), now=now)
    return Tray(store.get(session, order.id), store.lines(session, order.id), order.resident_id, taken)


def _find(session: Session, request: HandOver, *, now: datetime, sealer: Sealer) -> tuple[OrderView, str, str | None]:
    text = "".join(request.text.split()).upper()
    if codes.looks_like_code(text):
        order = store.by_code(session, sealer.index("pickup", text))
        if order is None:
            raise CodeUnknown(what="code")
        return substitutions.standing(session, order), "code", None
    current = collecting.meal_at_window(session, request.canteen_id, now)
    if current is None:
        raise NoMealNow(canteen=request.canteen_id)
    day, meal = current
    if text.isascii() and text[:1].isalpha() and text[1:].isdigit() and len(text) <= 4:
        found = store.of_meal(
            session,
            day=day,
            meal=meal,
            canteen_id=request.canteen_id,
            number=f"{text[0]} {int(text[1:]):02d}",
        )
        if not found:
            raise CodeUnknown(what="number")
        # an order replaced by another one leaves it its number
        return next((one for one in found if OrderStatus(one.status) in OPEN), found[-1]), "number", None
    card = cards.find_active(session, text)
    mine = store.of_meal(session, day=day, meal=meal, resident_id=card.resident_id)
    here = [order for order in mine if order.canteen_id == request.canteen_id] or mine
    waiting = [order for order in here if OrderStatus(order.status) in OPEN]
    if len(waiting) > 1:
        raise Ambiguous(numbers="、".join(order.pickup_number for order in waiting))
    chosen = waiting or [order for order in here if order.status == OrderStatus.COLLECTED] or here
    if not waiting:
        # nothing of their own: perhaps they fetch for somebody who named them
        fetched = store.of_meal(session, day=day, meal=meal, fetcher_id=card.resident_id, only_open=True)
        carried = [order for order in fetched if order.canteen_id == request.canteen_id]
        if len(carried) > 1:
            raise Ambiguous(numbers="、".join(order.pickup_number for order in carried))
        if carried:
            return carried[0], "card", card.resident_id
    if not chosen:
        raise CodeUnknown(what="card")
    return chosen[-1], "card", None


def _refuse_unfit(session: Session, order: OrderView, canteen_id: str, *, now: datetime) -> None:
    if order.canteen_id != canteen_id:
        raise OtherCanteen(canteen=places.canteen(session, order.canteen_id).name, number=order.pickup_number)
    if order.status == OrderStatus.COLLECTED:
        raise collecting.already_collected(session, order)
    if (order.day, order.meal) != collecting.meal_at_window(session, canteen_id, now):
        raise OtherMeal(number=order.pickup_number, day=order.day.isoformat(), meal=order.meal, status=order.status)
    if OrderStatus(order.status) not in OPEN:
        raise OrderEnded(number=order.pickup_number, status=order.status)
    collecting.refuse_unanswered(session, order)
