"""The community confirms that somebody lives where their file says, within 30 days of enrolment."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import enrolment


@dataclass(frozen=True, slots=True)
class ResidenceSeen:
    """Whose residence was confirmed."""

    resident_id: str


def confirm_residence(session: Session, request: ResidenceSeen, *, now: datetime, actor: str) -> None:
    """Confirm it; again is harmless and takes the later date.

    Raises:
        subsidies.enrolment.FileUnknown: no eligibility file.
    """
    enrolment.confirm_residence(session, request.resident_id, by=actor, now=now)
    log.record(session, at=now, actor=actor, action="residence.confirmed", subject=f"resident:{request.resident_id}")
