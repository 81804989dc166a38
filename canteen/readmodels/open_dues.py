"""Who ate and has not paid yet at this canteen?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.payments.models import Due, Wallet
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.readmodels.handover_list import ordered_lines
from canteen.sites.models import Canteen


@dataclass(frozen=True, slots=True)
class OpenDue:
    """One meal served on credit: `fen` is still owed. `from_card`: the stored value here suffices."""

    order_id: str
    shown_as: str
    pickup_number: str
    day: date
    meal: str
    fen: int
    reason: str
    agreed_at: datetime
    from_card: bool
    dishes: tuple[str, ...]


def open_dues(session: Session, canteen_id: str) -> tuple[OpenDue, ...]:
    """Oldest first."""
    rows = session.execute(
        select(
            col(Due.order_id),
            col(Resident.name),
            col(MealOrder.pickup_number),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(Due.fen),
            col(Due.reason),
            col(Due.agreed_at),
            col(Wallet.balance_fen),
        )
        .join(MealOrder, col(MealOrder.id) == col(Due.order_id))
        .join(Canteen, col(Canteen.id) == col(Due.canteen_id))
        .outerjoin(Resident, col(Resident.id) == col(Due.resident_id))
        .outerjoin(
            Wallet,
            (col(Wallet.resident_id) == col(Due.resident_id)) & (col(Wallet.operator_id) == col(Canteen.operator_id)),
        )
        .where(col(Due.canteen_id) == canteen_id, col(Due.paid_at).is_(None), col(Due.dropped_at).is_(None))
        .order_by(col(Due.agreed_at), col(Due.order_id))
    ).all()
    lines = ordered_lines(session, [row.order_id for row in rows])
    return tuple(
        OpenDue(
            row.order_id,
            mask_name(row.name) if row.name else "",
            row.pickup_number,
            row.day,
            row.meal,
            row.fen,
            row.reason,
            row.agreed_at,
            row.balance_fen is not None and row.balance_fen >= row.fen,
            tuple(line.name for line in lines.get(row.order_id, ())),
        )
        for row in rows
    )
