"""An application filled in on a phone is sent, for the first time or completed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.papers import Sealing
from canteen.applications.states import Level
from canteen.applications.store import Doer
from canteen.audit import log
from canteen.usecases.steps import applying


@dataclass(frozen=True, slots=True)
class ApplicationSent:
    """`agreed`: ticked that it is true and that the three offices may look at it."""

    application_id: str
    applicant_id: str
    agreed: bool


def submit_application(session: Session, request: ApplicationSent, *, now: datetime, sealing: Sealing) -> str:
    """Send it; returns its number.

    Raises:
        applications.errors.ApplicationUnknown, MovedOn, NotAgreed, FileClosed, SecondPersonNeeded.
    """
    standing = store.open_to_change(session, request.application_id)
    applying.own(session, standing, request.applicant_id)
    by = Doer(f"resident:{request.applicant_id}", Level.APPLICANT)
    how = "resident" if request.applicant_id == standing.resident_id else "family"
    number = applying.send(session, standing, by=by, how=how, agreed=request.agreed, now=now, sealing=sealing)
    log.record(
        session,
        at=now,
        actor=by.ref,
        action="application.submitted",
        subject=f"application:{standing.id}",
        details={"resident": f"resident:{standing.resident_id}", "category": standing.category, "number": number},
    )
    return number
