"""A device is lost, sold or moved: its cookie opens nothing any more."""

from datetime import datetime

from sqlmodel import Session, col, select

from canteen.audit.log import record
from canteen.people.accounts import Actor
from canteen.sites.errors import DeviceUnknown
from canteen.sites.models import Device
from canteen.sites.pairing import revoke


def revoke_device(session: Session, device_id: str, *, now: datetime, business_now: datetime, actor: Actor) -> None:
    """A device of another canteen is answered like an unknown one.

    Raises:
        DeviceUnknown: no such device in the actor's scope, or revoked already.
    """
    canteen_id = session.execute(select(Device.canteen_id).where(col(Device.id) == device_id)).scalar_one_or_none()
    if canteen_id is None or not actor.may_see_canteen(canteen_id) or not revoke(session, device_id, now):
        raise DeviceUnknown(device=device_id)
    record(
        session,
        at=business_now,
        actor=actor.ref,
        action="device.revoked",
        subject=f"device:{device_id}",
        canteen_id=canteen_id,
    )
