"""A resident's phones are signed out: one was lost, or they say so on another phone of their own."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import residents
from canteen.people.web_sessions import end_session, end_sessions_of_resident


def end_phone_sessions(
    session: Session,
    resident_id: str,
    *,
    now: datetime,
    actor: str,
    keep: str | None = None,
    canteen_id: str | None = None,
) -> int:
    """End every session of theirs but `keep` (the hash of the cookie that asks); returns how many ended. The PIN stays.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    residents.resident(session, resident_id)
    ended = end_sessions_of_resident(session, resident_id, keep=keep)
    record(
        session,
        at=now,
        actor=actor,
        action="phone.ended",
        subject=f"resident:{resident_id}",
        canteen_id=canteen_id,
        details={"ended": ended},
    )
    return ended


def sign_out_phone(session: Session, session_hash: str, resident_id: str, *, now: datetime) -> None:
    """End this phone's own session."""
    end_session(session, session_hash)
    subject = f"resident:{resident_id}"
    record(session, at=now, actor=subject, action="phone.signed-out", subject=subject)
