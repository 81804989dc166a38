"""Which meals of a canteen's month do diners say were not theirs? Each is a difference until somebody has looked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.confirmations.models import MealDispute
from canteen.orders.models import MealOrder


@dataclass(frozen=True, slots=True)
class DisputedMeal:
    """One standing dispute; `given_fen` is what all funders gave for the meal. `how`: phone · staff · office · call."""

    order_id: str
    resident_id: str | None
    day: date
    meal: str
    how: str
    said_at: datetime
    given_fen: int


def disputed_meals(session: Session, canteen_id: str, month: str) -> tuple[DisputedMeal, ...]:
    """Those that stand, by day; `month` is `2026-11`. An order whose hand-over was undone afterwards is none any more."""
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.resident_id),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(MealDispute.how),
            col(MealDispute.said_at),
            col(MealOrder.subsidy_fen),
        )
        .join(MealOrder, col(MealOrder.id) == col(MealDispute.order_id))
        .where(
            col(MealDispute.canteen_id) == canteen_id,
            col(MealDispute.period) == month,
            col(MealDispute.taken_back_at).is_(None),
            col(MealOrder.status) == "collected",
        )
        .order_by(col(MealOrder.day), col(MealOrder.id))
    )
    return tuple(DisputedMeal(*row) for row in rows)


def disputed_of(session: Session, resident_id: str) -> tuple[str, ...]:
    """Orders of one diner whose dispute stands."""
    rows = session.execute(
        select(col(MealDispute.order_id))
        .join(MealOrder, col(MealOrder.id) == col(MealDispute.order_id))
        .where(col(MealOrder.resident_id) == resident_id, col(MealDispute.taken_back_at).is_(None))
    )
    return tuple(rows.scalars())
