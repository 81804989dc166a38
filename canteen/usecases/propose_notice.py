"""Somebody proposes one batch of adjustments for the meals a notice was meant for before it was published."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import adjustments
from canteen.orders.errors import NothingToAdjust, NoticeDaysOpen, NoticeNotLate, NoticeSettled, ReasonMissing
from canteen.readmodels.late_notice import late_meals
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class NoticeProposed:
    """Which published set; the reason is what the second person reads."""

    rule_set_id: int
    reason: str
    by_name: str = ""


def propose_notice(
    session: Session, request: NoticeProposed, *, now: datetime, actor: str, examples_decide: bool
) -> str:
    """Store every meal that comes out otherwise, with its amounts, and return the proposal's id.

    Raises:
        orders.errors.ReasonMissing: no reason of at least two characters.
        orders.errors.NoticeNotLate: it began when it was published, or is an example where none decides.
        orders.errors.NoticeSettled: a batch of it was approved.
        orders.errors.NoticeDaysOpen: meals of its days may still be handed over today.
        orders.errors.NothingToAdjust: every meal was given what the notice says.
        orders.errors.AdjustmentWaiting: a batch of it waits.
    """
    reason = request.reason.strip()[:120]
    if len(reason) < 2:
        raise ReasonMissing
    found = late_meals(session, request.rule_set_id)
    if found.notice.is_example and not examples_decide:
        raise NoticeNotLate
    if any(one.decision == "approved" for one in adjustments.of_notice(session, request.rule_set_id)):
        raise NoticeSettled
    if business_day(now) < found.notice.until:
        raise NoticeDaysOpen(since=found.notice.until.isoformat())
    if not found.meals:
        raise NothingToAdjust
    key = adjustments.propose(
        session,
        request.rule_set_id,
        {meal.order_id: meal.changes for meal in found.meals},
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
        subject=f"rule-set:{request.rule_set_id}",
        details={"adjustment": key, "meals": len(found.meals), "fen": sum(meal.change_fen for meal in found.meals)},
    )
    return key
