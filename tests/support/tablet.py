"""A staff tablet on the small world, signed in: fixtures `world_open` and `tablet`, and `Tablet` for other people."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session

from canteen.people.models import Account, Role
from canteen.people.tokens import hash_secret
from canteen.people.web_sessions import lifetime_of, open_session
from canteen.readmodels.invariants import check
from tests.support.world import World

ROLES = {
    "longcheng-staff": (Role.STAFF, "longcheng"),
    "longcheng-manager": (Role.MANAGER, "longcheng"),
    "shuiyun-staff": (Role.STAFF, "shuiyun"),
    "officer": (Role.OFFICER, None),
    "auditor": (Role.AUDITOR, None),
    "admin": (Role.ADMIN, None),
}


def add_accounts(session: Session) -> None:
    """Signed in already, each with their name as the cookie: hashing passwords is tested where people sign in."""
    now = datetime.now(UTC)
    for name, (role, canteen) in ROLES.items():
        account = Account(
            id=name, username=name, name="李师傅", role=role, canteen_id=canteen, password_hash="", created_at=now
        )
        session.add(account)
        session.flush()
        open_session(session, hash_secret(name), account_id=name, data={}, lifetime=lifetime_of(role), now=now)


class Tablet:
    """A staff tablet without scripts: posts forms with their token and follows the answer."""

    def __init__(self, client: TestClient[Litestar], username: str) -> None:
        self.client = client
        self._headers = {"accept": "text/html", "cookie": f"session={username}"}
        found = re.search(r"csrf=(\w+)", client.get("/signin").headers.get("set-cookie", ""))
        self._token = found[1] if found else str(client.cookies["csrf"])
        self._headers["cookie"] += f"; csrf={self._token}"
        client.cookies.clear()

    def get(self, path: str) -> Response:
        return self.client.get(path, headers=self._headers)

    def post(self, path: str, **fields: object) -> Response:
        data = {"_csrf_token": self._token, **{name: str(value) for name, value in fields.items()}}
        answer = self.client.post(path, data=data, headers=self._headers, follow_redirects=False)
        return self.get(answer.headers["location"]) if answer.status_code == 303 else answer

    def tap(self, text: str) -> Response:
        """Scan or type at the window."""
        return self.post("/staff/tap", text=text)


@pytest.fixture
def world_open(world: World) -> Iterator[TestClient[Litestar]]:
    world.database.write_sync(add_accounts)
    with world.client() as client:
        yield client
    assert [found for found in world.database.read_sync(check) if not found.ok] == []


@pytest.fixture
def tablet(world_open: TestClient[Litestar]) -> Tablet:
    """Staff of Longcheng."""
    return Tablet(world_open, "longcheng-staff")
