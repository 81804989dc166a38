"""What every staff page needs: whose canteen it is, what time it is there, and where changes are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from litestar.di import NamedDependency
from litestar.response import Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.events import CanteenChanged, Events
from canteen.orders.errors import OrderNotFound
from canteen.people.accounts import Actor
from canteen.people.sealed import Sealer
from canteen.readmodels.handover_list import Tray, tray
from canteen.readmodels.window import MealNow, meal_now
from canteen.readmodels.window_page import CallForHelp, calls_for_help
from canteen.settings import Settings
from canteen.sites import places
from canteen.sites.pairing import DeviceView
from canteen.sites.places import CanteenView
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.web.errors import problem_of, words_for
from canteen.web.language import has_sentence, language_of, sentence
from canteen.web.problems import Told
from canteen.web.security import NotYours
from canteen.web.templates import PageRequest, local_time, page

TOPICS = ("orders", "menu", "help")


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal to be shown inside a staff page: its status, its code and data, and its words."""

    status: int
    code: str
    data: Mapping[str, object]
    told: Told


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """One request of somebody who works at `canteen`. `now` is the canteen's clock."""

    request: PageRequest
    database: Database
    events: Events
    sealer: Sealer
    actor: Actor
    canteen: CanteenView
    now: datetime
    examples_decide: bool
    device_id: str | None

    async def meal(self) -> MealNow:
        """The meal the window works on."""
        return await self.database.read(meal_now, self.canteen.id, self.now, around=AROUND_MEAL)

    async def calls(self) -> tuple[CallForHelp, ...]:
        """Who waits at a kiosk of this canteen, longest first."""
        return await self.database.read(calls_for_help, self.canteen.id)

    async def own_tray(self, order_id: str) -> Tray:
        """An order of this canteen.

        Raises:
            orders.errors.OrderNotFound: none, or another canteen's; one answer for both, so that ids cannot be probed.
        """
        found = await self.database.read(tray, order_id, sealer=self.sealer)
        if found.canteen_id != self.canteen.id:
            raise OrderNotFound(order=order_id)
        return found

    async def tell(self, *topics: str) -> None:
        """Live pages fetch again: those of every service point the kitchen cooks for. Only after the commit."""
        points = await self.database.read(places.canteens_of_kitchen, self.canteen.kitchen_id)
        for canteen_id in points:
            for topic in topics:
                self.events.publish(CanteenChanged(canteen_id, topic))

    def refused(self, error: Exception) -> Refused:
        """A refusal in words.

        Raises:
            error: it is no refusal.
        """
        words = words_for(self.request, error)
        problem = problem_of(error)
        if problem is None:
            raise error
        language = language_of(self.request)
        key = f"staff.refused.{problem.code}"
        if has_sentence(language, f"{key}.title"):  # elders are told less than those who can help them
            words = Told(sentence(language, f"{key}.title"), sentence(language, f"{key}.next"))
        return Refused(problem.status, problem.code, problem.data, words)

    def page(self, name: str, *, status_code: int = 200, **context: object) -> Template:
        """A staff page. `key` makes each form that sells or takes money once-only; `as_of` is the time of the data."""
        everywhere: dict[str, object] = {
            "canteen": self.canteen,
            "as_of": local_time(self.now),
            "now": self.now,
            "key": uuid4().hex,
            "is_manager": self.actor.role == "manager",
            "meal_word": None,
            "path": self.request.url.path if self.request.method == "GET" else "/staff",
        }
        answer = page(self.request, f"staff/{name}.html.j2", status_code=status_code, **(everywhere | context))
        answer.headers["X-As-Of"] = local_time(self.now)
        return answer


async def staff_desk(
    *,
    request: PageRequest,
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    events: NamedDependency[Events],
    sealer: NamedDependency[Sealer],
    actor: NamedDependency[Actor],
    device: NamedDependency[DeviceView | None],
) -> StaffDesk:
    """The dependency `desk`.

    Raises:
        NotYours: the account belongs to no canteen.
    """
    if actor.canteen_id is None:
        raise NotYours
    here = device is not None and device.canteen_id == actor.canteen_id
    return StaffDesk(
        request=request,
        database=database,
        events=events,
        sealer=sealer,
        actor=actor,
        canteen=await database.read(places.canteen, actor.canteen_id),
        now=clock.now(),
        examples_decide=settings.demo,
        device_id=device.id if here and device is not None else None,
    )
