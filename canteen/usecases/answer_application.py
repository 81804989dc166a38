"""What has been filled in so far is kept, page by page: answers, a photo more, a photo less. Nobody else sees it yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.evidence import Photo
from canteen.applications.papers import Sealing
from canteen.applications.states import Level
from canteen.applications.store import Doer
from canteen.usecases.steps import applying


@dataclass(frozen=True, slots=True)
class ApplicationAnswered:
    """`said`: question → answer; the other answers stay. Photos are added, and those named in `without` go."""

    application_id: str
    applicant_id: str
    said: dict[str, str]
    photos: tuple[Photo, ...] = ()
    without: tuple[str, ...] = ()


def answer_application(session: Session, request: ApplicationAnswered, *, now: datetime, sealing: Sealing) -> None:
    """Keep it.

    Raises:
        applications.errors.ApplicationUnknown: not theirs.
        applications.errors.MovedOn: it has been sent, decided or withdrawn.
        applications.errors.AnswerRefused, TooManyPhotos.
    """
    standing = store.open_to_change(session, request.application_id)
    applying.own(session, standing, request.applicant_id)
    store.keep_answers(session, standing.id, applying.answered(sealing, standing, request.said), now=now)
    by = Doer(f"resident:{request.applicant_id}", Level.APPLICANT)
    for key in request.without:
        store.drop_photo(session, standing.id, key)
    for photo in request.photos:
        store.add_photo(session, standing.id, photo, by=by, now=now, sealing=sealing)
