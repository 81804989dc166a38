"""Who ate and has not paid yet at this canteen?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.payments.models import Due
from canteen.people.models import Resident
from canteen.people.sealed import mask_name


@dataclass(frozen=True, slots=True)
class OpenDue:
    """One meal served on credit: `fen` is still owed."""

    order_id: str
    shown_as: str
    pickup_number: str
    day: date
    fen: int
    reason: str
    agreed_at: datetime


def open_dues(session: Session, canteen_id: str) -> tuple[OpenDue, ...]:
    """Oldest first."""
    rows = session.execute(
        select(
            col(Due.order_id),
            col(Resident.name),
            col(MealOrder.pickup_number),
            col(MealOrder.day),
            col(Due.fen),
            col(Due.reason),
            col(Due.agreed_at),
        )
        .join(MealOrder, col(MealOrder.id) == col(Due.order_id))
        .outerjoin(Resident, col(Resident.id) == col(Due.resident_id))
        .where(col(Due.canteen_id) == canteen_id, col(Due.paid_at).is_(None), col(Due.dropped_at).is_(None))
        .order_by(col(Due.agreed_at), col(Due.order_id))
    )
    return tuple(OpenDue(order_id, mask_name(name) if name else "", *rest) for order_id, name, *rest in rows)
