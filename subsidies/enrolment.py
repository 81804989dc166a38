"""Eligibility files: opened at enrolment, kept by the community and the district."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from subsidies import file_history
from subsidies.eligibility import CATEGORIES
from subsidies.errors import SubsidyError
from subsidies.models import CategoryGrant, EligibilityFile, FactField, FileStatus
from subsidies.rules.case import SHANGHAI

CONFIRM_WITHIN = timedelta(days=30)
"""How long benefits by residence go on without the community having seen it; later meals are listed as recoverable."""


class FileUnknown(SubsidyError):
    """No eligibility file was opened for this person."""

    code = "subsidies.file-unknown"


class CategoryUnknown(SubsidyError):
    """None of the nine categories; `data["category"]`."""

    code = "subsidies.category-unknown"


class CategoryHeld(SubsidyError):
    """The category already stands on the file for some of these days; `data["category"]`, `data["valid_from"]`."""

    code = "subsidies.category-held"


class ValidityRefused(SubsidyError):
    """A validity that ends before it begins."""

    code = "subsidies.validity"


class EvidenceMissing(SubsidyError):
    """A category needs to say what was seen or who confirmed it."""

    code = "subsidies.evidence-missing"


class GrantUnknown(SubsidyError):
    """No such grant, or it was withdrawn before."""

    code = "subsidies.grant-unknown"


class FactAhead(SubsidyError):
    """A place or the end of a category is told from a day that has not come."""

    code = "subsidies.fact-ahead"


def open_file(
    session: Session,
    resident_id: str,
    *,
    born: date | None,
    register_area: str,
    living_area: str,
    now: datetime,
) -> None:
    """Open the file. Benefits by age and residence apply from here on (免申即享), confirmed later."""
    session.execute(
        insert(EligibilityFile).values(
            resident_id=resident_id,
            born=born,
            register_area=register_area,
            living_area=living_area,
            residence_confirmed_at=None,
            residence_confirmed_by=None,
            status=FileStatus.ACTIVE.value,
            status_since=None,
            opened_at=now,
            version=1,
        )
    )


def change_file(session: Session, resident_id: str, **values: date | datetime | str | None) -> None:
    """Store new values of the file's columns under a new version.

    Raises:
        FileUnknown: nothing to change.
    """
    found = session.execute(
        update(EligibilityFile)
        .where(col(EligibilityFile.resident_id) == resident_id)
        .values(version=col(EligibilityFile.version) + 1, **values)
        .returning(col(EligibilityFile.resident_id))
        .execution_options(synchronize_session=False)
    ).first()
    if found is None:
        raise FileUnknown


def confirm_residence(session: Session, resident_id: str, *, by: str, now: datetime) -> None:
    """The community has seen that the person lives where the file says.

    Raises:
        FileUnknown: no file.
    """
    change_file(session, resident_id, residence_confirmed_at=now, residence_confirmed_by=by)


def set_status(session: Session, resident_id: str, status: FileStatus, *, since: date, now: datetime, by: str) -> None:
    """From `since` on (that day included) the file has this status; `since` may lie long before anybody learned it.

    Raises:
        FileUnknown: no file.
    """
    row = _locked(session, resident_id)
    if (row.status, row.status_since) == (status.value, since):
        return
    file_history.learn(
        session, resident_id, FactField.STATUS, status.value, was=row.status, effective_from=since, now=now, by=by
    )
    facts = [fact for fact in file_history.facts_of(session, resident_id) if fact.field is FactField.STATUS]
    *earlier, _ = [facts[0].was, *(value for _, value in file_history.steps(facts))]
    change_file(session, resident_id, status=status.value, status_since=since, status_before=earlier[-1])


def change_place(
    session: Session,
    resident_id: str,
    *,
    register_area: str | None = None,
    living_area: str | None = None,
    since: date | None = None,
    now: datetime,
    by: str,
) -> None:
    """Where the person is registered, or lives, from `since` on (by default today); a new place to live is not confirmed.

    Raises:
        FileUnknown: no file.
        FactAhead: `since` is still to come.
    """
    today = now.astimezone(SHANGHAI).date()
    if since is not None and since > today:
        raise FactAhead(day=since.isoformat())
    row = _locked(session, resident_id)
    columns: dict[str, date | datetime | str | None] = {}
    wanted = ((FactField.REGISTER, register_area, row.register_area), (FactField.LIVING, living_area, row.living_area))
    for field, value, was in wanted:
        if value is None:
            continue
        if value != was:
            file_history.learn(
                session, resident_id, field, value, was=was, effective_from=since or today, now=now, by=by
            )
        columns[field.value] = value
    if living_area is not None:
        columns |= {"residence_confirmed_at": None, "residence_confirmed_by": None, "residence_said_at": now}
    change_file(session, resident_id, **columns)


def correct_birthday(session: Session, resident_id: str, born: date, *, now: datetime, by: str) -> None:
    """The birthday that always was.

    Raises:
        FileUnknown: no file.
    """
    row = _locked(session, resident_id)
    if row.born == born:
        return
    was = row.born.isoformat() if row.born else ""
    file_history.learn(
        session, resident_id, FactField.BORN, born.isoformat(), was=was, effective_from=None, now=now, by=by
    )
    change_file(session, resident_id, born=born)


def _locked(session: Session, resident_id: str) -> Row[Any]:
    row = session.execute(
        select(
            col(EligibilityFile.born),
            col(EligibilityFile.register_area),
            col(EligibilityFile.living_area),
            col(EligibilityFile.status),
            col(EligibilityFile.status_since),
        )
        .where(col(EligibilityFile.resident_id) == resident_id)
        .with_for_update()
    ).first()
    if row is None:
        raise FileUnknown
    return row


def overlap(start: date, until: date | None, other: date, other_until: date | None) -> bool:
    """Whether two half-open spans share a day."""
    return (other_until is None or start < other_until) and (until is None or other < until)


def check_grant(
    session: Session,
    resident_id: str,
    category: str,
    *,
    valid_from: date,
    valid_until: date | None,
    evidence: str,
) -> None:
    """Whether it could be granted now; the file is held until the transaction ends.

    Raises:
        CategoryUnknown, ValidityRefused, EvidenceMissing, FileUnknown.
        CategoryHeld: it stands already on some of these days.
    """
    if category not in CATEGORIES:
        raise CategoryUnknown(category=category)
    if valid_until is not None and valid_until <= valid_from:
        raise ValidityRefused
    if not evidence.strip():
        raise EvidenceMissing(category=category)
    _locked(session, resident_id)
    standing = session.execute(
        select(col(CategoryGrant.valid_from), col(CategoryGrant.valid_until)).where(
            col(CategoryGrant.resident_id) == resident_id,
            col(CategoryGrant.category) == category,
            col(CategoryGrant.withdrawn_at).is_(None),
        )
    ).all()
    for start, until in standing:
        if overlap(valid_from, valid_until, start, until):
            raise CategoryHeld(category=category, valid_from=start.isoformat())


def grant(
    session: Session,
    resident_id: str,
    category: str,
    *,
    valid_from: date,
    valid_until: date | None,
    evidence: str,
    proposed_by: str,
    by: str,
    now: datetime,
) -> str:
    """Put a category on the file for `valid_from` ≤ day < `valid_until`; returns the grant's id.

    `proposed_by` applied for it or entered it, and is never `by` (the database refuses one person alone).

    Raises:
        CategoryUnknown, ValidityRefused, EvidenceMissing, FileUnknown, CategoryHeld: as `check_grant`.
    """
    check_grant(session, resident_id, category, valid_from=valid_from, valid_until=valid_until, evidence=evidence)
    change_file(session, resident_id)
    grant_id = str(ULID.from_datetime(now))
    session.execute(
        insert(CategoryGrant).values(
            id=grant_id,
            resident_id=resident_id,
            category=category,
            valid_from=valid_from,
            valid_until=valid_until,
            evidence=evidence.strip(),
            granted_at=now,
            granted_by=by,
            proposed_by=proposed_by,
            withdrawn_at=None,
        )
    )
    return grant_id


def withdraw(session: Session, grant_id: str, *, ended_on: date | None = None, now: datetime) -> tuple[str, str]:
    """Take a category off its file; returns resident and category.

    `ended_on` (by default today) is the first day it did not hold: meals since then, decided when nobody knew, are listed
    as recoverable. Its first day says that it never held.

    Raises:
        GrantUnknown: no such grant, or withdrawn before.
        FactAhead: `ended_on` is still to come.
    """
    today = now.astimezone(SHANGHAI).date()
    if ended_on is not None and ended_on > today:
        raise FactAhead(day=ended_on.isoformat())
    row = session.execute(
        update(CategoryGrant)
        .where(col(CategoryGrant.id) == grant_id, col(CategoryGrant.withdrawn_at).is_(None))
        .values(withdrawn_at=now, withdrawn_from=ended_on or today)
        .returning(col(CategoryGrant.resident_id), col(CategoryGrant.category))
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise GrantUnknown
    change_file(session, row[0])
    return row[0], row[1]
