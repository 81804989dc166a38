"""Undo a hand-over, with a reason, until the day is closed, at the latest until it ends."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from canteen.audit import log
from canteen.orders import store
from canteen.orders.errors import ReasonMissing
from canteen.orders.status import OrderStatus, advance
from canteen.orders.store import OrderView
from canteen.payments.errors import DuePaid
from canteen.payments.models import Due
from canteen.payments.shifts import closed_since
from canteen.pickup.errors import NotCollected, UndoTooLate
from canteen.pickup.models import Collection
from canteen.usecases.steps import collecting, reservations
from menus.service_days import business_day
from subsidies.ledger import Entry, post, posted_legs


def undo_collection(session: Session, order_id: str, *, reason: str, now: datetime, actor: str) -> OrderView:
    """Take a hand-over back: what was earned is reserved again, by the negative of what was posted.

    Raises:
        ReasonMissing: no reason in words.
        NotCollected: there is nothing to undo.
        UndoTooLate: its business day is over, or was closed since.
        payments.errors.DuePaid: served on credit and paid since.
    """
    if not reason.strip():
        raise ReasonMissing()
    order = store.get(session, order_id, lock=True)
    if order.status != OrderStatus.COLLECTED:
        raise NotCollected(number=order.pickup_number)
    handed_at = session.execute(
        select(col(Collection.collected_at)).where(
            col(Collection.order_id) == order.id, col(Collection.undone_at).is_(None)
        )
    ).scalar_one()
    if business_day(now) != order.day or closed_since(session, order.canteen_id, order.day, handed_at):
        raise UndoTooLate(number=order.pickup_number, day=order.day.isoformat())
    _drop_due(session, order, now)
    before = collecting.times_undone(session, order.id)
    if order.method == "later":  # nothing was paid: the order waits for its money again
        advance(session, order.id, order.status, OrderStatus.PLACED, ended_at=None, method="cash")
    else:
        advance(session, order.id, order.status, OrderStatus.PAID, ended_at=None)
    session.execute(
        update(Collection.__table__)  # type: ignore[attr-defined]
        .where(col(Collection.order_id) == order.id, col(Collection.undone_at).is_(None))
        .values(undone_at=now, undone_by=actor, undone_reason=reason.strip())
    )
    earned = reservations.earn_key(order.id, before)
    entry = Entry(
        key=f"unearn:{order.id}:{before + 1}",
        canteen_id=order.canteen_id,
        kind="unearn",
        subject=f"order:{order.id}",
        effective_date=order.day,
        legs=tuple(leg.negated() for leg in posted_legs(session, earned)),
        actor=actor,
        rule_set_id=order.rule_set_id,
        corrects=earned,
        reason=log.reason_code(reason),
    )
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="meal.hand-over-undone",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"reason": log.reason_code(reason)},
    )
    return store.get(session, order.id)


def _drop_due(session: Session, order: OrderView, now: datetime) -> None:
    due = session.execute(select(col(Due.paid_at)).where(col(Due.order_id) == order.id)).one_or_none()
    if due is None:
        return
    if due.paid_at is not None:
        raise DuePaid(number=order.pickup_number)
    session.execute(update(Due.__table__).where(col(Due.order_id) == order.id).values(dropped_at=now))  # type: ignore[attr-defined]
