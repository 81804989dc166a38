"""What every page of a phone needs: the canteen, its clock, and whose phone it is, if anybody has signed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from litestar import Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.events import CanteenChanged, Events
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import GUEST_PHONE, OpenSession
from canteen.settings import Settings
from canteen.sites import places
from canteen.sites.places import CanteenView
from canteen.web.errors import refusal_on
from canteen.web.language import Language, language_of
from canteen.web.ordering import Orderer
from canteen.web.sessions import send_cookie
from canteen.web.templates import PageRequest, local_time, page
from canteen.web.visits import change_visit, end_visit, open_visit

Answer = Response[None] | Template


@dataclass(frozen=True, slots=True)
class Stay:
    """What the server remembers of one phone; without a resident a guest's. Lines of all menus lie in one basket."""

    resident_id: str | None = None
    diner_id: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    placed: tuple[str, ...] = ()
    """A guest's orders: having placed them here is the only proof."""


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """One request of one phone. `now` is the canteen's clock; an empty `stay` is somebody who only looks."""

    request: PageRequest
    database: Database
    events: Events
    sealer: Sealer
    settings: Settings
    canteen: CanteenView
    now: datetime
    visit: OpenSession | None
    stay: Stay

    @property
    def lang(self) -> Language:
        """Of the page."""
        return language_of(self.request)

    @property
    def home(self) -> str:
        """Address of the first page."""
        return f"/m/{self.canteen.id}"

    @property
    def may_order(self) -> bool:
        """Signed in, or a guest where the canteen is open to everyone."""
        return self.stay.resident_id is not None or self.canteen.open_to_all

    @property
    def actor(self) -> str:
        """Who acts, for the audit log; it keeps the keys of two phones apart."""
        if self.stay.resident_id is not None:
            return f"resident:{self.stay.resident_id}"
        return f"visit:{self.visit.key_hash[:20]}" if self.visit is not None else "guest"

    def orderer(self) -> Orderer:
        """Places this phone's orders."""
        return Orderer(self.database, self.sealer, self.now, self.actor, self.settings.demo)

    def to(self, path: str = "") -> Response[None]:
        """On to another page of this canteen."""
        return Redirect(f"{self.home}{path}", status_code=303)

    async def keep(self, stay: Stay) -> None:
        """Remember; a guest's first dish begins their visit."""
        data: dict[str, object] = {"diner_id": stay.diner_id, "lines": dict(stay.lines), "placed": list(stay.placed)}
        if self.visit is not None:
            await change_visit(self.request, self.visit, data)
        elif stay.resident_id is None:
            await open_visit(self.request, data, lifetime=GUEST_PHONE)

    async def forget(self) -> None:
        """Sign out."""
        await end_visit(self.request)

    def remember(self, name: str, value: str) -> None:
        """Keep how pages are shown in this browser for a year."""
        send_cookie(
            self.request,
            Cookie(
                key=name,
                value=value,
                path="/",
                max_age=365 * 86_400,
                httponly=True,
                samesite="lax",
                secure=self.settings.secure_cookies,
            ),
        )

    def tell(self, *topics: str) -> None:
        """Live pages fetch again. Only after the commit."""
        for topic in topics:
            self.events.publish(CanteenChanged(self.canteen.id, topic))

    def page(self, name: str, *, status_code: int = 200, error: Exception | None = None, **context: object) -> Template:
        """A page; `error` is shown in its words, with the status it stands for. `key` makes an order once-only.

        Raises:
            error: it is no refusal.
        """
        refusal, status_code = refusal_on(self.request, error, status_code)
        everywhere: dict[str, object] = {
            "canteen": self.canteen,
            "home": self.home,
            "signed_in": self.stay.resident_id is not None,
            "may_order": self.may_order,
            "refusal": refusal,
            "note": self.request.query_params.get("note", ""),
            "key": uuid4().hex,
            "as_of": local_time(self.now),
            "now": self.now,
            "here": name,
            "path": self.request.url.path if self.request.method == "GET" else self.home,
        }
        answer = page(self.request, f"resident/{name}.html.j2", status_code=status_code, **(everywhere | context))
        answer.headers["X-As-Of"] = local_time(self.now)
        return answer


async def phone_desk(
    *,
    request: PageRequest,
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    events: NamedDependency[Events],
    sealer: NamedDependency[Sealer],
    visit: NamedDependency[OpenSession | None],
) -> PhoneDesk:
    """The dependency `desk`.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    return PhoneDesk(
        request=request,
        database=database,
        events=events,
        sealer=sealer,
        settings=settings,
        canteen=await database.read(places.canteen, str(request.path_params["canteen"])),
        now=clock.now(),
        visit=visit,
        stay=Stay() if visit is None else _stay(visit),
    )


def _stay(visit: OpenSession) -> Stay:
    lines, placed, diner = (visit.data.get(name) for name in ("lines", "placed", "diner_id"))
    return Stay(
        visit.resident_id,
        str(diner) if diner else visit.resident_id,
        lines if isinstance(lines, dict) else {},
        tuple(map(str, placed)) if isinstance(placed, list) else (),
    )


def day_in(text: str) -> date | None:
    """A day as addresses and forms write it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
