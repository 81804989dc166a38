"""After a meal: unpaid orders expire, paid but unfetched ones become not collected. Idempotent, in small transactions."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.orders import store
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.store import OrderView
from canteen.sites import places
from canteen.usecases.steps import collecting, ending, legs
from subsidies.ledger import Entry, post

AT_ONCE = 8
"""Orders ended in one transaction: no write longer than 50 ms, or every kiosk freezes behind it."""


def end_orders(session: Session, *, now: datetime, actor: str = "job:end-orders") -> int:
    """End up to `AT_ONCE` orders whose meal is over; returns how many. Call again until it answers 0."""
    due = session.execute(
        select(col(MealOrder.id))
        .where(
            col(MealOrder.status).in_([status.value for status in OPEN]),
            col(MealOrder.deadline_at) <= now - collecting.AROUND_MEAL,
        )
        .order_by(col(MealOrder.canteen_id), col(MealOrder.id))
        .limit(AT_ONCE)
    ).scalars()
    count = 0
    for order_id in due.all():
        order = store.get(session, order_id, lock=True)
        if OrderStatus(order.status) in OPEN:  # another process may have been quicker
            _end(session, order, now=now, actor=actor)
            count += 1
    return count


def _end(session: Session, order: OrderView, *, now: datetime, actor: str) -> None:
    canteen = places.canteen(session, order.canteen_id)
    paid = order.status != OrderStatus.PLACED
    wanted = OrderStatus.NOT_COLLECTED if paid else OrderStatus.EXPIRED
    reason = "not-collected" if paid else "not-paid"
    kept = order.paid_fen * canteen.no_show_forfeit_percent // 100
    entries = ending.end(session, order, wanted, reason=reason, now=now, actor=actor, to_wallet=True, kept_fen=kept)
    if kept:
        entries.append(
            Entry(
                key=f"forfeit:{order.id}",
                canteen_id=order.canteen_id,
                kind="forfeit",
                subject=f"order:{order.id}",
                effective_date=order.day,
                legs=legs.moved("2100", "4030", kept),
                actor=actor,
                reason=reason,
            )
        )
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action=f"order.{wanted.value.replace('_', '-')}",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"returned_fen": order.paid_fen - kept, "kept_fen": kept},
    )
