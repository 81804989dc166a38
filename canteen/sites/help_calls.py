"""Calls for staff from kiosks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from canteen.sites.errors import HelpReasonUnknown
from canteen.sites.models import Device, HelpCall

REASONS = frozenset({"asked", "card-stopped", "printer"})


@dataclass(frozen=True, slots=True)
class OpenCall:
    """Somebody waits for staff. The resident is for the staff's screen only."""

    id: str
    reason: str
    device_name: str | None
    resident_id: str | None
    called_at: datetime


def call(
    session: Session, canteen_id: str, *, reason: str, device_id: str | None, resident_id: str | None, now: datetime
) -> tuple[str, bool]:
    """The call's id and whether it is new: one device has one open call for one reason.

    Raises:
        HelpReasonUnknown: none of the known reasons.
    """
    if reason not in REASONS:
        raise HelpReasonUnknown(reason=reason)
    same_device = col(HelpCall.device_id).is_(None) if device_id is None else col(HelpCall.device_id) == device_id
    same_person = (
        col(HelpCall.resident_id).is_(None) if resident_id is None else col(HelpCall.resident_id) == resident_id
    )
    standing = session.execute(
        select(col(HelpCall.id)).where(
            col(HelpCall.canteen_id) == canteen_id,
            col(HelpCall.reason) == reason,
            col(HelpCall.answered_at).is_(None),
            same_device,
            same_person,
        )
    ).scalar()
    if standing is not None:
        return standing, False
    call_id = str(ULID.from_datetime(now))
    session.execute(
        insert(HelpCall).values(
            id=call_id,
            canteen_id=canteen_id,
            device_id=device_id,
            reason=reason,
            resident_id=resident_id,
            called_at=now,
            answered_at=None,
            answered_by=None,
        )
    )
    return call_id, True


def answer(session: Session, canteen_id: str, call_id: str, *, by: str, now: datetime) -> bool | None:
    """End a call: True when it was open, False when answered before, None when this canteen has no such call."""
    ended = session.execute(
        update(HelpCall)
        .where(col(HelpCall.id) == call_id, col(HelpCall.canteen_id) == canteen_id, col(HelpCall.answered_at).is_(None))
        .values(answered_at=now, answered_by=by)
        .returning(col(HelpCall.id))
        .execution_options(synchronize_session=False)
    ).first()
    if ended is not None:
        return True
    known = session.execute(
        select(col(HelpCall.id)).where(col(HelpCall.id) == call_id, col(HelpCall.canteen_id) == canteen_id)
    ).first()
    return None if known is None else False


def open_calls(session: Session, canteen_id: str) -> tuple[OpenCall, ...]:
    """Who waits, longest first."""
    rows = session.execute(
        select(
            col(HelpCall.id),
            col(HelpCall.reason),
            col(Device.name),
            col(HelpCall.resident_id),
            col(HelpCall.called_at),
        )
        .outerjoin(Device, col(Device.id) == col(HelpCall.device_id))
        .where(col(HelpCall.canteen_id) == canteen_id, col(HelpCall.answered_at).is_(None))
        .order_by(col(HelpCall.called_at))
    )
    return tuple(OpenCall(*row) for row in rows)
