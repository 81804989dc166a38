"""A kiosk without scripts, driven by the forms its pages really have."""

import re

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.support.world import CARDS

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Kiosk:
    """A screen without scripts: presses the buttons that are really on the page."""

    def __init__(self, client: TestClient[Litestar], home: str) -> None:
        self.client = client
        self.home = home
        self.page: Response = client.get(home, headers={"accept": "text/html"})

    def go(self, path: str) -> Response:
        self.page = self.client.get(f"{self.home}{path}", headers={"accept": "text/html"})
        return self.page

    def post(self, path: str, **fields: object) -> Response:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.page.text)
        assert token is not None
        self.page = self.client.post(
            f"{self.home}{path}", data={"_csrf_token": token[1], **fields}, headers={"accept": "text/html"}
        )
        return self.page

    def press(self, path: str, **fields: object) -> Response:
        """Send the (last) form of the page that goes to `path`, with its hidden fields."""
        found = re.findall(rf'<form method="post" action="{self.home}{path}".*?</form>', self.page.text, re.DOTALL)
        assert found, f"no form to {path} on {self.page.url}"
        return self.post(path, **{**dict(_FIELD.findall(found[-1])), **fields})

    def tap(self, who: str) -> Response:
        self.go("")
        return self.post("/tap", card=CARDS[who])

    @property
    def number(self) -> str:
        found = re.search(r'class="pickup-number">([^<]+)<', self.page.text)
        assert found is not None, self.page.text
        return found[1]
