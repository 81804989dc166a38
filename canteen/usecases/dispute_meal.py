"""A diner says of a meal of the month that it was not theirs, or takes that back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.confirmations.disputes import How
from canteen.usecases.steps import disputing


@dataclass(frozen=True, slots=True)
class MealWord:
    """What was said of one meal; `theirs` takes a dispute back. `how`: by phone, or to somebody who wrote it down."""

    resident_id: str
    order_id: str
    theirs: bool
    how: How


def dispute_meal(session: Session, request: MealWord, *, now: datetime, actor: str) -> bool:
    """Store it; False when it had been said before. No money moves: somebody looks into it first.

    Raises:
        confirmations.errors.MealNotTheirs: no meal of this person that was handed over.
        confirmations.errors.MonthLocked: nothing of that month is changed any more.
    """
    word = disputing.unsay if request.theirs else disputing.say
    return word(session, request.resident_id, request.order_id, request.how, now=now, actor=actor)
