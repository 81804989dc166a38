"""A community worker applies for somebody who sits beside them: begun, answered and sent in one go, or completed again."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.errors import NotAgreed
from canteen.applications.evidence import Photo
from canteen.applications.papers import Sealing
from canteen.applications.states import Level
from canteen.applications.store import Doer
from canteen.audit import log
from canteen.usecases.steps import applying
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class ApplicationFiled:
    """`application_id`: one that was returned, to be completed; None begins one. `agreed`: the person said yes, there."""

    resident_id: str
    category: str
    said: dict[str, str]
    agreed: bool
    by_name: str
    photos: tuple[Photo, ...] = ()
    application_id: str | None = None


def file_application(
    session: Session, request: ApplicationFiled, *, now: datetime, actor: str, sealing: Sealing
) -> str:
    """Send it; returns its key.

    Raises:
        applications.errors.NotApplicable, AlreadyHeld, AlreadyOpen, FileClosed, NotAgreed, AnswerRefused, TooManyPhotos.
        applications.errors.MovedOn, SecondPersonNeeded: one to be completed is not this person's now.
        people.errors.ResidentUnknown, ResidentMerged: no file.
    """
    today = business_day(now)
    if not request.agreed:
        raise NotAgreed
    by = Doer(actor, Level.APPLICANT, request.by_name[:60])
    key = request.application_id
    if key is None:
        applying.check_file(session, request.resident_id, today=today)
        applying.check_category(session, request.resident_id, request.category, today=today)
        key = store.begin(session, request.resident_id, request.category, how="worker", by=by, now=now)
    standing = store.open_to_change(session, key)
    store.keep_answers(session, key, applying.answered(sealing, standing, request.said), now=now)
    for photo in request.photos:
        store.add_photo(session, key, photo, by=by, now=now, sealing=sealing)
    number = applying.send(session, standing, by=by, how="worker", agreed=True, now=now, sealing=sealing)
    log.record(
        session,
        at=now,
        actor=actor,
        action="application.submitted",
        subject=f"application:{key}",
        details={"resident": f"resident:{standing.resident_id}", "category": standing.category, "number": number},
    )
    return key
