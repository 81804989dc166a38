"""Somebody begins to apply on their phone, for themselves or for a parent who named them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.states import Level
from canteen.applications.store import Doer
from canteen.audit import log
from canteen.people.errors import NotAFetcher
from canteen.readmodels.applicants import applies_for
from canteen.usecases.steps import applying
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class ApplicationBegun:
    """For which category of `resident_id`; `applicant_id` holds the phone."""

    resident_id: str
    category: str
    applicant_id: str


def begin_application(session: Session, request: ApplicationBegun, *, now: datetime) -> str:
    """A draft that waits for answers; returns its key.

    Raises:
        people.errors.NotAFetcher: not theirs to apply for.
        people.errors.ResidentUnknown, ResidentMerged: no file.
        applications.errors.NotApplicable, AlreadyHeld, AlreadyOpen, FileClosed.
    """
    today = business_day(now)
    if not applies_for(session, request.resident_id, request.applicant_id):
        raise NotAFetcher
    applying.check_file(session, request.resident_id, today=today)
    applying.check_category(session, request.resident_id, request.category, today=today)
    by = Doer(f"resident:{request.applicant_id}", Level.APPLICANT)
    how = "resident" if request.applicant_id == request.resident_id else "family"
    key = store.begin(session, request.resident_id, request.category, how=how, by=by, now=now)
    log.record(
        session,
        at=now,
        actor=by.ref,
        action="application.begun",
        subject=f"application:{key}",
        details={"resident": f"resident:{request.resident_id}", "category": request.category},
    )
    return key
