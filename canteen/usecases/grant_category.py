"""The community or the district puts a category on an eligibility file: 独居, 低保, 重残…"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import enrolment


@dataclass(frozen=True, slots=True)
class CategoryGranted:
    """Valid on `valid_from` ≤ day < `valid_until`; None is open-ended. `evidence` says what was seen."""

    resident_id: str
    category: str
    valid_from: date
    valid_until: date | None
    evidence: str


def grant_category(session: Session, request: CategoryGranted, *, now: datetime, actor: str) -> str:
    """Grant it and return the grant's id.

    Raises:
        subsidies.enrolment.CategoryUnknown, CategoryHeld, ValidityRefused, EvidenceMissing, FileUnknown.
    """
    grant_id = enrolment.grant(
        session,
        request.resident_id,
        request.category,
        valid_from=request.valid_from,
        valid_until=request.valid_until,
        evidence=request.evidence,
        by=actor,
        now=now,
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="category.granted",
        subject=f"resident:{request.resident_id}",
        details={
            "grant": grant_id,
            "category": request.category,
            "valid_from": request.valid_from.isoformat(),
            "valid_until": request.valid_until.isoformat() if request.valid_until else None,
        },
    )
    return grant_id
