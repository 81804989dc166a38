"""A visit at a kiosk: remembered on the server, wiped at its end; the kiosk is a device, demo or paired."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from litestar import Litestar, Request, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.testing import TestClient

from canteen.app import create_app
from canteen.people.accounts import Actor
from canteen.people.web_sessions import OpenSession
from canteen.settings import Settings
from canteen.sites.pairing import DeviceView
from canteen.web.visits import change_visit, end_visit, open_visit

Asked = Request[Actor, object, State]


@get("/{canteen:str}/open/{who:str}")
async def opens(request: Asked, canteen: FromPath[str], who: FromPath[str]) -> str:
    await open_visit(request, {"resident": who, "canteen": canteen})
    return "ok"


@get("/{canteen:str}/shown")
async def shown(
    canteen: FromPath[str],
    visit: NamedDependency[OpenSession | None],
    device: NamedDependency[DeviceView | None],
    actor: NamedDependency[Actor],
) -> dict[str, object]:
    return {
        "visit": dict(visit.data) if visit else None,
        "device": device.id if device else None,
        "actor": actor.ref,
        "may": actor.may_see_canteen(canteen),
    }


@get("/{canteen:str}/add")
async def adds(request: Asked, canteen: FromPath[str], visit: NamedDependency[OpenSession | None]) -> str:
    assert visit is not None
    await change_visit(request, visit, {**visit.data, "lines": [1, 2], "at": canteen})
    return "ok"


@get("/{canteen:str}/close")
async def closes(request: Asked, canteen: FromPath[str]) -> str:
    await end_visit(request)
    return canteen


Open = Callable[[bool], TestClient[Litestar]]


@pytest.fixture
def open_kiosk(settings: Settings) -> Iterator[Open]:
    clients: list[TestClient[Litestar]] = []

    def start(demo: bool) -> TestClient[Litestar]:
        app = create_app(replace(settings, demo=demo))
        app.register(Router("/kiosk/test", route_handlers=[opens, shown, adds, closes]))
        clients.append(TestClient(app).__enter__())
        return clients[-1]

    yield start
    for client in clients:
        client.__exit__(None, None, None)


def test_visit_lasts_from_tap_to_exit(open_kiosk: Open) -> None:
    kiosk = open_kiosk(True)

    kiosk.get("/kiosk/test/longcheng/open/zhang")
    kiosk.get("/kiosk/test/longcheng/add")
    during = kiosk.get("/kiosk/test/longcheng/shown").json()["visit"]
    cookie = kiosk.cookies["visit"]
    kiosk.get("/kiosk/test/longcheng/close")
    kiosk.cookies.set("visit", cookie)
    after = kiosk.get("/kiosk/test/longcheng/shown").json()["visit"]

    assert during == {"resident": "zhang", "canteen": "longcheng", "lines": [1, 2], "at": "longcheng"}
    assert after is None


def test_next_tap_ends_the_visit_before(open_kiosk: Open) -> None:
    kiosk = open_kiosk(True)
    kiosk.get("/kiosk/test/longcheng/open/zhang")
    first = kiosk.cookies["visit"]

    kiosk.get("/kiosk/test/longcheng/open/wang")
    second = kiosk.cookies["visit"]
    kiosk.cookies.clear()
    kiosk.cookies.set("visit", first)

    assert first != second
    assert kiosk.get("/kiosk/test/longcheng/shown").json()["visit"] is None


def test_demo_pairs_at_sight_each_canteen_as_its_own_device(open_kiosk: Open) -> None:
    kiosk = open_kiosk(True)

    here = kiosk.get("/kiosk/test/longcheng/shown").json()
    there = kiosk.get("/kiosk/test/shuiyun/shown").json()

    assert (here["device"], here["actor"], here["may"]) == ("demo-kiosk-longcheng", "device:demo-kiosk-longcheng", True)
    assert there["device"] == "demo-kiosk-shuiyun"


def test_unknown_canteen_is_never_paired(open_kiosk: Open) -> None:
    assert open_kiosk(True).get("/kiosk/test/nowhere/shown").json()["device"] is None


def test_outside_demo_mode_an_unpaired_browser_is_a_guest(open_kiosk: Open) -> None:
    answer = open_kiosk(False).get("/kiosk/test/longcheng/shown").json()

    assert (answer["device"], answer["actor"]) == (None, "guest")
