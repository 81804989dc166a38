"""A manager prepares a device: it will be whichever browser types the one-time code."""

from datetime import datetime, timedelta

from sqlmodel import Session, insert
from ulid import ULID

from canteen.audit.log import record
from canteen.people.accounts import Actor
from canteen.sites.errors import CanteenUnknown
from canteen.sites.models import Device, DeviceKind
from canteen.sites.pairing import has_canteen

CODE_LIVES = timedelta(minutes=10)


def open_pairing(
    session: Session,
    *,
    canteen_id: str,
    kind: DeviceKind,
    name: str,
    large_type: bool,
    prints_tickets: bool = False,
    pairing_hash: str,
    now: datetime,
    business_now: datetime,
    actor: Actor,
) -> str:
    """Returns the device's id. `pairing_hash` is the keyed hash of the code; `now` is real time.

    Raises:
        CanteenUnknown: no such canteen.
    """
    if not has_canteen(session, canteen_id):
        raise CanteenUnknown(canteen_id)
    device_id = str(ULID.from_datetime(now))
    session.execute(
        insert(Device).values(
            id=device_id,
            canteen_id=canteen_id,
            kind=str(kind),
            name=name[:40],
            pairing_hash=pairing_hash,
            pairing_until=now + CODE_LIVES,
            large_type=large_type,
            prints_tickets=prints_tickets,
        )
    )
    record(
        session,
        at=business_now,
        actor=actor.ref,
        action="device.pairing-opened",
        subject=f"device:{device_id}",
        canteen_id=canteen_id,
        details={"kind": str(kind)},
    )
    return device_id
