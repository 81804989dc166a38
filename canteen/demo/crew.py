"""Who acts in the demo: the managers and staff of the demo accounts, and one kiosk at each canteen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from canteen.people.models import Account, Role
from canteen.people.tokens import demo_device_secret, hash_secret
from canteen.sites import places
from canteen.sites.models import DeviceKind
from canteen.sites.pairing import keep_demo_device


@dataclass(frozen=True, slots=True)
class CanteenCrew:
    """References as the audit log holds them, and the name a hand-over shows."""

    operator_id: str
    manager: str
    manager_name: str
    window: str
    window_name: str
    kiosk_device: str
    window_device: str

    @property
    def kiosk(self) -> str:
        """The kiosk as an actor."""
        return f"device:{self.kiosk_device}"


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who works."""

    canteens: Mapping[str, CanteenCrew]
    community: str
    officer: str

    def of(self, canteen_id: str) -> CanteenCrew:
        """Who works at one canteen."""
        return self.canteens[canteen_id]


def read_crew(session: Session) -> Crew:
    """The demo accounts that `accounts.add_demo_accounts` made."""
    found = {
        (row.role, row.canteen_id): row
        for row in session.exec(
            select(Account).where(col(Account.left_at).is_(None)).order_by(col(Account.created_at).desc())
        ).all()
    }

    def ref(role: Role, canteen_id: str | None = None) -> str:
        return f"account:{found[role.value, canteen_id].id}"

    return Crew(
        canteens={
            canteen.id: CanteenCrew(
                operator_id=canteen.operator_id,
                manager=ref(Role.MANAGER, canteen.id),
                manager_name=found[Role.MANAGER.value, canteen.id].name,
                window=ref(Role.STAFF, canteen.id),
                window_name=found[Role.STAFF.value, canteen.id].name,
                kiosk_device=f"demo-kiosk-{canteen.id}",
                window_device=f"demo-window-{canteen.id}",
            )
            for canteen in places.all_canteens(session)
        },
        community=ref(Role.COMMUNITY),
        officer=ref(Role.OFFICER),
    )


def pair_devices(session: Session, secret_key: str, *, now: datetime) -> None:
    """The kiosk and the window tablet of each canteen, as the browser that opens them first will find them. Idempotent."""
    for canteen in places.all_canteens(session):
        for kind in (DeviceKind.KIOSK, DeviceKind.WINDOW):
            token_hash = hash_secret(demo_device_secret(secret_key, kind, canteen.id))
            keep_demo_device(session, canteen_id=canteen.id, kind=kind, token_hash=token_hash, now=now)
