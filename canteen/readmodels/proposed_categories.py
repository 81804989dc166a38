"""Which categories wait for a second person, and from whom?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from canteen.people import residents
from canteen.people.accounts import Actor
from canteen.people.models import Account, Resident
from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.sites.models import Community
from canteen.tables.models import ImportBatch
from subsidies.models import CategoryProposal

Columns = TypeVarTuple("Columns")

SHOWN = 50
"""Lines of one list on the page: as many as are decided at once."""
MOST_LISTS = 20
SENT_BACK_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """One category that waits; `valid_until` is the first day without."""

    id: str
    resident_id: str
    name: str
    community: str
    category: str
    valid_from: date
    valid_until: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class ProposedList:
    """What one person entered by hand, or brought in with one file; `total` counts also lines that are not shown."""

    source: str
    file_name: str
    by_name: str
    """Empty: entered on the command line."""
    entered_at: datetime
    is_own: bool
    total: int
    lines: tuple[ProposedLine, ...]


def proposed_categories(session: Session, actor: Actor) -> tuple[ProposedList, ...]:
    """Within the reader's scope; what waits longest stands first."""
    entered_at = func.min(col(CategoryProposal.entered_at))
    groups = session.execute(
        _within(select(col(CategoryProposal.source), col(CategoryProposal.entered_by), entered_at, func.count()), actor)
        .group_by(col(CategoryProposal.source), col(CategoryProposal.entered_by))
        .order_by(entered_at)
        .limit(MOST_LISTS)
    ).all()
    return tuple(_list(session, actor, _Group(source, by, at, total)) for source, by, at, total in groups)


@dataclass(frozen=True, slots=True)
class SentBack:
    """One that was declined, and why."""

    resident_id: str
    name: str
    category: str
    reason: str
    decided_at: datetime


def sent_back(session: Session, actor: Actor, *, now: datetime) -> tuple[SentBack, ...]:
    """Declined within the last thirty days and the reader's scope, newest first."""
    rows = session.execute(
        select(
            col(CategoryProposal.resident_id),
            col(Resident.name),
            col(CategoryProposal.category),
            col(CategoryProposal.reason),
            col(CategoryProposal.decided_at),
        )
        .join(Resident, col(Resident.id) == col(CategoryProposal.resident_id))
        .where(
            in_scope(roll_scope(actor)),
            col(CategoryProposal.decision) == "declined",
            col(CategoryProposal.decided_at) > now - SENT_BACK_FOR,
        )
        .order_by(col(CategoryProposal.decided_at).desc())
        .limit(SHOWN)
    )
    return tuple(SentBack(who, name, category, reason, at or now) for who, name, category, reason, at in rows)


def proposals_waiting(session: Session, actor: Actor) -> int:
    """How many of them the reader may decide: not their own."""
    statement = _within(select(func.count(col(CategoryProposal.id))), actor)
    return int(session.execute(statement.where(col(CategoryProposal.entered_by) != actor.ref)).scalar_one())


def proposals_in_reach(session: Session, actor: Actor, keys: tuple[str, ...]) -> bool:
    """Whether all of these, waiting or decided, lie within the reader's scope."""
    statement = (
        select(func.count(col(CategoryProposal.id)))
        .join(Resident, col(Resident.id) == col(CategoryProposal.resident_id))
        .where(in_scope(roll_scope(actor)), residents.on_roll(), col(CategoryProposal.id).in_(keys))
    )
    return int(session.execute(statement).scalar_one()) == len(set(keys))


@dataclass(frozen=True, slots=True)
class _Group:
    """What one person entered from one source."""

    source: str
    by: str
    at: datetime
    total: int


def _list(session: Session, actor: Actor, group: _Group) -> ProposedList:
    rows = session.execute(
        _within(select(CategoryProposal, col(Resident.name), col(Community.name)), actor)
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(col(CategoryProposal.source) == group.source, col(CategoryProposal.entered_by) == group.by)
        .order_by(col(CategoryProposal.id))
        .limit(SHOWN)
    )
    batch = group.source.removeprefix("import:")
    file_name = session.execute(select(col(ImportBatch.file_name)).where(col(ImportBatch.id) == batch)).scalar()
    name = session.execute(
        select(col(Account.name)).where(col(Account.id) == group.by.removeprefix("account:"))
    ).scalar()
    return ProposedList(
        source=group.source,
        file_name=file_name or "",
        by_name=name or "",
        entered_at=group.at,
        is_own=group.by == actor.ref,
        total=group.total,
        lines=tuple(
            ProposedLine(
                one.id,
                one.resident_id,
                who,
                community or "",
                one.category,
                one.valid_from,
                one.valid_until,
                one.evidence,
            )
            for one, who, community in rows
        ),
    )


def _within(statement: Select[*Columns], actor: Actor) -> Select[*Columns]:
    return statement.join(Resident, col(Resident.id) == col(CategoryProposal.resident_id)).where(
        in_scope(roll_scope(actor)), residents.on_roll(), col(CategoryProposal.decision).is_(None)
    )
