"""An app on a fresh database, and a browser that keeps cookies and sends the form token."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from canteen.db.database import Database
from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.people.models import Role
from canteen.people.tokens import new_bearer
from canteen.settings import Settings
from canteen.usecases.create_token import create_token
from tests.support.apps import Client

_TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]+)"')


class Browser:
    """A test client that posts forms as a page would."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={"accept": "text/html", **headers}, follow_redirects=False)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Response:
        found = _TOKEN.search(self.get("/signin?next=/x").text)
        assert found is not None
        fields = {"_csrf_token": found[1], **(data or {})}
        return self.client.post(path, data=fields, headers={"accept": "text/html", **headers}, follow_redirects=False)

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> Response:
        return self.post("/signin", {"username": username, "password": password})


Open = Callable[..., Browser]


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(database_url=database.url, data_dir=tmp_path, secret_key="k" * 48, demo=True)


@pytest.fixture
def open_browser(settings: Settings) -> Iterator[Open]:
    """`open_browser(demo=False)`: another app on the same database with these settings."""
    with ExitStack() as stack:

        def open_with(**changes: object) -> Browser:
            client = Client(replace(settings, **changes), base_url="http://canteen.test")  # type: ignore[arg-type]
            return Browser(stack.enter_context(client))

        yield open_with


@pytest.fixture
def browser(open_browser: Open, database: Database) -> Browser:
    """In demo mode, with the demo accounts."""
    add_demo_accounts(database, datetime.now(UTC))
    return open_browser()


@pytest.fixture
def bearer(database: Database) -> Callable[..., dict[str, str]]:
    """`bearer(Role.STAFF, "longcheng")`: the header of a fresh token."""

    def make(
        role: Role, canteen: str | None = None, days: int | None = None, at: datetime | None = None
    ) -> dict[str, str]:
        token = new_bearer()
        now = at or datetime.now(UTC)
        database.write_sync(
            create_token,
            token,
            role=role,
            canteen_id=canteen,
            name="test",
            days=days,
            now=now,
            business_now=now,
            actor="cli",
        )
        return {"authorization": f"Bearer {token}"}

    return make
