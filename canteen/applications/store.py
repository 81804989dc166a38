"""Rows of applications: begun, moved by the table of `states`, written down step by step, their photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from ulid import ULID

from canteen.applications.errors import AlreadyOpen, ApplicationUnknown, MovedOn, SecondPersonNeeded, TooManyPhotos
from canteen.applications.evidence import MOST, Photo
from canteen.applications.models import Application, ApplicationStep, Evidence
from canteen.applications.papers import Sealing, seal_photo, seal_reason
from canteen.applications.states import OPEN, WAITS_FOR, WITH_APPLICANT, WITHDRAW, Level, Move, State
from canteen.db.locks import hold


@dataclass(frozen=True, slots=True)
class Standing:
    """An application as it stands, held until the transaction ends."""

    id: str
    number: str | None
    resident_id: str
    category: str
    state: State
    filed_by: str
    filed_how: str
    answers_sealed: bytes | None
    version: int


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: `account:ID` or `resident:ID`, on which level; the name of an account."""

    ref: str
    level: Level
    name: str = ""


def begin(session: Session, resident_id: str, category: str, *, how: str, by: Doer, now: datetime) -> str:
    """A draft; returns its key.

    Raises:
        AlreadyOpen: one for this category is under way.
    """
    standing = session.execute(
        select(col(Application.id)).where(
            col(Application.resident_id) == resident_id,
            col(Application.category) == category,
            col(Application.state).in_([state.value for state in OPEN]),
        )
    ).scalar()
    if standing is not None:
        raise AlreadyOpen(standing)
    key = str(ULID.from_datetime(now))
    values = {
        "id": key,
        "resident_id": resident_id,
        "category": category,
        "state": State.DRAFT.value,
        "filed_by": by.ref,
        "filed_how": how,
        "filed_name": by.name,
        "begun_at": now,
        "changed_at": now,
        "version": 1,
    }
    try:
        session.execute(insert(Application).values(**values))
    except IntegrityError as error:  # begun on another phone this very moment
        raise AlreadyOpen from error
    return key


def locked(session: Session, application_id: str) -> Standing:
    """The application, held.

    Raises:
        ApplicationUnknown: there is none.
    """
    row = session.execute(
        select(
            col(Application.id),
            col(Application.number),
            col(Application.resident_id),
            col(Application.category),
            col(Application.state),
            col(Application.filed_by),
            col(Application.filed_how),
            col(Application.answers_sealed),
            col(Application.version),
        )
        .where(col(Application.id) == application_id)
        .with_for_update()
    ).first()
    if row is None:
        raise ApplicationUnknown
    key, number, resident_id, category, state, filed_by, how, answers, version = row
    return Standing(key, number, resident_id, category, State(state), filed_by, how, answers, version)


def open_to_change(session: Session, application_id: str) -> Standing:
    """The same, while answers and photos may change.

    Raises:
        ApplicationUnknown: there is none.
        MovedOn: it has been sent, decided or withdrawn.
    """
    standing = locked(session, application_id)
    if standing.state not in WITH_APPLICANT:
        raise MovedOn(state=standing.state.value)
    return standing


def keep_answers(session: Session, application_id: str, answers_sealed: bytes, *, now: datetime) -> None:
    """In place of those before."""
    _change(session, application_id, answers_sealed=answers_sealed, changed_at=now)


def give_number(session: Session, application_id: str, year: int) -> str:
    """`2026-0001`, the next of the year; nobody else takes a number until the transaction ends."""
    hold(session, f"application-number:{year}")
    taken = session.execute(
        select(func.count()).select_from(Application).where(col(Application.number).like(f"{year}-%"))
    ).scalar_one()
    number = f"{year}-{taken + 1:04d}"
    _change(session, application_id, number=number)
    return number


def check_move(session: Session, standing: Standing, step: Move, by: str) -> None:
    """Raises:
    MovedOn: it stands elsewhere by now.
    SecondPersonNeeded: this person acted on another level of this application before.
    """
    if standing.state not in step.sources:
        raise MovedOn(state=standing.state.value)
    other_level = select(col(ApplicationStep.id)).where(
        col(ApplicationStep.application_id) == standing.id,
        col(ApplicationStep.by) == by,
        col(ApplicationStep.level) != step.level.value,
    )
    if session.execute(other_level).first() is not None:
        raise SecondPersonNeeded


def move(
    session: Session,
    standing: Standing,
    step: Move,
    *,
    by: Doer,
    now: datetime,
    due_on: date | None,
    sealing: Sealing,
    reason: str = "",
    grant_id: str | None = None,
    **more: str | datetime | None,
) -> None:
    """Take the step and write down who took it.

    Raises:
        MovedOn, SecondPersonNeeded: as `check_move`.
    """
    check_move(session, standing, step, by.ref)
    waits = step.target in WAITS_FOR
    _change(
        session,
        standing.id,
        state=step.target.value,
        due_on=due_on if waits else None,
        changed_at=now,
        version=standing.version + 1,
        **more,
    )
    key = str(ULID.from_datetime(now))
    steps = session.execute(
        select(func.count()).select_from(ApplicationStep).where(col(ApplicationStep.application_id) == standing.id)
    ).scalar_one()
    session.execute(
        insert(ApplicationStep).values(
            id=key,
            application_id=standing.id,
            position=steps + 1,
            level=step.level.value,
            decision=step.target.value,
            at=now,
            by=by.ref,
            by_name=by.name,
            reason_sealed=seal_reason(sealing, key, reason),
            grant_id=grant_id,
        )
    )


def forget_papers(session: Session, application_id: str) -> None:
    """Withdrawn: answers and photos go, the steps stay."""
    session.execute(delete(Evidence).where(col(Evidence.application_id) == application_id))
    _change(session, application_id, answers_sealed=None)


def add_photo(session: Session, application_id: str, photo: Photo, *, by: Doer, now: datetime, sealing: Sealing) -> str:
    """One photo more; the caller holds the application.

    Raises:
        TooManyPhotos: there are three.
    """
    taken = photo_keys(session, application_id)
    places = [place for place in range(1, MOST + 1) if place not in taken]
    if not places:
        raise TooManyPhotos(most=MOST)
    key = token_urlsafe(18)
    session.execute(
        insert(Evidence).values(
            id=key,
            application_id=application_id,
            position=places[0],
            added_at=now,
            added_by=by.ref,
            width=photo.width,
            height=photo.height,
            sealed=seal_photo(sealing, key, photo.webp),
        )
    )
    return key


def drop_photo(session: Session, application_id: str, evidence_id: str) -> None:
    """Take one away; again is harmless."""
    session.execute(
        delete(Evidence).where(col(Evidence.id) == evidence_id, col(Evidence.application_id) == application_id)
    )


def photo_keys(session: Session, application_id: str) -> dict[int, str]:
    """Position → key of each photo."""
    rows = session.execute(
        select(col(Evidence.position), col(Evidence.id))
        .where(col(Evidence.application_id) == application_id)
        .order_by(col(Evidence.position))
    )
    return {row.position: row.id for row in rows}


def sealed_photo(session: Session, application_id: str, evidence_id: str) -> bytes:
    """As stored.

    Raises:
        ApplicationUnknown: this application has no such photo.
    """
    found = session.execute(
        select(col(Evidence.sealed)).where(
            col(Evidence.id) == evidence_id, col(Evidence.application_id) == application_id
        )
    ).scalar()
    if found is None:
        raise ApplicationUnknown
    return bytes(found)


def take_over(session: Session, kept: str, gone: str, *, by: str, now: datetime, sealing: Sealing) -> None:
    """Two files became one: its applications go to the kept file; of two open ones for a category that of `gone` is withdrawn."""
    open_states = [state.value for state in OPEN]
    mine = set(_open_categories(session, kept, open_states))
    rows = session.execute(select(col(Application.id), col(Application.category)).where(
        col(Application.resident_id) == gone, col(Application.state).in_(open_states)
    )).all()  # fmt: skip
    for key, category in rows:
        if category in mine:
            move(session, locked(session, key), WITHDRAW, by=Doer(by, Level.APPLICANT), now=now, due_on=None,
                 sealing=sealing)  # fmt: skip
            forget_papers(session, key)
    session.execute(
        update(Application)
        .where(col(Application.resident_id) == gone)
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )


def _open_categories(session: Session, resident_id: str, states: Sequence[str]) -> Sequence[str]:
    return session.execute(
        select(col(Application.category)).where(
            col(Application.resident_id) == resident_id, col(Application.state).in_(states)
        )
    ).scalars().all()  # fmt: skip


def _change(session: Session, application_id: str, **values: str | int | date | datetime | bytes | None) -> None:
    session.execute(
        update(Application)
        .where(col(Application.id) == application_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
