"""Writes the audit log: one row an action, keys and figures only."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.audit.models import AuditEntry

Detail = str | int | bool | None | list[str] | list[int]

PRIVATE_KEYS = frozenset(
    {
        "name",
        "phone",
        "address",
        "national_id",
        "id_number",
        "note",
        "diet",
        "allergies",
        "instructions",
        "card",
        "born",
    }
)
"""What may never stand in `details`: the log is kept for years and read by many."""

REASON_CODES = frozenset(
    {
        "asked",
        "at-counter",
        "not-collected",
        "not-paid",
        "file-closed",
        "dish-gone",
        "substituted",
        "paid-out",
        "late-fact",
    }
)
IN_WORDS = "in-words"

_INSERT = insert(SQLModel.metadata.tables[str(AuditEntry.__tablename__)])


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    canteen_id: str | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Store that `actor` did `action` (`order.placed`) to `subject` (`order:ID`).

    Raises:
        ValueError: `details` has a key that would name a person.
    """
    kept = dict(details or {})
    private = PRIVATE_KEYS & kept.keys()
    if private:
        raise ValueError(f"audit details must not hold {sorted(private)}")
    session.execute(
        _INSERT,
        {
            "id": str(ULID.from_datetime(at)),
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "canteen_id": canteen_id,
            "details": kept,
        },
    )


def reason_code(reason: str) -> str:
    """A reason as rows that are never erased may keep it: its code, or `in-words` when somebody wrote it themselves.

    What people write can name a person or an illness; the words stay on the order, or with the hand-over they undid.
    """
    return reason if reason in REASON_CODES else IN_WORDS
