"""A second person approves or declines categories that were entered from a file or a list; approved, they count from now on."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import proposals

MOST = 50
"""Categories decided in one transaction: nobody at a kiosk waits longer than for a meal."""


@dataclass(frozen=True, slots=True)
class CategoriesDecided:
    """`proposals` are at most fifty; `approve` False declines, with a reason."""

    proposals: tuple[str, ...]
    approve: bool
    reason: str = ""


def decide_categories(session: Session, request: CategoriesDecided, *, now: datetime, actor: str) -> list[str]:
    """All of them or none; returns the ids of what stands now.

    Raises:
        subsidies.proposals.ProposalUnknown: one of them is decided by now.
        subsidies.proposals.SecondPersonNeeded: approved by whoever entered it.
        subsidies.proposals.ReasonNeeded: declined without a reason.
        subsidies.enrolment.CategoryHeld: the file holds it already on some of these days.
    """
    granted = []
    for one in proposals.waiting(session, request.proposals[:MOST]):
        grant_id = None
        if request.approve:
            grant_id = proposals.approve(session, one, now=now, by=actor)
            granted.append(grant_id)
        else:
            proposals.decline(session, one, reason=request.reason, now=now, by=actor)
        log.record(
            session,
            at=now,
            actor=actor,
            action="category.granted" if grant_id else "category.declined",
            subject=f"resident:{one.resident_id}",
            details={
                "proposal": one.id,
                "grant": grant_id,
                "category": one.category,
                "proposed_by": one.entered_by,
                "valid_from": one.valid_from.isoformat(),
                "valid_until": one.valid_until.isoformat() if one.valid_until else None,
                "reason": None if grant_id else request.reason.strip()[:120],
            },
        )
    return granted
