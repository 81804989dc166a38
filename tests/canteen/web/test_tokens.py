"""Bearer tokens at the door of the interface for programs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Headers
from litestar import Litestar, Router, get
from litestar.di import NamedDependency
from litestar.testing import TestClient

from canteen.app import create_app
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.settings import Settings
from canteen.web.security import in_scope, require

Bearer = Callable[..., dict[str, str]]


@get("/who")
async def who(actor: NamedDependency[Actor]) -> dict[str, str | None]:
    return {"role": actor.role, "canteen": actor.canteen_id, "ref": actor.ref.split(":")[0]}


@get("/staff-only", guards=[require(Role.STAFF)])
async def staff_only(actor: NamedDependency[Actor]) -> str:
    return in_scope(actor, "longcheng")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient[Litestar]]:
    app = create_app(replace(settings, demo=False))
    app.register(Router("/api/test", route_handlers=[who, staff_only]))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_token_carries_its_role_and_canteen(client: TestClient[Litestar], bearer: Bearer) -> None:
    answer = client.get("/api/test/who", headers=bearer(Role.STAFF, "longcheng"))

    assert answer.json() == {"role": "staff", "canteen": "longcheng", "ref": "token"}


@pytest.mark.parametrize("header", ["Bearer nc_unknown", "Bearer", "Basic YTpi", "Bearer é"])
def test_bad_tokens_are_401_problems(client: TestClient[Litestar], header: str) -> None:
    answer = client.get("/api/test/who", headers=Headers({"authorization": header}, encoding="utf-8"))

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_no_token_is_401_where_a_role_is_needed(client: TestClient[Litestar]) -> None:
    assert client.get("/api/test/staff-only").status_code == 401


def test_other_role_is_403(client: TestClient[Litestar], bearer: Bearer) -> None:
    assert client.get("/api/test/staff-only", headers=bearer(Role.KIOSK, "longcheng")).status_code == 403


def test_other_canteen_is_403_with_its_own_code(client: TestClient[Litestar], bearer: Bearer) -> None:
    answer = client.get("/api/test/staff-only", headers=bearer(Role.STAFF, "shuiyun"))

    assert (answer.status_code, answer.json()["code"]) == (403, "web.not-yours")


def test_expired_token_is_401(client: TestClient[Litestar], bearer: Bearer) -> None:
    old = bearer(Role.STAFF, "longcheng", days=1, at=datetime.now(UTC) - timedelta(days=2))

    assert client.get("/api/test/who", headers=old).status_code == 401


def test_session_cookie_opens_nothing_in_the_interface(client: TestClient[Litestar]) -> None:
    client.cookies.set("session", "anything")

    assert client.get("/api/test/who").json()["ref"] == "guest"
