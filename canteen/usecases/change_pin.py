"""A resident chooses another PIN on a phone that is signed in; their other phones must sign in anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import attempts, pins
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import end_sessions_of_resident
from subsidies import eligibility


@dataclass(frozen=True, slots=True)
class NewPin:
    """Whether the old PIN was right, and the hash of the new one, were found off the writer."""

    resident_id: str
    old_is_right: bool
    pin: str
    pin_hash: str
    session_hash: str
    """The session that stays."""


@dataclass(frozen=True, slots=True)
class PinChange:
    """A refusal is a result: an error would roll the count of failures back."""

    changed: bool
    paused_s: int = 0


def change_pin(session: Session, wanted: NewPin, *, now: datetime, real_now: datetime, sealer: Sealer) -> PinChange:
    """Keep the new PIN, if the old one was right.

    Raises:
        people.sign_in_errors.PinRefused, PinObvious: the new one may not be.
    """
    who = wanted.resident_id
    waits = attempts.paused_for(session, who, real_now, attempts.PIN)
    if waits:
        return PinChange(changed=False, paused_s=waits)
    if not wanted.old_is_right:
        attempts.note_failure(session, who, real_now, attempts.PIN)
        return PinChange(changed=False, paused_s=attempts.paused_for(session, who, real_now, attempts.PIN))
    file = eligibility.eligibility_file(session, who)
    pins.check(wanted.pin, born=file.born if file is not None else None, numbers=pins.own_numbers(session, sealer, who))
    pins.keep(session, who, wanted.pin_hash, real_now=real_now)
    attempts.forget(session, who, attempts.PIN)
    ended = end_sessions_of_resident(session, who, keep=wanted.session_hash)
    subject = f"resident:{who}"
    record(session, at=now, actor=subject, action="phone.pin-changed", subject=subject, details={"ended": ended})
    return PinChange(changed=True)
