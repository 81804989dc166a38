"""The manager ends a month: no meal of it is open any more, and it is compared."""

from sqlmodel import Session
from ulid import ULID

from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month, open_meals
from menus.service_days import business_day
from subsidies import statements
from subsidies.statement_models import MonthStatement, StatementStep
from subsidies.statement_states import (
    CLAIMED,
    EarlierMonthOpen,
    MonthNotOver,
    MonthNotThere,
    StatementState,
)


def cut_off_month(session: Session, step: MonthStep) -> StatementState:
    """Returns where it stands: reconciling, or cut off while orders of its days are still open.

    A month that was returned comes back to reconciling. Cutting off twice is harmless.

    Raises:
        MonthNotOver: its last day has not passed.
        EarlierMonthOpen: an earlier month with meals was not declared.
        MonthNotThere: it was declared already.
    """
    hold_month(session, step)
    if business_day(step.now) < step.month.after:
        raise MonthNotOver
    found = statements.statement(session, step.canteen_id, step.month)
    if found is None:
        if earlier := statements.earlier_open(session, step.canteen_id, step.month):
            raise EarlierMonthOpen(month=earlier)
        found = _begin(session, step)
    elif found.state in CLAIMED:
        raise MonthNotThere(state=found.state)
    if found.state == StatementState.RECONCILING or open_meals(session, step):
        return StatementState(found.state)
    advance(session, found, StatementState.RECONCILING, step)
    return StatementState.RECONCILING


def _begin(session: Session, step: MonthStep) -> MonthStatement:
    found = MonthStatement(
        id=str(ULID.from_datetime(step.now)),
        canteen_id=step.canteen_id,
        period=step.month.text,
        state=StatementState.CUT_OFF.value,
        since=step.now,
        cut_off_by=step.by,
        cut_off_at=step.now,
    )
    session.add(found)
    session.flush()
    session.add(
        StatementStep(
            statement_id=found.id, position=0, step=found.state, by=step.by, by_name=step.by_name, at=step.now
        )
    )
    session.flush()
    return found
