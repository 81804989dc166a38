"""A category comes off an eligibility file: granted by mistake, or no longer so."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import enrolment


@dataclass(frozen=True, slots=True)
class CategoryWithdrawn:
    """Which grant, why, and the first day it did not hold (None: today)."""

    grant_id: str
    reason: str
    ended_on: date | None = None


def withdraw_category(session: Session, request: CategoryWithdrawn, *, now: datetime, actor: str) -> None:
    """Withdraw it for every meal decided from now on; meals decided before keep what was frozen with them.

    Those from `ended_on` on are listed as recoverable.

    Raises:
        subsidies.enrolment.GrantUnknown: no such grant, or withdrawn before.
        subsidies.enrolment.FactAhead: from a day still to come.
        subsidies.enrolment.EvidenceMissing: no reason given.
    """
    if not request.reason.strip():
        raise enrolment.EvidenceMissing(category="")
    resident_id, category = enrolment.withdraw(session, request.grant_id, ended_on=request.ended_on, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="category.withdrawn",
        subject=f"resident:{resident_id}",
        details={
            "grant": request.grant_id,
            "category": category,
            "from": request.ended_on.isoformat() if request.ended_on else None,
            "reason": request.reason.strip()[:200],
        },
    )
