"""Who did what, when? The audit log, newest first; names of those who acted, never of residents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from canteen.audit.log import Detail
from canteen.audit.models import AuditEntry
from canteen.people.models import Account, ApiToken
from canteen.sites.models import Device
from menus.service_days import instant

PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; empty means everything. `action` is the start of a name, `subject` and `actor` whole keys."""

    action: str = ""
    subject: str = ""
    actor: str = ""
    canteen: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One action. `actor_name` is the account, device or token by name; `details` are keys and figures as stored."""

    id: str
    at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    canteen_id: str | None
    details: Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """At most 100 lines; `before` asks for the next older ones, None when there are none."""

    lines: tuple[AuditLine, ...]
    before: str | None
    actions: tuple[str, ...]
    """Every name of an action in the log."""


def audit_page(session: Session, wanted: AuditFilter, *, before: str = "") -> AuditPage:
    """The newest that fit, or those older than the entry `before`."""
    conditions = _conditions(wanted)
    if before:
        conditions.append(col(AuditEntry.id) < before)
    rows = session.execute(
        select(AuditEntry).where(*conditions).order_by(col(AuditEntry.id).desc()).limit(PAGE + 1)
    ).scalars()
    entries = list(rows)
    actions = session.execute(select(col(AuditEntry.action)).distinct().order_by(col(AuditEntry.action))).scalars()
    more = entries[PAGE - 1].id if len(entries) > PAGE else None
    return AuditPage(_lines(session, entries[:PAGE]), more, tuple(actions))


def audit_of(session: Session, subject: str) -> tuple[AuditLine, ...]:
    """Everything about one subject, oldest first."""
    rows = session.execute(
        select(AuditEntry).where(col(AuditEntry.subject) == subject).order_by(col(AuditEntry.id)).limit(PAGE)
    ).scalars()
    return _lines(session, list(rows))


def names_of(session: Session, refs: Collection[str]) -> dict[str, str]:
    """`account:ID` → name, and so for devices and tokens; what is unknown is left out."""
    found: dict[str, str] = {}
    for kind, table in (("account", Account), ("device", Device), ("token", ApiToken)):
        ids = [ref.removeprefix(f"{kind}:") for ref in refs if ref.startswith(f"{kind}:")]
        if ids:
            rows = session.execute(select(col(table.id), col(table.name)).where(col(table.id).in_(ids)))
            found |= {f"{kind}:{key}": name for key, name in rows}
    return found


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(col(AuditEntry.action).startswith(wanted.action, autoescape=True))
    if wanted.subject:
        conditions.append(col(AuditEntry.subject) == wanted.subject)
    if wanted.actor:
        conditions.append(col(AuditEntry.actor) == wanted.actor)
    if wanted.canteen:
        conditions.append(col(AuditEntry.canteen_id) == wanted.canteen)
    if wanted.day is not None:
        start = instant(wanted.day, time())
        conditions += [col(AuditEntry.at) >= start, col(AuditEntry.at) < start + timedelta(days=1)]
    return conditions


def _lines(session: Session, entries: list[AuditEntry]) -> tuple[AuditLine, ...]:
    names = names_of(session, {entry.actor for entry in entries})
    return tuple(
        AuditLine(
            entry.id,
            entry.at,
            entry.actor,
            names.get(entry.actor, entry.actor),
            entry.action,
            entry.subject,
            entry.canteen_id,
            entry.details,
        )
        for entry in entries
    )
