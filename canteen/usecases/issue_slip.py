"""Print a sign-in slip for a resident's phone, or take the standing one back."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import residents, slips
from canteen.people.sealed import Sealer


def issue_slip(
    session: Session,
    resident_id: str,
    *,
    now: datetime,
    real_now: datetime,
    actor: str,
    sealer: Sealer,
    canteen_id: str | None = None,
) -> str:
    """The secret code as printed, `4821 0057 3390`; stored only as a keyed hash. The slip before it ends.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        people.errors.ResidentMerged: this file was taken over by another.
    """
    residents.require_own_file(session, resident_id)
    code = slips.new_code()
    slips.issue(session, resident_id, slips.code_hash(sealer, code), real_now=real_now, by=actor)
    log.record(
        session, at=now, actor=actor, action="slip.issued", subject=f"resident:{resident_id}", canteen_id=canteen_id
    )
    return code


def revoke_slip(
    session: Session, resident_id: str, *, now: datetime, real_now: datetime, actor: str, canteen_id: str | None = None
) -> bool:
    """Take the standing slip back; returns whether there was one.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    residents.resident(session, resident_id)
    ended = slips.revoke(session, resident_id, real_now=real_now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="slip.revoked",
        subject=f"resident:{resident_id}",
        canteen_id=canteen_id,
        details={"stood": ended},
    )
    return ended
