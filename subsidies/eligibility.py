"""Who somebody is to the rules on one day: read from the eligibility file, without a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, SQLModel, col

from subsidies.models import CategoryGrant, EligibilityFile, FileStatus
from subsidies.rules.facts import Diner, HeldCategory, RegisterLevel

CATEGORIES = (
    "living_alone",
    "empty_nest",
    "left_behind",
    "destitute",
    "very_old",
    "disabled_frail",
    "severe_disability",
    "special_family",
    "low_income",
)
BY_AGE = frozenset({"very_old"})
"""Follow from the birthday: nobody applies for them."""
APPLIED_FOR = tuple(key for key in CATEGORIES if key not in BY_AGE)
SCHEME_AREA = "jilin/fengman"
"""The area whose register (户籍) counts as inside: city/district."""
RECENT_DAYS = 92
"""Ended categories stay visible to a decision that long, so that an explanation can say when one ran out."""

_LEVELS: tuple[RegisterLevel, ...] = ("other", "city", "district", "subdistrict", "community")

# Tables, not classes: what is asked for every order skips the object layer.
_FILE_TABLE = SQLModel.metadata.tables[str(EligibilityFile.__tablename__)]
_GRANT_TABLE = SQLModel.metadata.tables[str(CategoryGrant.__tablename__)]
# Built once: on the path of every order.
_FILE = select(
    _FILE_TABLE.c.born,
    _FILE_TABLE.c.register_area,
    _FILE_TABLE.c.living_area,
    _FILE_TABLE.c.residence_confirmed_at,
    _FILE_TABLE.c.status,
    _FILE_TABLE.c.status_since,
    _FILE_TABLE.c.status_before,
).where(_FILE_TABLE.c.resident_id == bindparam("resident"))
_FILE_LOCKED = _FILE.with_for_update()
_HELD = (
    select(_GRANT_TABLE.c.category, _GRANT_TABLE.c.valid_from, _GRANT_TABLE.c.valid_until)
    .where(
        _GRANT_TABLE.c.resident_id == bindparam("resident"),
        _GRANT_TABLE.c.withdrawn_at.is_(None),
        _GRANT_TABLE.c.valid_from <= bindparam("on"),
        or_(_GRANT_TABLE.c.valid_until.is_(None), _GRANT_TABLE.c.valid_until > bindparam("since")),
    )
    .order_by(_GRANT_TABLE.c.category, _GRANT_TABLE.c.valid_from)
)


@dataclass(frozen=True, slots=True)
class FileView:
    """An eligibility file as the office sees it."""

    resident_id: str
    born: date | None
    register_area: str
    living_area: str
    residence_confirmed_at: datetime | None
    status: FileStatus
    status_since: date | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class GrantView:
    """One category on a file; `valid_until` and `withdrawn_from` are first days without."""

    id: str
    category: str
    valid_from: date
    valid_until: date | None
    evidence: str
    granted_at: datetime
    granted_by: str
    withdrawn_at: datetime | None
    withdrawn_from: date | None


def diner_facts(session: Session, resident_id: str, on: date) -> Diner:
    """What the rules may know about this person for a meal on `on`. Without a file: a diner with nothing known.

    A status holds from its own day: somebody who moved yesterday was active the day before. Older days stand in
    `file_history`; here only the last change counts.
    """
    row = session.execute(_FILE, {"resident": resident_id}).first()
    return Diner() if row is None else _facts(session, resident_id, on, row)


def locked_diner_facts(session: Session, resident_id: str, on: date) -> Diner | None:
    """The same with the file held until the transaction ends; None when there is no file.

    One row a person is the lock for all of their counters, whichever canteens ask at once.
    """
    row = session.execute(_FILE_LOCKED, {"resident": resident_id}).first()
    return None if row is None else _facts(session, resident_id, on, row)


def _facts(session: Session, resident_id: str, on: date, row: Sequence[Any]) -> Diner:
    born, register_area, living_area, confirmed_at, status, since, before = row
    held = session.execute(_HELD, {"resident": resident_id, "on": on, "since": on - timedelta(days=RECENT_DAYS)})
    return Diner(
        born=born,
        register=register_level(register_area),
        register_area=register_area,
        living_area=living_area,
        residence_confirmed=confirmed_at is not None,
        status=before if since is not None and on < since else status,
        # Files are half-open; a decision names the last good day.
        categories=tuple(
            HeldCategory(key, start, None if until is None else until - timedelta(days=1)) for key, start, until in held
        ),
    )


def register_level(register_area: str, scheme_area: str = SCHEME_AREA) -> RegisterLevel:
    """The innermost level at which the register lies inside the scheme's own area; "none" when it is unknown."""
    if not register_area:
        return "none"
    place, scheme = register_area.split("/"), scheme_area.split("/")
    shared = 0
    while shared < min(len(place), len(scheme)) and place[shared] == scheme[shared]:
        shared += 1
    if shared < len(scheme):
        return _LEVELS[shared]
    return _LEVELS[min(len(place), len(_LEVELS) - 1)]


def eligibility_file(session: Session, resident_id: str) -> FileView | None:
    """The file, if one was opened."""
    row = session.execute(
        select(
            col(EligibilityFile.resident_id),
            col(EligibilityFile.born),
            col(EligibilityFile.register_area),
            col(EligibilityFile.living_area),
            col(EligibilityFile.residence_confirmed_at),
            col(EligibilityFile.status),
            col(EligibilityFile.status_since),
            col(EligibilityFile.opened_at),
        ).where(col(EligibilityFile.resident_id) == resident_id)
    ).first()
    if row is None:
        return None
    key, born, register_area, living_area, confirmed, status, since, opened = row
    return FileView(key, born, register_area, living_area, confirmed, FileStatus(status), since, opened)


def grants(session: Session, resident_id: str) -> tuple[GrantView, ...]:
    """Every category ever granted, latest first; withdrawn ones too."""
    rows = session.execute(
        select(
            col(CategoryGrant.id),
            col(CategoryGrant.category),
            col(CategoryGrant.valid_from),
            col(CategoryGrant.valid_until),
            col(CategoryGrant.evidence),
            col(CategoryGrant.granted_at),
            col(CategoryGrant.granted_by),
            col(CategoryGrant.withdrawn_at),
            col(CategoryGrant.withdrawn_from),
        )
        .where(col(CategoryGrant.resident_id) == resident_id)
        .order_by(col(CategoryGrant.valid_from).desc(), col(CategoryGrant.id))
    )
    return tuple(GrantView(*row) for row in rows)
