"""A browser types the one-time code and is the device from now on."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.sites.errors import PairingRefused
from canteen.sites.pairing import DeviceView, device_awaiting_code, set_token


def pair_device(
    session: Session, *, pairing_hash: str, token_hash: str, now: datetime, business_now: datetime
) -> DeviceView:
    """The code works once. `now` is real time.

    Raises:
        PairingRefused: wrong, used, or more than ten minutes old.
    """
    device = device_awaiting_code(session, pairing_hash, now)
    if device is None:
        raise PairingRefused
    set_token(session, device.id, token_hash, now)
    record(
        session,
        at=business_now,
        actor=f"device:{device.id}",
        action="device.paired",
        subject=f"device:{device.id}",
        canteen_id=device.canteen_id,
    )
    return device
