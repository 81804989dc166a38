"""A category comes off an eligibility file: granted by mistake, or no longer so."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import enrolment


@dataclass(frozen=True, slots=True)
class CategoryWithdrawn:
    """Which grant, and why."""

    grant_id: str
    reason: str


def withdraw_category(session: Session, request: CategoryWithdrawn, *, now: datetime, actor: str) -> None:
    """Withdraw it for every meal decided from now on; meals decided before keep their frozen facts.

    Raises:
        subsidies.enrolment.GrantUnknown: no such grant, or withdrawn before.
        subsidies.enrolment.EvidenceMissing: no reason given.
    """
    if not request.reason.strip():
        raise enrolment.EvidenceMissing(category="")
    resident_id, category = enrolment.withdraw(session, request.grant_id, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="category.withdrawn",
        subject=f"resident:{resident_id}",
        details={"grant": request.grant_id, "category": category, "reason": request.reason.strip()[:200]},
    )
