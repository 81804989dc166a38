"""Whoever applied takes it back before it is decided; what they had written and photographed is forgotten."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.errors import ApplicationUnknown
from canteen.applications.papers import Sealing
from canteen.applications.states import WITHDRAW, Level
from canteen.applications.store import Doer
from canteen.audit import log
from canteen.usecases.steps import applying


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """On a phone `applicant_id` holds it; None: at the desk of the worker who filed it, who is `by_name`."""

    application_id: str
    applicant_id: str | None
    by_name: str = ""


def withdraw_application(
    session: Session, request: ApplicationWithdrawn, *, now: datetime, actor: str, sealing: Sealing
) -> None:
    """End it.

    Raises:
        applications.errors.ApplicationUnknown: not theirs.
        applications.errors.MovedOn: it is decided or withdrawn.
    """
    standing = store.locked(session, request.application_id)
    if request.applicant_id is not None:
        applying.own(session, standing, request.applicant_id)
    elif standing.filed_by != actor:
        raise ApplicationUnknown
    by = Doer(actor, Level.APPLICANT, request.by_name[:60])
    store.move(session, standing, WITHDRAW, by=by, now=now, due_on=None, sealing=sealing)
    store.forget_papers(session, standing.id)
    log.record(
        session,
        at=now,
        actor=actor,
        action="application.withdrawn",
        subject=f"application:{standing.id}",
        details={"resident": f"resident:{standing.resident_id}", "category": standing.category},
    )
