"""Paired devices: a browser holds a random cookie, the row its hash. One-time codes pair a new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, insert, select, update

from canteen.sites.models import Canteen, Device


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device that stands paired."""

    id: str
    canteen_id: str
    kind: str
    name: str
    large_type: bool
    prints_tickets: bool


def _view(device: Device | None) -> DeviceView | None:
    if device is None:
        return None
    return DeviceView(device.id, device.canteen_id, device.kind, device.name, device.large_type, device.prints_tickets)


def paired_device(session: Session, token_hash: str) -> DeviceView | None:
    """The device of this cookie, unless revoked."""
    return _view(
        session.exec(
            select(Device).where(col(Device.token_hash) == token_hash, col(Device.revoked_at).is_(None))
        ).one_or_none()
    )


def has_canteen(session: Session, canteen_id: str) -> bool:
    """Whether this canteen is on the books."""
    return session.execute(select(Canteen.id).where(col(Canteen.id) == canteen_id)).first() is not None


_DEMO_NAMES = {"kiosk": "演示点餐机", "window": "演示窗口平板", "board": "演示后厨看板", "display": "演示取餐屏"}


def keep_demo_device(
    session: Session, *, canteen_id: str, kind: str, token_hash: str, now: datetime
) -> DeviceView | None:
    """The demo device of this canteen and kind, made at first sight. None when revoked or the canteen is unknown."""
    standing = paired_device(session, token_hash)
    if standing is not None:
        return standing
    device_id = f"demo-{kind}-{canteen_id}"[:26]
    if not has_canteen(session, canteen_id):
        return None
    if session.execute(select(Device.id).where(col(Device.id) == device_id)).first() is not None:
        return None
    session.execute(
        insert(Device).values(
            id=device_id,
            canteen_id=canteen_id,
            kind=kind,
            name=_DEMO_NAMES.get(kind, "演示设备"),
            token_hash=token_hash,
            paired_at=now,
            large_type=False,
            prints_tickets=True,
        )
    )
    return paired_device(session, token_hash)


def device_awaiting_code(session: Session, pairing_hash: str, now: datetime) -> DeviceView | None:
    """The device that this one-time code would pair."""
    return _view(
        session.exec(
            select(Device).where(
                col(Device.pairing_hash) == pairing_hash,
                col(Device.pairing_until) > now,
                col(Device.revoked_at).is_(None),
            )
        ).one_or_none()
    )


def set_token(session: Session, device_id: str, token_hash: str, now: datetime) -> None:
    """The code is used up and the browser that typed it is the device from now on."""
    session.execute(
        update(Device)
        .where(col(Device.id) == device_id)
        .values(token_hash=token_hash, pairing_hash=None, pairing_until=None, paired_at=now)
    )


def revoke(session: Session, device_id: str, now: datetime) -> bool:
    """The device's cookie opens nothing from now on. False when there was nothing to revoke."""
    return (
        session.execute(
            update(Device)
            .where(col(Device.id) == device_id, col(Device.revoked_at).is_(None))
            .values(revoked_at=now, token_hash=None, pairing_hash=None)
            .returning(col(Device.id))
        ).first()
        is not None
    )


def lapse_codes(session: Session, now: datetime) -> int:
    """Forget one-time codes nobody typed in time; returns how many. The device stays on the list as expired."""
    return len(
        session.execute(
            update(Device)
            .where(col(Device.pairing_hash).is_not(None), col(Device.pairing_until) <= now)
            .values(pairing_hash=None)
            .returning(col(Device.id))
        ).all()
    )
