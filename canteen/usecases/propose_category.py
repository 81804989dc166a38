"""Civil affairs enters a category: 独居, 低保, 重残… It waits until a second person approves it."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import proposals
from subsidies.proposals import ProposedCategory


def propose_category(session: Session, request: ProposedCategory, *, now: datetime, actor: str) -> str:
    """Enter it and return the proposal's id.

    Raises:
        subsidies.enrolment.CategoryUnknown, CategoryHeld, ValidityRefused, EvidenceMissing, FileUnknown.
    """
    key = proposals.propose(session, request, now=now, by=actor)
    log.record(
        session,
        at=now,
        actor=actor,
        action="category.proposed",
        subject=f"resident:{request.resident_id}",
        details={
            "proposal": key,
            "category": request.category,
            "valid_from": request.valid_from.isoformat(),
            "valid_until": request.valid_until.isoformat() if request.valid_until else None,
        },
    )
    return key
