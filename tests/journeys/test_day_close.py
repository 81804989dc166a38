"""The day close in pages: two people count the drawer on one page, the day sheet says who."""

import re
from datetime import UTC, datetime

from httpx import Response

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.readmodels.day_close import day_close
from tests.support.apps import Client
from tests.support.world import World


def _field(page: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return found.group(1)


def _sign_in(client: Client, username: str) -> None:
    token = client.get("/signin")
    body = {"username": username, "password": DEMO_PASSWORD, "_csrf_token": _field(token, "_csrf_token")}
    assert client.post("/signin", data=body, follow_redirects=False).status_code == 303


def test_two_people_close_the_day_on_one_page(world: World) -> None:
    """A wrong password of the second closes nothing; the right one does, and short is shown first."""
    add_demo_accounts(world.database, world.now)
    with world.client() as client:
        _sign_in(client, "longcheng-staff")
        page = client.get("/staff/close")
        assert page.status_code == 200
        body = {
            "_csrf_token": _field(page, "_csrf_token"),
            "shift": _field(page, "shift"),
            "counted": "1",
            "banked": "0",
            "second": "longcheng-manager",
            "second_password": "wrong",
        }
        refused = client.post("/staff/close", data=body)
        closed = client.post("/staff/close", data=body | {"second_password": DEMO_PASSWORD})
    assert (refused.status_code, closed.status_code) == (403, 200)
    assert "第二个人没有确认成功" in refused.text
    assert "交好班了" in closed.text
    assert "! 少" in closed.text


def test_a_sample_under_125_grams_is_refused_in_words(world: World) -> None:
    """And one of 125 stands on the day sheet."""
    add_demo_accounts(world.database, world.now)
    with world.client() as client:
        _sign_in(client, "longcheng-staff")
        page = client.get("/staff/close")
        found = re.search(r'<option value="(lunch/\d+)"', page.text)
        assert found is not None
        body = {"_csrf_token": _field(page, "_csrf_token"), "dish": found.group(1), "grams": "124"}
        refused = client.post("/staff/close/samples", data=body)
        kept = client.post("/staff/close/samples", data=body | {"grams": "125"})
    assert (refused.status_code, kept.status_code) == (422, 200)
    assert "留样不够 125 克" in refused.text
    assert "125 g" in kept.text


def test_nothing_is_off_before_it_could_have_been_done(world: World) -> None:
    """While lunch waits to be served nobody misses its counts or samples; once it is over both are asked for."""
    order = world.place("elder82", "soft")

    def off(at: datetime) -> set[str]:
        found = world.database.read_sync(day_close, "longcheng", "longcheng", world.day, at)
        return {one.kind for one in found.off}

    before, after = datetime(2026, 11, 23, 2, 0, tzinfo=UTC), datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert off(before) & {"counts-open", "no-sample", "uncollected"} == set()
    assert {"counts-open", "no-sample", "uncollected"} <= off(after)
    assert order.status == "placed"
