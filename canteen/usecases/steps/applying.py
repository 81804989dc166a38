"""What filing and deciding applications share: who may apply for whom, whether there is anything to apply for, due dates."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.errors import AlreadyHeld, ApplicationUnknown, FileClosed, NotAgreed, NotApplicable
from canteen.applications.papers import Answers, Sealing, checked, open_answers, seal_answers
from canteen.applications.states import DUE_WORKDAYS, SUBMIT, State
from canteen.applications.store import Doer, Standing
from canteen.people import residents
from canteen.people.errors import ResidentUnknown
from canteen.readmodels.applicants import applies_for
from canteen.sites.holidays import day_kind
from menus.service_days import business_day
from subsidies import eligibility
from subsidies.eligibility import APPLIED_FOR
from subsidies.models import FileStatus

ENDS_SOON = timedelta(days=60)
"""A category that ends within that time may be applied for again."""


def due_day(session: Session, state: State, today: date) -> date | None:
    """The last workday of the office whose turn it is in `state`; None when it is nobody's."""
    left, day = DUE_WORKDAYS.get(state, 0), today
    if not left:
        return None
    while left:
        day += timedelta(days=1)
        left -= day_kind(session, day) in {"workday", "makeup_workday"}
    return day


def check_file(session: Session, resident_id: str, *, today: date) -> None:
    """Raises:
    people.errors.ResidentUnknown, ResidentMerged: no file of their own.
    FileClosed: it grants nothing now.
    """
    residents.require_own_file(session, resident_id)
    file = eligibility.eligibility_file(session, resident_id)
    if file is None:
        raise ResidentUnknown
    if file.status is not FileStatus.ACTIVE and (file.status_since is None or file.status_since <= today):
        raise FileClosed


def check_category(session: Session, resident_id: str, category: str, *, today: date) -> None:
    """Raises:
    NotApplicable: nobody applies for this.
    AlreadyHeld: it stands for more than sixty days.
    """
    if category not in APPLIED_FOR:
        raise NotApplicable
    for grant in eligibility.grants(session, resident_id):
        lasts = grant.valid_until is None or grant.valid_until > today + ENDS_SOON
        if grant.category == category and grant.withdrawn_at is None and grant.valid_from <= today and lasts:
            raise AlreadyHeld


def own(session: Session, standing: Standing, applicant_id: str) -> None:
    """Raises: ApplicationUnknown when somebody on their phone has nothing to do with it (any more)."""
    if standing.resident_id != applicant_id and not (
        standing.filed_by == f"resident:{applicant_id}" and applies_for(session, standing.resident_id, applicant_id)
    ):
        raise ApplicationUnknown


def answered(sealing: Sealing, standing: Standing, said: dict[str, str]) -> bytes:
    """The answers with `said` in place of what was said before, sealed.

    Raises:
        AnswerRefused: one of them cannot be kept.
    """
    before = open_answers(sealing, standing.id, standing.answers_sealed)
    kept = {name: getattr(before, name) for name in before.__struct_fields__}
    return seal_answers(sealing, standing.id, Answers(**kept | {key: checked(key, text) for key, text in said.items()}))


def send(
    session: Session, standing: Standing, *, by: Doer, how: str, agreed: bool, now: datetime, sealing: Sealing
) -> str:
    """Off to the community; returns the number.

    Raises:
        NotAgreed, FileClosed.
        MovedOn, SecondPersonNeeded: as `store.move`.
    """
    if not agreed:
        raise NotAgreed
    today = business_day(now)
    check_file(session, standing.resident_id, today=today)
    number = standing.number or store.give_number(session, standing.id, today.year)
    store.move(
        session,
        standing,
        SUBMIT,
        by=by,
        now=now,
        due_on=due_day(session, State.SUBMITTED, today),
        sealing=sealing,
        filed_by=by.ref,
        filed_how=how,
        filed_name=by.name,
        submitted_at=now,
        number=number,
    )
    return number
