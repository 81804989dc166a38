"""Sign-in slips: twelve digits on paper, good once and for seven days, by which a resident signs in on their phone.

Times are real time, also in demos: a moved demo clock neither ends a slip nor brings one back.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from canteen.people.errors import SlipEnded, SlipUnknown
from canteen.people.models import Resident, SignInSlip
from canteen.people.sealed import Sealer

VALID_FOR = timedelta(days=7)
DIGITS = 12


class SlipState(StrEnum):
    """How a slip stands."""

    STANDING = "standing"
    """It would sign its resident in."""
    USED = "used"
    """It signed somebody in."""
    REVOKED = "revoked"
    """Taken back, or a newer slip was printed."""
    EXPIRED = "expired"
    """Seven days have passed."""


@dataclass(frozen=True, slots=True)
class SlipView:
    """The newest slip of a resident, without its code."""

    id: str
    state: SlipState
    issued_at: datetime
    valid_until: datetime
    used_at: datetime | None


def new_code() -> str:
    """Twelve random decimal digits as they are printed: `4821 0057 3390`."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))


def code_hash(sealer: Sealer, code: str) -> str:
    """Keyed hash of a code as printed, typed or scanned: blanks and dashes do not count."""
    return sealer.index("sign-in-slip", re.sub(r"[^0-9]", "", code)[: DIGITS + 1])


def issue(session: Session, resident_id: str, hashed: str, *, real_now: datetime, by: str) -> str:
    """Store a new slip and end the one before it; returns its id. The resident's row is the lock for their slips."""
    session.execute(select(col(Resident.id)).where(col(Resident.id) == resident_id).with_for_update())
    revoke(session, resident_id, real_now=real_now)
    slip_id = str(ULID.from_datetime(real_now))
    session.execute(
        insert(SignInSlip).values(
            id=slip_id,
            resident_id=resident_id,
            code_hash=hashed,
            issued_at=real_now,
            issued_by=by,
            valid_until=real_now + VALID_FOR,
            used_at=None,
            revoked_at=None,
        )
    )
    return slip_id


def revoke(session: Session, resident_id: str, *, real_now: datetime) -> bool:
    """No slip of theirs signs anybody in from now on; returns whether one would have."""
    ended = session.execute(
        update(SignInSlip)
        .where(
            col(SignInSlip.resident_id) == resident_id,
            col(SignInSlip.used_at).is_(None),
            col(SignInSlip.revoked_at).is_(None),
        )
        .values(revoked_at=real_now)
        .returning(col(SignInSlip.valid_until))
        .execution_options(synchronize_session=False)
    ).all()
    return any(until > real_now for (until,) in ended)


def find(session: Session, hashed: str, real_now: datetime) -> str:
    """Whose slip this is, without using it up: a link preview must not.

    Raises:
        SlipUnknown: no slip has this code.
        SlipEnded: used, taken back or older than seven days; `data["why"]`.
    """
    row = session.execute(
        select(
            col(SignInSlip.resident_id),
            col(SignInSlip.used_at),
            col(SignInSlip.revoked_at),
            col(SignInSlip.valid_until),
        ).where(col(SignInSlip.code_hash) == hashed)
    ).first()
    if row is None:
        raise SlipUnknown
    state = _state(row.used_at, row.revoked_at, row.valid_until, real_now)
    if state is not SlipState.STANDING:
        raise SlipEnded(why=state.value)
    resident_id: str = row.resident_id
    return resident_id


def use(session: Session, hashed: str, real_now: datetime) -> str:
    """Use the slip up; returns whose it is. Of two phones that try at once, one gets in.

    Raises:
        SlipUnknown, SlipEnded: as `find`.
    """
    resident_id = session.execute(
        update(SignInSlip)
        .where(
            col(SignInSlip.code_hash) == hashed,
            col(SignInSlip.used_at).is_(None),
            col(SignInSlip.revoked_at).is_(None),
            col(SignInSlip.valid_until) > real_now,
        )
        .values(used_at=real_now)
        .returning(col(SignInSlip.resident_id))
        .execution_options(synchronize_session=False)
    ).scalar()
    return find(session, hashed, real_now) if resident_id is None else str(resident_id)


def newest_of(session: Session, resident_id: str, real_now: datetime) -> SlipView | None:
    """The last slip printed for them, and how it stands."""
    row = session.execute(
        select(
            col(SignInSlip.id),
            col(SignInSlip.used_at),
            col(SignInSlip.revoked_at),
            col(SignInSlip.valid_until),
            col(SignInSlip.issued_at),
        )
        .where(col(SignInSlip.resident_id) == resident_id)
        .order_by(col(SignInSlip.issued_at).desc(), col(SignInSlip.id).desc())
    ).first()
    if row is None:
        return None
    state = _state(row.used_at, row.revoked_at, row.valid_until, real_now)
    return SlipView(row.id, state, row.issued_at, row.valid_until, row.used_at)


def _state(used: datetime | None, revoked: datetime | None, until: datetime, real_now: datetime) -> SlipState:
    if used is not None:
        return SlipState.USED
    if revoked is not None:
        return SlipState.REVOKED
    return SlipState.STANDING if real_now < until else SlipState.EXPIRED
