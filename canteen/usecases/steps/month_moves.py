"""What every step of a month shares: whose it is, who takes it, the line in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN
from subsidies import statements
from subsidies.months import Month
from subsidies.statement_models import MonthStatement
from subsidies.statement_states import AnotherPersonNeeded, MealsNotEnded, ReasonNeeded, StatementState


@dataclass(frozen=True, slots=True)
class MonthStep:
    """Which month of which canteen, and who takes the step."""

    canteen_id: str
    month: Month
    by: str
    by_name: str
    now: datetime
    reason: str = ""


def hold_month(session: Session, step: MonthStep) -> None:
    """One at a time at a canteen: whoever comes second sees what the first has done."""
    hold(session, f"month {step.canteen_id}")


def refuse_same_person(found: MonthStatement, step: MonthStep) -> None:
    """Raises: AnotherPersonNeeded when they declared or reviewed it."""
    if step.by in {found.declared_by, found.reviewed_by}:
        raise AnotherPersonNeeded


def reason_of(step: MonthStep) -> str:
    """Raises: ReasonNeeded for fewer than two characters."""
    reason = step.reason.strip()[:300]
    if len(reason) < 2:
        raise ReasonNeeded
    return reason


def advance(
    session: Session, found: MonthStatement, to: StatementState, step: MonthStep, *, reason: str = "", **values: object
) -> None:
    """The step, and one line in the audit log."""
    statements.advance(session, found, to, now=step.now, by=step.by, by_name=step.by_name, reason=reason, **values)
    log.record(
        session,
        at=step.now,
        actor=step.by,
        action=f"month.{to.value}",
        subject=f"month:{step.canteen_id}/{step.month.text}",
        canteen_id=step.canteen_id,
    )


def open_meals(session: Session, step: MonthStep) -> int:
    """Orders up to the end of the month that are neither handed over nor ended."""
    count: int = session.execute(
        select(func.count())
        .select_from(MealOrder)
        .where(
            col(MealOrder.canteen_id) == step.canteen_id,
            col(MealOrder.status).in_([status.value for status in OPEN]),
            col(MealOrder.day) < step.month.after,
        )
    ).scalar_one()
    return count


def refuse_open_meals(session: Session, step: MonthStep) -> None:
    """Raises: MealsNotEnded."""
    if count := open_meals(session, step):
        raise MealsNotEnded(count=count)
