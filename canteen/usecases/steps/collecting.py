"""Handing a meal over inside the caller's transaction: exactly once, and only now is the subsidy earned."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, col
from ulid import ULID

from canteen.orders import store, substitutions
from canteen.orders.errors import SubstitutionOpen
from canteen.orders.status import OrderStatus, advance
from canteen.orders.store import OrderView
from canteen.pickup.errors import AlreadyCollected
from canteen.pickup.models import Collection
from canteen.sites import hours
from canteen.usecases.steps import legs, reservations
from menus.service_days import business_day
from subsidies.ledger import Entry

AROUND_MEAL = timedelta(minutes=30)
"""Who stands in the queue when the doors close still gets the meal; trays may be fetched a little early."""


def hand_over(
    session: Session,
    order: OrderView,
    *,
    how: str,
    now: datetime,
    actor: str,
    actor_name: str,
    device_id: str | None,
    taken_by: str | None = None,
    undone: int | None = None,
) -> Entry:
    """Move a paid order to collected, record who handed it over, and return the entry that earns its subsidy.

    Raises:
        orders.errors.WrongStatus: it is not waiting to be collected (any more).
    """
    advance(session, order.id, order.status, OrderStatus.COLLECTED, ended_at=now, end_reason="")
    session.execute(
        _INSERT,
        {
            "id": str(ULID.from_datetime(now)),
            "order_id": order.id,
            "canteen_id": order.canteen_id,
            "day": order.day,
            "meal": order.meal,
            "collected_at": now,
            "how": how,
            "by": actor,
            "by_name": actor_name,
            "device_id": device_id,
            "taken_by_resident_id": taken_by if taken_by != order.resident_id else None,
        },
    )
    times = times_undone(session, order.id) if undone is None else undone
    granted = store.shares(session, order.id)
    later = order.self_pay_fen - order.paid_fen if order.method == "later" else 0
    return Entry(
        key=reservations.earn_key(order.id, times),
        canteen_id=order.canteen_id,
        kind="earn",
        subject=f"order:{order.id}",
        effective_date=order.day,
        legs=legs.earn(granted, prepaid_fen=order.paid_fen, later_fen=later),
        actor=actor,
        rule_set_id=order.rule_set_id,
        resolves=reservations.reservation_key(order.id, times) if legs.reserve(granted) else None,
    )


def already_collected(session: Session, order: OrderView) -> AlreadyCollected:
    """The refusal of a second hand-over: when the first was, and by whom."""
    row = session.execute(
        select(col(Collection.collected_at), col(Collection.by_name)).where(
            col(Collection.order_id) == order.id, col(Collection.undone_at).is_(None)
        )
    ).one()
    return AlreadyCollected(number=order.pickup_number, at=row.collected_at, by=row.by_name, order=order.id)


def refuse_unanswered(session: Session, order: OrderView) -> None:
    """Nothing is handed over while the diner was asked whether another dish will do, and has not said.

    Raises:
        orders.errors.SubstitutionOpen: there is such a question.
    """
    if substitutions.open_question(session, order.id) is not None:
        raise SubstitutionOpen(number=order.pickup_number, order=order.id)


def times_undone(session: Session, order_id: str) -> int:
    """How often a hand-over of this order was undone."""
    return int(session.execute(_TIMES_UNDONE, {"id": order_id}).scalar_one())


def meal_at_window(session: Session, canteen_id: str, now: datetime) -> tuple[date, str] | None:
    """Which day and meal is being handed over now: from half an hour before serving to half an hour after it."""
    day = business_day(now)
    for meal in hours.serving(session, canteen_id, day):
        if meal.opens_at - AROUND_MEAL <= now < meal.closes_at + AROUND_MEAL:
            return day, meal.meal
    return None


_INSERT = insert(Collection.__table__)  # type: ignore[attr-defined]
_TIMES_UNDONE = (
    select(func.count())
    .select_from(Collection)
    .where(col(Collection.order_id) == bindparam("id"), col(Collection.undone_at).is_not(None))
)
