"""Somebody at a kiosk asks for staff, or the kiosk does for them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.sites import help_calls, places


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """`reason`: asked · card-stopped · printer. The resident is known only where a card was tapped."""

    canteen_id: str
    reason: str = "asked"
    device_id: str | None = None
    resident_id: str | None = None


def call_help(session: Session, request: HelpWanted, *, now: datetime, actor: str) -> str:
    """Page the staff and return the call's id; the same kiosk asking again while nobody came keeps the first call.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
        sites.errors.HelpReasonUnknown: a reason nobody could act on.
    """
    places.canteen(session, request.canteen_id)
    call_id, is_new = help_calls.call(
        session,
        request.canteen_id,
        reason=request.reason,
        device_id=request.device_id,
        resident_id=request.resident_id,
        now=now,
    )
    if is_new:
        log.record(
            session,
            at=now,
            actor=actor,
            action="help.called",
            subject=f"help:{call_id}",
            canteen_id=request.canteen_id,
            details={"reason": request.reason, "device": request.device_id},
        )
    return call_id
