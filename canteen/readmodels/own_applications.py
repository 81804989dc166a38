"""What somebody applied for on their phone, for themselves and for family: where each stands and what was said."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from canteen.applications.errors import ApplicationUnknown
from canteen.applications.models import Application, ApplicationStep, Evidence
from canteen.applications.papers import Answers, Sealing, open_answers, open_reason
from canteen.applications.states import OPEN, WITH_APPLICANT, State
from canteen.people.models import Resident
from canteen.readmodels.applicants import applies_for, family_of
from subsidies import eligibility
from subsidies.eligibility import APPLIED_FOR
from subsidies.models import CategoryGrant


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """One of them. `for_name` is empty for oneself; `reason` is what the last office to decide wrote for them."""

    id: str
    number: str
    for_name: str
    category: str
    state: State
    begun_at: datetime
    changed_at: datetime
    due_on: date | None
    reason: str
    valid_from: date | None
    """From when an approved category counts."""
    by_worker: str
    answers: Answers
    photos: tuple[str, ...]

    @property
    def is_with_applicant(self) -> bool:
        """To be filled in or completed."""
        return self.state in WITH_APPLICANT

    @property
    def is_open(self) -> bool:
        """May still be withdrawn."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class ApplyStart:
    """The first page: what is under way, and for whom a new one may be begun."""

    applications: tuple[OwnApplication, ...]
    family: tuple[tuple[str, str], ...]


def apply_start(session: Session, applicant_id: str, *, sealing: Sealing) -> ApplyStart:
    """The latest change first."""
    family = family_of(session, applicant_id)
    mine = col(Application.resident_id) == applicant_id
    for_family = col(Application.resident_id).in_([key for key, _ in family]) & (
        col(Application.filed_by) == f"resident:{applicant_id}"
    )
    rows = session.execute(
        _ROWS.where(or_(mine, for_family)).order_by(col(Application.changed_at).desc(), col(Application.id))
    )
    return ApplyStart(tuple(_own(session, row, name, applicant_id, sealing) for row, name in rows.all()), family)


def own_application(session: Session, application_id: str, applicant_id: str, *, sealing: Sealing) -> OwnApplication:
    """One of them.

    Raises:
        ApplicationUnknown: none, or not theirs (any more).
    """
    found = session.execute(_ROWS.where(col(Application.id) == application_id)).first()
    if found is None:
        raise ApplicationUnknown
    row, name = found
    family = row.filed_by == f"resident:{applicant_id}" and applies_for(session, row.resident_id, applicant_id)
    if row.resident_id != applicant_id and not family:
        raise ApplicationUnknown
    return _own(session, row, name, applicant_id, sealing)


def may_apply_for(session: Session, resident_id: str, *, today: date) -> tuple[str, ...]:
    """The categories that neither stand for long nor are under way already."""
    under_way = set(
        session.execute(
            select(col(Application.category)).where(
                col(Application.resident_id) == resident_id,
                col(Application.state).in_([state.value for state in OPEN]),
            )
        ).scalars()
    )
    stands = {
        grant.category
        for grant in eligibility.grants(session, resident_id)
        if grant.withdrawn_at is None and grant.valid_from <= today and grant.valid_until is None
    }
    return tuple(key for key in APPLIED_FOR if key not in under_way | stands)


_ROWS = select(Application, col(Resident.name)).join(Resident, col(Resident.id) == col(Application.resident_id))


def _own(session: Session, row: Application, name: str, applicant_id: str, sealing: Sealing) -> OwnApplication:
    last = session.execute(
        select(
            col(ApplicationStep.id),
            col(ApplicationStep.decision),
            col(ApplicationStep.reason_sealed),
            col(CategoryGrant.valid_from),
        )
        .outerjoin(CategoryGrant, col(CategoryGrant.id) == col(ApplicationStep.grant_id))
        .where(col(ApplicationStep.application_id) == row.id)
        .order_by(col(ApplicationStep.position).desc())
    ).first()
    told = last is not None and last.decision == row.state and row.state in {State.RETURNED, State.REFUSED}
    photos = session.execute(
        select(col(Evidence.id)).where(col(Evidence.application_id) == row.id).order_by(col(Evidence.position))
    ).scalars()
    return OwnApplication(
        id=row.id,
        number=row.number or "",
        for_name="" if row.resident_id == applicant_id else name,
        category=row.category,
        state=State(row.state),
        begun_at=row.begun_at,
        changed_at=row.changed_at,
        due_on=row.due_on,
        reason=open_reason(sealing, last.id, last.reason_sealed) if told and last is not None else "",
        valid_from=last.valid_from if last is not None and row.state == State.APPROVED else None,
        by_worker=row.filed_name if row.filed_how == "worker" else "",
        answers=open_answers(sealing, row.id, row.answers_sealed),
        photos=tuple(photos),
    )
