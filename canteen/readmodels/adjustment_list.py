"""Proposed adjustments for those who decide them: what each would change, and whether it still would."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders import adjustments
from canteen.orders.adjustments import Proposal
from canteen.orders.models import MealOrder
from canteen.people.accounts import Actor
from canteen.people.models import Resident
from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.readmodels.recoverable import recoverable_meals


@dataclass(frozen=True, slots=True)
class AdjustedMeal:
    """One meal of a proposal; fen, below zero is given less."""

    order_id: str
    day: date
    meal: str
    fen: int


@dataclass(frozen=True, slots=True)
class AdjustmentCase:
    """A proposal. `is_own`: made by whoever looks at it; somebody else decides. `is_stale`: it would come to other amounts."""

    proposal: Proposal
    name: str
    meals: tuple[AdjustedMeal, ...]
    is_own: bool
    is_stale: bool

    @property
    def fen(self) -> int:
        """All of it."""
        return sum(meal.fen for meal in self.meals)


def adjustment_cases(session: Session, actor: Actor, resident_id: str | None = None) -> tuple[AdjustmentCase, ...]:
    """Those within the actor's scope: waiting ones first, then the decided, latest first."""
    rows = session.execute(select(col(Resident.id), col(Resident.name)).where(in_scope(roll_scope(actor))))
    names = {row.id: row.name for row in rows}
    found = [
        (one, one.resident_id)
        for one in adjustments.proposals(session, resident_id)
        if one.resident_id is not None and one.resident_id in names
    ]
    lines = adjustments.lines_of(session, [one.id for one, _ in found])
    orders = {order for of_one in lines.values() for order in of_one}
    days = {
        row.id: (row.day, row.meal)
        for row in session.execute(
            select(col(MealOrder.id), col(MealOrder.day), col(MealOrder.meal)).where(col(MealOrder.id).in_(orders))
        )
    }
    return tuple(
        AdjustmentCase(
            one,
            names[resident],
            tuple(
                sorted(
                    (
                        AdjustedMeal(order, *days[order], sum(share.fen for share in shares))
                        for order, shares in lines[one.id].items()
                    ),
                    key=lambda meal: (meal.day, meal.order_id),
                )
            ),
            one.proposed_by == actor.ref,
            one.decision is None
            and {meal.order_id: meal.changes for meal in recoverable_meals(session, resident)} != lines[one.id],
        )
        for one, resident in found
    )
