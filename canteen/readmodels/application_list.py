"""Which applications wait for this office, the overdue first, and where all the others stand?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import Session, col

from canteen.applications.models import Application, ApplicationStep
from canteen.applications.states import WAITS_FOR, Level, State
from canteen.people.accounts import Actor
from canteen.people.models import Resident, Role
from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.sites.models import Community
from menus.service_days import business_day

A_PAGE = 50
LEVELS = {Role.COMMUNITY: Level.COMMUNITY, Role.SUBDISTRICT: Level.SUBDISTRICT, Role.OFFICER: Level.DISTRICT}
"""Role → the level it decides on; every other role only reads."""


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One application. `is_own`: filed or decided elsewhere by whoever looks, so somebody else's now."""

    id: str
    number: str
    name: str
    community: str
    category: str
    state: State
    filed_how: str
    submitted_on: date | None
    due_on: date | None
    days_left: int | None
    is_own: bool

    @property
    def is_overdue(self) -> bool:
        """The office's workdays are over."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """`waiting` for the reader's office, due first; `others` are the latest of the rest, one page of `pages`."""

    waiting: tuple[ApplicationLine, ...]
    others: tuple[ApplicationLine, ...]
    page: int
    pages: int

    @property
    def overdue(self) -> int:
        """Of those that wait."""
        return sum(line.is_overdue for line in self.waiting)


def application_list(
    session: Session, actor: Actor, *, today: date, state: State | None = None, page: int = 1
) -> ApplicationList:
    """Drafts are nobody's business. `state` narrows the others."""
    scope = in_scope(roll_scope(actor))
    mine = _waiting_state(actor)
    waiting: tuple[ApplicationLine, ...] = ()
    if mine is not None:
        ordered = _lines(scope, col(Application.state) == mine.value).order_by(
            col(Application.due_on), col(Application.id)
        )
        waiting = _read(session, ordered, actor, today)
    others: ColumnElement[bool] = col(Application.submitted_at).is_not(None)
    if state is not None:
        others = others & (col(Application.state) == state.value)
    elif mine is not None:
        others = others & (col(Application.state) != mine.value)
    count = session.execute(
        select(func.count())
        .select_from(Application)
        .join(Resident, col(Resident.id) == col(Application.resident_id))
        .where(scope, others)
    ).scalar_one()
    pages = max(1, -(-count // A_PAGE))
    page = min(max(page, 1), pages)
    statement = _lines(scope, others).order_by(col(Application.changed_at).desc(), col(Application.id))
    shown = _read(session, statement.limit(A_PAGE).offset((page - 1) * A_PAGE), actor, today)
    return ApplicationList(waiting, shown, page, pages)


def waiting_count(session: Session, actor: Actor, *, today: date) -> tuple[int, int]:
    """How many wait for this office, and how many of them are overdue."""
    mine = _waiting_state(actor)
    if mine is None:
        return 0, 0
    late = func.sum(case((col(Application.due_on) < today, 1), else_=0))
    row = session.execute(
        select(func.count(), func.coalesce(late, 0))
        .select_from(Application)
        .join(Resident, col(Resident.id) == col(Application.resident_id))
        .where(in_scope(roll_scope(actor)), col(Application.state) == mine.value)
    ).one()
    return int(row[0]), int(row[1])


def next_waiting(session: Session, actor: Actor, *, today: date, after: str) -> str | None:
    """The most urgent of those that wait for this office, `after` left out."""
    lines = application_list(session, actor, today=today).waiting
    return next((line.id for line in lines if line.id != after and not line.is_own), None)


def _waiting_state(actor: Actor) -> State | None:
    level = LEVELS.get(actor.role) if actor.role else None
    return next((state for state, waits in WAITS_FOR.items() if waits is level), None) if level else None


def _lines(*narrowed: ColumnElement[bool]) -> Select[Application, str, str]:
    return (
        select(Application, col(Resident.name), col(Community.name))
        .join(Resident, col(Resident.id) == col(Application.resident_id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(*narrowed)
    )


def _read(
    session: Session, statement: Select[Application, str, str], actor: Actor, today: date
) -> tuple[ApplicationLine, ...]:
    rows = session.execute(statement).all()
    level = LEVELS.get(actor.role) if actor.role else None
    touched = set(
        session.execute(
            select(col(ApplicationStep.application_id)).where(
                col(ApplicationStep.application_id).in_([row.id for row, _, _ in rows]),
                col(ApplicationStep.by) == actor.ref,
                col(ApplicationStep.level) != (level.value if level else ""),
            )
        ).scalars()
    )
    return tuple(
        ApplicationLine(
            id=row.id,
            number=row.number or "",
            name=name,
            community=community or "",
            category=row.category,
            state=State(row.state),
            filed_how=row.filed_how,
            submitted_on=business_day(row.submitted_at) if row.submitted_at else None,
            due_on=row.due_on,
            days_left=(row.due_on - today).days if row.due_on else None,
            is_own=row.id in touched,
        )
        for row, name, community in rows
    )
