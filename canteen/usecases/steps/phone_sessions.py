"""How a resident's phone comes to be signed in, whichever proof was shown."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import attempts
from canteen.people.web_sessions import RESIDENT_PHONE, end_session, open_session


def sign_in_resident(
    session: Session,
    resident_id: str,
    session_hash: str,
    old_session_hash: str | None,
    *,
    how: Literal["slip", "pin"],
    now: datetime,
    real_now: datetime,
) -> None:
    """Forget failed PINs, end what this browser held, open the new session. It is always a new one (fixation)."""
    attempts.forget(session, resident_id, attempts.PIN)
    if old_session_hash is not None:
        end_session(session, old_session_hash)
    open_session(
        session,
        session_hash,
        account_id=None,
        resident_id=resident_id,
        data={},
        lifetime=RESIDENT_PHONE,
        now=real_now,
    )
    subject = f"resident:{resident_id}"
    record(session, at=now, actor=subject, action="phone.signed-in", subject=subject, details={"how": how})
