"""The canteen claims its month: what comes later counts in the next one."""

from sqlmodel import Session

from canteen.readmodels.month_claim import MonthClaim
from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month, refuse_open_meals
from subsidies import statements
from subsidies.statement_states import BooksMoved, DifferencesOpen, StatementState


def declare_month(session: Session, step: MonthStep, seen: MonthClaim) -> None:
    """Write the lines and close the month to entries, while the till of today goes on.

    Raises:
        DifferencesOpen: differences that block are open.
        BooksMoved: something was booked since it was computed; compute again.
        MealsNotEnded; MonthNotThere.
    """
    hold_month(session, step)
    found = statements.there(session, step.canteen_id, step.month, StatementState.RECONCILING)
    if seen.blocking:
        raise DifferencesOpen(count=seen.blocking)
    refuse_open_meals(session, step)
    head = statements.head(session, step.canteen_id, lock=True)
    if head != seen.head:
        raise BooksMoved
    attempt = found.attempt + 1
    statements.keep_lines(session, found.id, attempt, seen.lines)
    advance(
        session,
        found,
        StatementState.DECLARED,
        step,
        attempt=attempt,
        declared_by=step.by,
        declared_at=step.now,
        head_seq=head.seq,
        head_hash=head.hash,
        reviewed_by=None,
        reviewed_at=None,
    )
    statements.open_from(session, step.canteen_id, step.month.following)
