"""A phone without scripts, driven by the forms its pages really have."""

import html
import re
from datetime import UTC, datetime

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import update

from canteen.clock import DemoClockRow
from canteen.people import pins
from canteen.people.passwords import hash_password
from canteen.usecases.issue_slip import issue_slip
from tests.support.pages import Pages
from tests.support.world import CARDS, World

PIN = "280613"


def slip_for(world: World, who: str) -> str:
    """The code of a fresh slip of somebody."""
    return world.database.write_sync(
        issue_slip,
        world.people[who],
        now=world.now,
        real_now=datetime.now(UTC),
        actor="account:staff",
        sealer=world.sealer,
    )


def stand_clock_at(world: World, at: datetime) -> None:
    """Back too, which the demo clock itself never goes: phones order before ten, the small world stands at ten to eleven."""
    world.database.write_sync(
        lambda session: session.execute(update(DemoClockRow).values(shown_at=at, real_at=datetime.now(UTC)))
    )
    world.now = at


def give_pin(world: World, who: str, pin: str = PIN) -> None:
    """They have chosen it before."""
    world.database.write_sync(pins.keep, world.people[who], hash_password(pin), real_now=datetime.now(UTC))


class Phone(Pages):
    """Somebody's phone at a canteen's pages."""

    def __init__(self, client: TestClient[Litestar], canteen: str = "longcheng") -> None:
        super().__init__(client, f"/m/{canteen}")

    @property
    def text(self) -> str:
        """The page as it reads, tags and all."""
        return html.unescape(self.page.text)

    @property
    def where(self) -> str:
        """Path below the canteen's own."""
        return self.page.url.path.removeprefix(self.home)

    def sign_in(self, who: str, pin: str = PIN) -> Response:
        """With the card's number and the PIN."""
        self.go("/signin")
        return self.post("/signin", number=CARDS[who], pin=pin)

    def choose(self, *keys: str) -> Response:
        """Touch the first tiles of the menu, or those lines, and go on to the check."""
        for key in keys or (re.findall(r'name="add" value="(\d+)"', self.page.text)[0],):
            self.press("/menu", add=key)
        found = re.search(rf'href="({self.home}/check[^"]*)"', self.page.text)
        assert found is not None, self.page.text
        return self.go(html.unescape(found[1]).removeprefix(self.home))
