"""One application as an office sees it: papers, what was decided so far, what the rules know, what it would change."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.applications import store
from canteen.applications.errors import ApplicationUnknown
from canteen.applications.models import Application, ApplicationStep
from canteen.applications.papers import Answers, Sealing, open_answers, open_photo, open_reason
from canteen.applications.states import DECISIONS, OPEN, WAITS_FOR, Level, State
from canteen.people.accounts import Actor
from canteen.people.models import Resident
from canteen.people.residents import age_on
from canteen.readmodels.application_list import LEVELS
from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.readmodels.standard_meal import MealChange, change_by_category
from canteen.sites.models import Community
from subsidies import eligibility
from subsidies.models import FileStatus

Verdict = Literal["ok", "note", "against"]


@dataclass(frozen=True, slots=True)
class StepLine:
    """What somebody did; the words of a return or refusal are the applicant's to read."""

    level: Level
    decision: State
    at: datetime
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """One thing the file says, `key` of its sentence; `what` fills it."""

    verdict: Verdict
    key: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class EarlierApplication:
    """Of the same person."""

    id: str
    number: str
    category: str
    state: State
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationCase:
    """`decisions` are the reader's buttons; none when it is not their turn (`is_own`: their office's turn, but not theirs)."""

    id: str
    number: str
    version: int
    resident_id: str
    name: str
    age: int | None
    community: str
    category: str
    state: State
    filed_how: str
    filed_name: str
    submitted_at: datetime | None
    due_on: date | None
    days_left: int | None
    answers: Answers
    photos: tuple[str, ...]
    steps: tuple[StepLine, ...]
    facts: tuple[FactLine, ...]
    earlier: tuple[EarlierApplication, ...]
    change: MealChange | None
    decisions: tuple[str, ...]
    is_own: bool
    is_filed_by_reader: bool
    grant_from: date
    """What the form of an approval suggests: today, or the day after a present grant ends."""

    @property
    def waits_for(self) -> Level | None:
        """Whose turn it is."""
        return WAITS_FOR.get(self.state)

    @property
    def is_open(self) -> bool:
        """Not decided, not withdrawn."""
        return self.state in OPEN


def sees_application(session: Session, actor: Actor, application_id: str) -> bool:
    """Whether it was sent and the person's file lies within the actor's scope."""
    statement = (
        select(col(Application.id))
        .join(Resident, col(Resident.id) == col(Application.resident_id))
        .where(
            col(Application.id) == application_id,
            col(Application.submitted_at).is_not(None),
            in_scope(roll_scope(actor)),
        )
    )
    return session.execute(statement).first() is not None


def application_photo(session: Session, application_id: str, evidence_id: str, *, sealing: Sealing) -> bytes:
    """WebP.

    Raises:
        ApplicationUnknown: this application has no such photo.
    """
    return open_photo(sealing, evidence_id, store.sealed_photo(session, application_id, evidence_id))


def application_case(
    session: Session, actor: Actor, application_id: str, *, now: datetime, today: date, sealing: Sealing, examples: bool
) -> ApplicationCase:
    """The caller has made sure that the actor sees it.

    Raises:
        ApplicationUnknown: there is none.
    """
    found = session.execute(
        select(Application, col(Resident.name), col(Community.name))
        .join(Resident, col(Resident.id) == col(Application.resident_id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(col(Application.id) == application_id)
    ).first()
    if found is None:
        raise ApplicationUnknown
    row, name, community = found
    steps = session.execute(
        select(ApplicationStep)
        .where(col(ApplicationStep.application_id) == row.id)
        .order_by(col(ApplicationStep.position))
    ).scalars().all()  # fmt: skip
    level, state = LEVELS.get(actor.role) if actor.role else None, State(row.state)
    is_own = any(step.by == actor.ref and step.level != level for step in steps)
    turn = level is not None and WAITS_FOR.get(state) is level
    file = eligibility.eligibility_file(session, row.resident_id)
    facts, grant_from = _facts(session, row, today)
    return ApplicationCase(
        id=row.id,
        number=row.number or "",
        version=row.version,
        resident_id=row.resident_id,
        name=name,
        age=age_on(file.born, today) if file and file.born else None,
        community=community or "",
        category=row.category,
        state=state,
        filed_how=row.filed_how,
        filed_name=row.filed_name,
        submitted_at=row.submitted_at,
        due_on=row.due_on,
        days_left=(row.due_on - today).days if row.due_on else None,
        answers=open_answers(sealing, row.id, row.answers_sealed),
        photos=tuple(store.photo_keys(session, row.id).values()),
        steps=tuple(
            StepLine(
                Level(step.level),
                State(step.decision),
                step.at,
                step.by_name,
                open_reason(sealing, step.id, step.reason_sealed),
            )
            for step in steps
        ),
        facts=facts,
        earlier=_earlier(session, row),
        change=change_by_category(session, row.resident_id, row.category, now=now, today=today, examples=examples),
        decisions=tuple(DECISIONS[level]) if turn and level and not is_own else (),
        is_own=turn and is_own,
        is_filed_by_reader=row.filed_by == actor.ref,
        grant_from=grant_from,
    )


def _facts(session: Session, row: Application, today: date) -> tuple[tuple[FactLine, ...], date]:
    file = eligibility.eligibility_file(session, row.resident_id)
    facts: list[FactLine] = []
    if file is None or file.status is not FileStatus.ACTIVE:
        facts.append(FactLine("against", "not-active", file.status.value if file else ""))
    else:
        facts.append(FactLine("ok", "active"))
    if file and file.residence_confirmed_at:
        facts.append(FactLine("ok", "residence", file.residence_confirmed_at.date().isoformat()))
    else:
        facts.append(FactLine("note", "residence-open"))
    inside = file is not None and eligibility.register_level(file.register_area) in {
        "district",
        "subdistrict",
        "community",
    }
    facts.append(FactLine("ok", "register-inside") if inside else FactLine("note", "register-outside"))
    grant_from = today
    for grant in eligibility.grants(session, row.resident_id):
        if grant.category != row.category or grant.withdrawn_at is not None:
            continue
        if grant.valid_until is None:
            facts.append(FactLine("against", "held"))
        elif grant.valid_until > today:
            facts.append(FactLine("note", "held-until", grant.valid_until.isoformat()))
            grant_from = max(grant_from, grant.valid_until)
        else:
            facts.append(FactLine("note", "ended", grant.valid_until.isoformat()))
    photos = len(store.photo_keys(session, row.id))
    facts.append(FactLine("ok", "photos", str(photos)) if photos else FactLine("note", "no-photos"))
    return tuple(facts), grant_from


def _earlier(session: Session, row: Application) -> tuple[EarlierApplication, ...]:
    rows = session.execute(
        select(
            col(Application.id),
            col(Application.number),
            col(Application.category),
            col(Application.state),
            col(Application.changed_at),
        )
        .where(
            col(Application.resident_id) == row.resident_id,
            col(Application.id) != row.id,
            col(Application.submitted_at).is_not(None),
        )
        .order_by(col(Application.changed_at).desc())
    )
    return tuple(EarlierApplication(key, no or "", category, State(state), at) for key, no, category, state, at in rows)
