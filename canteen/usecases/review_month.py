"""The subdistrict has read a declared month and agrees."""

from sqlmodel import Session

from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month, refuse_same_person
from subsidies import statements
from subsidies.statement_states import StatementState


def review_month(session: Session, step: MonthStep) -> None:
    """Raises: MonthNotThere; AnotherPersonNeeded when they declared it."""
    hold_month(session, step)
    found = statements.there(session, step.canteen_id, step.month, StatementState.DECLARED)
    refuse_same_person(found, step)
    advance(session, found, StatementState.REVIEWED, step, reviewed_by=step.by, reviewed_at=step.now)
