"""The day close in pages: two people count the drawer on one page, the day sheet says who."""

import re

from httpx import Response

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
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
