"""Sign a resident in on a phone with card or telephone number and PIN: count failures, pause, open a new session."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import attempts
from canteen.people.sealed import Sealer
from canteen.usecases.steps.phone_sessions import sign_in_resident


@dataclass(frozen=True, slots=True)
class PinTyped:
    """`known` have this number, `right` are those of them whose PIN it is; found off the writer, a PIN takes 40 ms."""

    number: str
    known: tuple[str, ...]
    right: tuple[str, ...]
    session_hash: str
    old_session_hash: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneSignIn:
    """A refusal is a result, not an error: an error would roll the count of failures back."""

    resident_id: str | None
    paused_s: int = 0
    """Seconds until this number may be tried again."""
    is_shared: bool = False
    """Two people have this number and this PIN."""


def sign_in_phone(
    session: Session, typed: PinTyped, *, now: datetime, real_now: datetime, sealer: Sealer
) -> PhoneSignIn:
    """Open the session, or say why not. A number nobody has is paused like any other."""
    subjects = typed.known or (f"nobody {sealer.index('pin-number', typed.number)[:40]}",)
    waits = max(attempts.paused_for(session, subject, real_now, attempts.PIN) for subject in subjects)
    if waits:
        return PhoneSignIn(None, waits)
    if not typed.right:
        for subject in subjects:
            if attempts.note_failure(session, subject, real_now, attempts.PIN) and typed.known:
                who = f"resident:{subject}"
                record(session, at=now, actor=who, action="phone.paused", subject=who)
        return PhoneSignIn(None, max(attempts.paused_for(session, one, real_now, attempts.PIN) for one in subjects))
    if len(typed.right) > 1:
        return PhoneSignIn(None, is_shared=True)
    resident_id = typed.right[0]
    sign_in_resident(
        session,
        resident_id,
        typed.session_hash,
        typed.old_session_hash,
        how="pin",
        now=now,
        real_now=real_now,
    )
    return PhoneSignIn(resident_id)
