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
from tests.support.world import CARDS, World

PIN = "280613"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


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


class Phone:
    """Presses the buttons that are really on the page."""

    def __init__(self, client: TestClient[Litestar], canteen: str = "longcheng") -> None:
        self.client = client
        self.home = f"/m/{canteen}"
        self.page: Response = self.go("")

    @property
    def text(self) -> str:
        """The page as it reads, tags and all."""
        return html.unescape(self.page.text)

    @property
    def where(self) -> str:
        """Path below the canteen's own."""
        return self.page.url.path.removeprefix(self.home)

    def go(self, path: str) -> Response:
        self.page = self.client.get(f"{self.home}{path}", headers={"accept": "text/html"})
        return self.page

    def post(self, path: str, **fields: object) -> Response:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.page.text)
        if token is None:
            token = re.search(r'name="csrf-token" content="([^"]+)"', self.page.text)
        assert token is not None, self.page.text
        self.page = self.client.post(
            f"{self.home}{path}", data={"_csrf_token": token[1], **fields}, headers={"accept": "text/html"}
        )
        return self.page

    def press(self, path: str, **fields: object) -> Response:
        """Send the (last) form of the page that goes to `path`, with its hidden fields."""
        found = re.findall(rf'<form method="post" action="{self.home}{path}".*?</form>', self.page.text, re.DOTALL)
        assert found, f"no form to {path} on {self.page.url}"
        hidden = {name: html.unescape(value) for name, value in _FIELD.findall(found[-1])}
        return self.post(path, **{**hidden, **fields})

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

    @property
    def number(self) -> str:
        """The pick-up number on the page."""
        found = re.search(r'class="pickup-number">([^<]+)<', self.page.text)
        assert found is not None, self.page.text
        return found[1]
