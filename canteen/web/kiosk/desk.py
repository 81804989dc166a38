"""What every kiosk page needs: the canteen, its clock, the paired device, and the visit of whoever stands here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from litestar import Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.events import CanteenChanged, Events
from canteen.people import cards
from canteen.people.accounts import Actor
from canteen.people.errors import PeopleError
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import OpenSession
from canteen.settings import Settings
from canteen.sites import places
from canteen.sites.models import DeviceKind
from canteen.sites.pairing import DeviceView
from canteen.sites.places import CanteenView
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.web.errors import refusal_on
from canteen.web.language import COOKIE as LANGUAGE_COOKIE
from canteen.web.language import LARGE_COOKIE, Language, language_of, wants_large
from canteen.web.sessions import send_cookie
from canteen.web.templates import PageRequest, page
from canteen.web.visits import change_visit, end_visit, open_visit

Answer = Response[None] | Template
ORDERING_DEVICES = frozenset({DeviceKind.KIOSK, DeviceKind.WINDOW})


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit, as kept on the server; without a resident it is a guest's. `lines` as a basket: `12` whole, `12h` half."""

    canteen_id: str
    resident_id: str | None
    diner_id: str | None
    lines: Mapping[str, int] = field(default_factory=dict)
    another: bool = False
    """They have an order for this meal and want one more."""
    done: str = ""
    """The order just placed."""
    card: str = ""
    """The card that was tapped, if one was."""

    @property
    def is_guest(self) -> bool:
        """Ordering without a card, where the canteen is open to everyone."""
        return self.resident_id is None


@dataclass(frozen=True, slots=True)
class KioskDesk:
    """One request at one kiosk. `now` is the canteen's clock; `stay` None: nobody has tapped a card."""

    request: PageRequest
    database: Database
    events: Events
    sealer: Sealer
    actor: Actor
    canteen: CanteenView
    now: datetime
    examples_decide: bool
    device_id: str | None
    may_order: bool
    prints_tickets: bool
    visit: OpenSession | None
    stay: Stay | None

    @property
    def lang(self) -> Language:
        """Of the page."""
        return language_of(self.request)

    @property
    def large(self) -> bool:
        """大字 is on."""
        return wants_large(self.request)

    @property
    def home(self) -> str:
        """Address of the start page."""
        return f"/kiosk/{self.canteen.id}"

    def to(self, path: str = "") -> Response[None]:
        """On to another page of this kiosk."""
        return Redirect(f"{self.home}{path}", status_code=303)

    async def begin(self, stay: Stay) -> None:
        """A card was tapped: everything of the one before is forgotten."""
        await open_visit(self.request, _data(stay))

    async def keep(self, stay: Stay) -> None:
        """Remember."""
        if self.visit is not None:
            await change_visit(self.request, self.visit, _data(stay))

    async def forget(self) -> None:
        """The next one starts afresh."""
        await end_visit(self.request)

    def show_as(self, name: str, value: str) -> None:
        """Keep 大字 or the language in this browser until the visit ends."""
        send_cookie(self.request, Cookie(key=name, value=value, path="/", httponly=True, samesite="lax"))

    def tell(self, *topics: str) -> None:
        """Live pages fetch again. Only after the commit."""
        for topic in topics:
            self.events.publish(CanteenChanged(self.canteen.id, topic))

    def page(self, name: str, *, status_code: int = 200, error: Exception | None = None, **context: object) -> Template:
        """A kiosk page; `error` is shown in its words, with the status it stands for. `key` makes an order once-only.

        Raises:
            error: it is no refusal.
        """
        refusal, status_code = refusal_on(self.request, error, status_code)
        everywhere: dict[str, object] = {
            "canteen": self.canteen,
            "home": self.home,
            "kiosk_path": self.home,
            "refusal": refusal,
            "note": self.request.query_params.get("note", ""),
            "key": uuid4().hex,
            "wiped_after": "60",
        }
        return page(self.request, f"kiosk/{name}.html.j2", status_code=status_code, **(everywhere | context))


async def kiosk_desk(
    *,
    request: PageRequest,
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    events: NamedDependency[Events],
    sealer: NamedDependency[Sealer],
    actor: NamedDependency[Actor],
    device: NamedDependency[DeviceView | None],
    visit: NamedDependency[OpenSession | None],
) -> KioskDesk:
    """The dependency `desk`. `?large=` and `?lang=` stay with the visit.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    canteen = await database.read(places.canteen, str(request.path_params["canteen"]))
    stay = _stay(visit) if visit is not None and visit.data.get("canteen_id") == canteen.id else None
    if stay is not None and stay.card:
        try:
            await database.read(cards.find_active, stay.card)
        except PeopleError:  # reported lost while somebody stands here with it: as if nobody had tapped
            stay = None
    desk = KioskDesk(
        request=request,
        database=database,
        events=events,
        sealer=sealer,
        actor=actor,
        canteen=canteen,
        now=clock.now(),
        examples_decide=settings.demo,
        device_id=None if device is None else device.id,
        may_order=device is not None and device.kind in ORDERING_DEVICES,
        prints_tickets=device is not None and device.prints_tickets,
        visit=visit,
        stay=stay if device is not None else None,
    )
    for name in (LARGE_COOKIE, LANGUAGE_COOKIE):
        wanted = request.query_params.get(name)
        if wanted in {"0", "1", "zh", "en"}:
            desk.show_as(name, wanted)
            owner = desk.stay.resident_id if desk.stay is not None else None
            if name == LARGE_COOKIE and owner is not None and wanted in {"0", "1"}:
                # 大字 goes with the card: the next tap, at any kiosk, starts as this person reads best
                liked = ResidentChange(owner, large_type=wanted == "1")
                await database.write(change_resident, liked, now=desk.now, actor=actor.ref, sealer=sealer)
    return desk


def _stay(visit: OpenSession) -> Stay:
    kept = {name: visit.data[name] for name in Stay.__dataclass_fields__ if name in visit.data}
    return Stay(**kept)  # type: ignore[arg-type]  # written by `_data`


def _data(stay: Stay) -> dict[str, object]:
    return {name: getattr(stay, name) for name in Stay.__dataclass_fields__}
