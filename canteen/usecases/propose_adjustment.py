"""Somebody in an office proposes to put right what a late fact shows was given otherwise; a second person decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import adjustments
from canteen.orders.errors import NothingToAdjust, ReasonMissing
from canteen.readmodels.recoverable import recoverable_meals


@dataclass(frozen=True, slots=True)
class AdjustmentProposed:
    """Whose meals; the reason is what the second person reads."""

    resident_id: str
    reason: str
    by_name: str = ""


def propose_adjustment(session: Session, request: AdjustmentProposed, *, now: datetime, actor: str) -> str:
    """Store every meal that does not stand as it should, with its amounts, and return the proposal's id.

    Raises:
        orders.errors.ReasonMissing: no reason of at least two characters.
        orders.errors.NothingToAdjust: everything stands as it should.
        orders.errors.AdjustmentWaiting: another proposal about this person waits.
    """
    reason = request.reason.strip()[:120]
    if len(reason) < 2:
        raise ReasonMissing
    meals = recoverable_meals(session, request.resident_id)
    if not meals:
        raise NothingToAdjust
    key = adjustments.propose(
        session,
        request.resident_id,
        {meal.order_id: meal.changes for meal in meals},
        reason=reason,
        now=now,
        by=actor,
        by_name=request.by_name,
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="adjustment.proposed",
        subject=f"resident:{request.resident_id}",
        details={"adjustment": key, "meals": len(meals), "fen": sum(meal.change_fen for meal in meals)},
    )
    return key
