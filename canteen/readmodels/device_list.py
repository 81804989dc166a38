"""Devices a manager or administrator looks after."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from canteen.sites.models import Canteen, Device


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device. `state`: paired · waiting (code open) · expired (code never typed)."""

    id: str
    canteen_name: str
    kind: str
    name: str
    state: str
    paired_at: datetime | None


def device_list(session: Session, canteen_id: str | None, now: datetime) -> tuple[DeviceLine, ...]:
    """Every device that stands, of one canteen or (None) of all. `now` is real time."""
    query = (
        select(Device, Canteen.short_name)
        .join(Canteen, col(Canteen.id) == col(Device.canteen_id))
        .where(col(Device.revoked_at).is_(None))
        .order_by(col(Device.canteen_id), col(Device.kind), col(Device.name))
    )
    if canteen_id is not None:
        query = query.where(col(Device.canteen_id) == canteen_id)
    return tuple(_line(device, canteen, now) for device, canteen in session.execute(query))


def _line(device: Device, canteen_name: str, now: datetime) -> DeviceLine:
    if device.token_hash is not None:
        state = "paired"
    else:
        state = "waiting" if device.pairing_until is not None and device.pairing_until > now else "expired"
    return DeviceLine(device.id, canteen_name, device.kind, device.name, state, device.paired_at)
