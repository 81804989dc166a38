"""A meal of today that was served without the system: written down afterwards by the manager, with a reason."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders import idempotency, store
from canteen.orders.errors import NotServedYet, OrderNotFound, ReasonMissing
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.store import OrderView
from canteen.payments.errors import MethodUnknown
from canteen.people.sealed import Sealer
from canteen.pickup.errors import OrderEnded
from canteen.readmodels.quote import LineWish, MealWish, decide_meal, read_meal
from canteen.sites import hours
from canteen.usecases.steps import collecting, placing, settling
from menus import portions
from menus.service_days import business_day
from subsidies.ledger import Entry, post


@dataclass(frozen=True, slots=True)
class LateMeal:
    """One row of the paper list. `lines` count only where no order of this person waits."""

    canteen_id: str
    day: date
    meal: str
    resident_id: str | None
    lines: tuple[LineWish, ...]
    method: str
    """cash · later · wallet."""
    reason: str
    key: str
    order_id: str | None = None
    """The order that waited and was handed out from the paper list."""
    another: bool = False
    """A second meal on purpose, although the first was handed over."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the row; fen. `was_ordered`: an order that waited was handed over."""

    order: OrderView
    was_ordered: bool


def enter_late(
    session: Session,
    request: LateMeal,
    *,
    now: datetime,
    actor: str,
    actor_name: str,
    sealer: Sealer,
    examples_decide: bool,
) -> Entered:
    """Order, money and hand-over in one transaction, by the same rules as at the window; the reason marks the order.

    Raises:
        ReasonMissing: no reason in words.
        NotServedYet: another day, or a meal that has not begun.
        pickup.errors.AlreadyCollected: this person's meal was handed over, and `another` is false.
        orders.errors.EmptyOrder, KeyReused; menus.errors.NotOnMenu; payments.errors.WalletShort, DueAlreadyOpen; …
    """
    if not request.reason.strip():
        raise ReasonMissing()
    if request.method not in {"cash", "later", "wallet"}:
        raise MethodUnknown(method=request.method)
    if request.resident_id is not None:
        hold(session, f"window {request.resident_id}")
    body = idempotency.fingerprint(request)
    kept = idempotency.first_answer(session, actor, request.key, body)
    if kept is not None:
        return Entered(store.get(session, kept.decode()), was_ordered=False)
    served = hours.meal_hours(session, request.canteen_id, request.day, request.meal)
    if request.day != business_day(now) or now < served.opens_at:
        raise NotServedYet(day=request.day.isoformat(), meal=request.meal)
    waiting = _waiting(session, request)
    entries: list[Entry] = []
    if waiting is None:
        order, entries = _make(session, request, now=now, actor=actor, sealer=sealer, examples_decide=examples_decide)
    else:
        order = _mark(session, waiting, request.reason.strip())
    if order.owed_fen and order.method != "later":
        order, paid = settling.settle(
            session, order, method=request.method, later_reason=request.reason, now=now, actor=actor
        )
        entries += paid
    entries.append(
        collecting.hand_over(session, order, how="offline", now=now, actor=actor, actor_name=actor_name, device_id=None)
    )
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="meal.entered-late",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"method": request.method, "ordered_before": waiting is not None},
    )
    idempotency.keep(session, actor, request.key, body, order_id=order.id, answer=order.id.encode(), now=now)
    return Entered(store.get(session, order.id), was_ordered=waiting is not None)


def _waiting(session: Session, request: LateMeal) -> OrderView | None:
    if request.order_id is not None:
        return _named(session, request, request.order_id)
    if request.resident_id is None:
        return None
    mine = [
        order
        for order in store.of_meal(session, day=request.day, meal=request.meal, resident_id=request.resident_id)
        if order.canteen_id == request.canteen_id
    ]
    waiting = [order for order in mine if OrderStatus(order.status) in OPEN]
    done = [order for order in mine if order.status == OrderStatus.COLLECTED]
    if done and not request.another:
        raise collecting.already_collected(session, done[-1])
    if not waiting:
        return None
    collecting.refuse_unanswered(session, waiting[0])
    return waiting[0]


def _named(session: Session, request: LateMeal, order_id: str) -> OrderView:
    order = store.get(session, order_id, lock=True)
    if (order.canteen_id, order.day, order.meal) != (request.canteen_id, request.day, request.meal):
        raise OrderNotFound(order=order_id)
    if order.status == OrderStatus.COLLECTED:
        raise collecting.already_collected(session, order)
    if OrderStatus(order.status) not in OPEN:
        raise OrderEnded(number=order.pickup_number, status=order.status)
    collecting.refuse_unanswered(session, order)
    return order


def _mark(session: Session, order: OrderView, reason: str) -> OrderView:
    session.execute(
        update(MealOrder.__table__)  # type: ignore[attr-defined]
        .where(col(MealOrder.id) == order.id)
        .values(offline_reason=reason)
    )
    return replace(order, offline_reason=reason)


def _make(
    session: Session, request: LateMeal, *, now: datetime, actor: str, sealer: Sealer, examples_decide: bool
) -> tuple[OrderView, list[Entry]]:
    wish = MealWish(request.canteen_id, request.day, request.meal, request.resident_id, request.lines, "window")
    asked = read_meal(session, wish, now=now, eaten=True)
    portions.take_eaten(session, [(line.item.id, line.halves) for line in asked.lines])
    quote = decide_meal(session, asked, now=now, examples_decide=examples_decide, lock=True)
    placed = placing.place(
        session,
        quote,
        method="wallet" if request.method == "wallet" else "cash",
        now=now,
        actor=actor,
        sealer=sealer,
        offline_reason=request.reason.strip(),
    )
    return placed.order, list(placed.entries)
