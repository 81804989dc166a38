"""A resident's phone signs in for the first time: the slip of the counter is used up, a PIN chosen."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.people import pins, slips
from canteen.people.sealed import Sealer
from canteen.usecases.steps.phone_sessions import sign_in_resident
from subsidies import eligibility


@dataclass(frozen=True, slots=True)
class SlipShown:
    """`pin_hash` was made off the writer, it takes 40 ms."""

    code: str
    pin: str
    pin_hash: str
    session_hash: str
    old_session_hash: str | None = None


def sign_in_with_slip(session: Session, shown: SlipShown, *, now: datetime, real_now: datetime, sealer: Sealer) -> str:
    """Open a session for the slip's owner and keep their PIN; returns who it is. A refused PIN leaves the slip good.

    Raises:
        people.errors.SlipUnknown, SlipEnded: it signs nobody in.
        people.sign_in_errors.PinRefused, PinObvious: this PIN may not be.
    """
    resident_id = slips.use(session, slips.code_hash(sealer, shown.code), real_now)
    file = eligibility.eligibility_file(session, resident_id)
    pins.check(
        shown.pin,
        born=file.born if file is not None else None,
        numbers=pins.own_numbers(session, sealer, resident_id),
    )
    pins.keep(session, resident_id, shown.pin_hash, real_now=real_now)
    sign_in_resident(
        session,
        resident_id,
        shown.session_hash,
        shown.old_session_hash,
        how="slip",
        now=now,
        real_now=real_now,
    )
    return resident_id
