"""What whoever writes a dispute down checks first: it is this person's meal, it was handed over, its month is not locked."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.confirmations import disputes
from canteen.confirmations.disputes import How
from canteen.confirmations.errors import MealNotTheirs, MonthLocked
from canteen.orders.models import MealOrder
from canteen.readmodels.locked_months import is_locked
from subsidies.months import month_of


def say(session: Session, resident_id: str, order_id: str, how: How, *, now: datetime, actor: str) -> bool:
    """「这顿不是我吃的」; False when it had been said already.

    Raises:
        confirmations.errors.MealNotTheirs, MonthLocked.
    """
    canteen_id, period = _theirs(session, resident_id, order_id)
    said = disputes.open_one(session, order_id, canteen_id, period, how, now=now, by=actor)
    if said:
        _record(session, "meal.disputed", order_id, canteen_id, how, now=now, actor=actor)
    return said


def unsay(session: Session, resident_id: str, order_id: str, how: How, *, now: datetime, actor: str) -> bool:
    """It was theirs after all; False when nothing stood.

    Raises:
        confirmations.errors.MealNotTheirs, MonthLocked.
    """
    canteen_id, _ = _theirs(session, resident_id, order_id)
    ended = disputes.take_back(session, order_id, now=now, by=actor)
    if ended:
        _record(session, "meal.dispute-taken-back", order_id, canteen_id, how, now=now, actor=actor)
    return ended


def _theirs(session: Session, resident_id: str, order_id: str) -> tuple[str, str]:
    row = session.execute(
        select(col(MealOrder.canteen_id), col(MealOrder.day)).where(
            col(MealOrder.id) == order_id,
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.status) == "collected",
        )
    ).first()
    if row is None:
        raise MealNotTheirs(order=order_id)
    period = month_of(row.day).text
    if is_locked(session, row.canteen_id, period):
        raise MonthLocked(month=period)
    return row.canteen_id, period


def _record(
    session: Session, action: str, order_id: str, canteen_id: str, how: How, *, now: datetime, actor: str
) -> None:
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"order:{order_id}",
        canteen_id=canteen_id,
        details={"how": how},
    )
