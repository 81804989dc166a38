"""End the session a browser holds."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people.accounts import Actor
from canteen.people.web_sessions import end_session


def sign_out(session: Session, session_hash: str, *, actor: Actor, now: datetime) -> None:
    """Signing out twice is no error."""
    end_session(session, session_hash)
    if not actor.is_guest:
        record(
            session,
            at=now,
            actor=actor.ref,
            action="account.signed-out",
            subject=actor.ref,
            canteen_id=actor.canteen_id,
        )
