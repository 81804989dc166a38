"""Who agreed to what: text version, how, when; taken back at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from canteen.people.models import Consent


class ConsentKind(StrEnum):
    """What somebody may agree to. The texts lie in docs; their version is stored."""

    SERVICE = "service"
    """Being on the roll."""
    HEALTH = "health"
    """Diet and allergy notes."""
    FAMILY = "family"
    """Family members see whether a meal was collected."""


TEXT_VERSION = "2026-11"
"""The texts now in use."""
HOW = frozenset({"signed", "spoken", "guardian"})


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent on a resident's file, standing or withdrawn."""

    kind: ConsentKind
    text_version: str
    how: str
    given_at: datetime
    withdrawn_at: datetime | None


def stands(session: Session, resident_id: str, kind: ConsentKind) -> bool:
    """Whether this consent was given and not taken back."""
    return (
        session.execute(
            select(col(Consent.id)).where(
                col(Consent.resident_id) == resident_id,
                col(Consent.kind) == kind.value,
                col(Consent.withdrawn_at).is_(None),
            )
        ).first()
        is not None
    )


def give(
    session: Session,
    resident_id: str,
    kind: ConsentKind,
    *,
    text_version: str,
    how: str,
    recorded_by: str,
    now: datetime,
) -> None:
    """Store the consent; the one standing before it ends with it."""
    withdraw(session, resident_id, kind, now=now)
    session.execute(
        insert(Consent).values(
            id=str(ULID.from_datetime(now)),
            resident_id=resident_id,
            kind=kind.value,
            text_version=text_version,
            how=how,
            given_at=now,
            recorded_by=recorded_by,
            withdrawn_at=None,
        )
    )


def withdraw(session: Session, resident_id: str, kind: ConsentKind, *, now: datetime) -> bool:
    """End the standing consent; returns whether there was one."""
    return (
        session.execute(
            update(Consent)
            .where(
                col(Consent.resident_id) == resident_id,
                col(Consent.kind) == kind.value,
                col(Consent.withdrawn_at).is_(None),
            )
            .values(withdrawn_at=now)
            .returning(col(Consent.id))
            .execution_options(synchronize_session=False)
        ).first()
        is not None
    )


def of_resident(session: Session, resident_id: str) -> tuple[ConsentLine, ...]:
    """Every consent ever given, latest first."""
    rows = session.execute(
        select(
            col(Consent.kind),
            col(Consent.text_version),
            col(Consent.how),
            col(Consent.given_at),
            col(Consent.withdrawn_at),
        )
        .where(col(Consent.resident_id) == resident_id)
        .order_by(col(Consent.given_at).desc())
    )
    return tuple(ConsentLine(ConsentKind(kind), version, how, given, back) for kind, version, how, given, back in rows)
