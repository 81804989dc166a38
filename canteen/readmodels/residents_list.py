"""Who is on the roll, as far as an office may see, found by name, card or ID number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from canteen.people import residents, search
from canteen.people.models import Resident
from canteen.people.sealed import Sealer
from canteen.sites.models import Community
from subsidies.models import CategoryGrant, EligibilityFile, FileStatus

PAGE = 50

_COLUMNS: tuple[Any, ...] = (
    col(Resident.id),
    col(Resident.name),
    col(Resident.sex),
    col(EligibilityFile.born),
    col(Community.name).label("community"),
    col(EligibilityFile.status),
    col(EligibilityFile.residence_confirmed_at),
    col(Resident.is_demo),
)


@dataclass(frozen=True, slots=True)
class RollScope:
    """How far the reader sees: None means everywhere. Canteen staff look people up without a limit of place."""

    community_id: str | None = None
    subdistrict_id: str | None = None


@dataclass(frozen=True, slots=True)
class RollFilter:
    """What is looked for. `text` is a part of a name or its spelling (`zyl`), a card number or its end, a whole ID number,
    the last four digits of a telephone, or those and the birthday (`6688 0312`)."""

    text: str = ""
    community_id: str | None = None
    category: str | None = None
    status: FileStatus | None = None
    unconfirmed: bool = False
    """Only those whose residence nobody has confirmed yet."""
    enrolled_before: datetime | None = None
    """Only those whose file is active and was opened before this."""
    lapsing_until: date | None = None
    """Only those with a category that ends between today and this day, that day included."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class RollLine:
    """One resident. `categories` are those valid on the day asked for."""

    resident_id: str
    name: str
    sex: str
    age: int | None
    community_name: str | None
    status: FileStatus
    residence_confirmed: bool
    categories: tuple[str, ...]
    is_demo: bool
    born_year: int | None = None
    card_tail: str = ""


@dataclass(frozen=True, slots=True)
class RollPage:
    """One page of at most 50, sorted by name."""

    lines: tuple[RollLine, ...]
    total: int
    page: int
    pages: int


def residents_list(session: Session, wanted: RollFilter, *, scope: RollScope, today: date, sealer: Sealer) -> RollPage:
    """The page asked for; a page past the end is the last one."""
    ids = _filtered(select(col(Resident.id)), wanted, scope, today, sealer)
    total = session.execute(select(func.count()).select_from(ids.subquery())).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    statement = _filtered(select(*_COLUMNS), wanted, scope, today, sealer)
    rows = session.execute(
        statement.order_by(col(Resident.name), col(Resident.id)).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    held = _categories(session, [row.id for row in rows], today)
    tails = search.card_tails(session, [row.id for row in rows])
    lines = tuple(
        RollLine(
            row.id,
            row.name,
            row.sex,
            residents.age_on(row.born, today) if row.born else None,
            row.community,
            FileStatus(row.status or FileStatus.ACTIVE),
            row.residence_confirmed_at is not None,
            held.get(row.id, ()),
            row.is_demo,
            row.born.year if row.born else None,
            tails.get(row.id, ""),
        )
        for row in rows
    )
    return RollPage(lines, total, page, pages)


def _filtered(statement: Select[Any], wanted: RollFilter, scope: RollScope, today: date, sealer: Sealer) -> Select[Any]:
    statement = (
        statement.select_from(Resident)
        .outerjoin(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(residents.on_roll())
    )
    if scope.community_id is not None:
        statement = statement.where(col(Resident.community_id) == scope.community_id)
    if scope.subdistrict_id is not None:
        statement = statement.where(col(Community.subdistrict_id) == scope.subdistrict_id)
    if wanted.community_id is not None:
        statement = statement.where(col(Resident.community_id) == wanted.community_id)
    if wanted.status is not None:
        statement = statement.where(col(EligibilityFile.status) == wanted.status.value)
    if wanted.unconfirmed:
        statement = statement.where(col(EligibilityFile.residence_confirmed_at).is_(None))
    if wanted.enrolled_before is not None:
        statement = statement.where(
            col(EligibilityFile.opened_at) < wanted.enrolled_before,
            col(EligibilityFile.status) == FileStatus.ACTIVE.value,
        )
    if wanted.lapsing_until is not None:
        ending = select(col(CategoryGrant.resident_id)).where(
            col(CategoryGrant.withdrawn_at).is_(None),
            col(CategoryGrant.valid_until) > today,
            col(CategoryGrant.valid_until) <= wanted.lapsing_until,
        )
        statement = statement.where(col(Resident.id).in_(ending))
    if wanted.category is not None:
        holders = select(col(CategoryGrant.resident_id)).where(
            col(CategoryGrant.category) == wanted.category, *_valid_on(today)
        )
        statement = statement.where(col(Resident.id).in_(holders))
    statement = statement.where(col(Resident.merged_into).is_(None))
    return statement.where(search.matches(wanted.text, sealer)) if wanted.text.strip() else statement


def _valid_on(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(CategoryGrant.withdrawn_at).is_(None),
        col(CategoryGrant.valid_from) <= day,
        or_(col(CategoryGrant.valid_until).is_(None), col(CategoryGrant.valid_until) > day),
    )


def _categories(session: Session, ids: list[str], today: date) -> dict[str, tuple[str, ...]]:
    rows = session.execute(
        select(col(CategoryGrant.resident_id), col(CategoryGrant.category))
        .where(col(CategoryGrant.resident_id).in_(ids), *_valid_on(today))
        .order_by(col(CategoryGrant.category))
    )
    found: dict[str, tuple[str, ...]] = {}
    for resident_id, category in rows:
        found[resident_id] = (*found.get(resident_id, ()), category)
    return found
