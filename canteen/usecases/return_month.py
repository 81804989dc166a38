"""A declared month goes back to the canteen, with a reason; it takes entries again."""

from sqlmodel import Session

from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month, reason_of, refuse_same_person
from subsidies import statements
from subsidies.statement_states import StatementState


def return_month(session: Session, step: MonthStep) -> None:
    """Only before it is approved: afterwards corrections are entries of the open month.

    Raises:
        MonthNotThere, AnotherPersonNeeded, ReasonNeeded.
        MonthNotThere: a later month was declared already.
    """
    hold_month(session, step)
    found = statements.there(session, step.canteen_id, step.month, StatementState.DECLARED, StatementState.REVIEWED)
    refuse_same_person(found, step)
    reason = reason_of(step)
    statements.refuse_later(session, step.canteen_id, step.month)
    statements.head(session, step.canteen_id, lock=True)
    advance(session, found, StatementState.RETURNED, step, reason=reason)
    statements.open_from(session, step.canteen_id, step.month)
