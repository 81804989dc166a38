"""Pages without scripts, driven by the forms they really have: what the kiosk and the phone of tests share."""

import html
import re

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_TOKEN = re.compile(r'name="(?:_csrf_token" value|csrf-token" content)="([^"]+)"')


class Pages:
    """Presses the buttons that are really on the page. `home` begins every address."""

    def __init__(self, client: TestClient[Litestar], home: str) -> None:
        self.client = client
        self.home = home
        self.go("")

    def go(self, path: str) -> Response:
        """Read the page at `path`, below home."""
        self.page: Response = self.client.get(f"{self.home}{path}", headers={"accept": "text/html"})
        return self.page

    def post(self, path: str, **fields: object) -> Response:
        """Send these fields with the page's token."""
        token = _TOKEN.search(self.page.text)
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

    @property
    def number(self) -> str:
        """The pick-up number on the page."""
        found = re.search(r'class="pickup-number">([^<]+)<', self.page.text)
        assert found is not None, self.page.text
        return found[1]
