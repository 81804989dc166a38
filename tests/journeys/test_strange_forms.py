"""What browsers never send, sent to every form of the staff's pages: a clear answer, never a broken page."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.web.templates import CSRF_COOKIE
from tests.support.world import World

Client = TestClient[Litestar]
STRANGE = ("\x00", "A²", "9" * 25, "9" * 5_000, "𬭊😀" * 150)
FORMS = {
    "/staff/tap": ("text", "who"),
    "/staff/serve": ("who", "number", "item", "method", "reason_text", "expected_self_pay_fen"),
    "/staff/handover": ("text", "method", "reason_text"),
    "/staff/counter": ("who", "add", "step", "key", "quantity-1", "do", "reason_text"),
    "/staff/wallet/top-up": ("who", "key", "amount"),
    "/staff/dues/x": ("method",),
    "/staff/menu": ("left-1", "was-1"),
    "/staff/dishes": ("name", "price", "half_price", "ingredients", "reason", "form", "course"),
    "/staff/sets": ("name", "price", "slot-1"),
    "/staff/dishes/1": ("name", "reason"),
    "/staff/week": ("from", "source", "week", "do"),
    "/staff/menus/2026-11-23/lunch": ("recommended", "dish", "dish_portions", "do"),
    "/staff/menus/2026-11-23/lunch/set": ("key", "part-1", "portions"),
    "/staff/menus/2026-11-23/lunch/more": ("line", "at", "more", "drop"),
    "/staff/help/answer": ("call",),
    "/pair": ("code",),
    "/signin": ("username", "next"),
    "/language": ("lang", "back"),
    "/demo/clock": ("move",),
}
ADDRESSES = (
    "/staff/orders/%00/undo",
    "/staff?served=%00",
    "/staff/counter?who=%00",
    "/staff/counter?who=nobody",
    "/staff/wallet?who=%00",
    "/staff/wallet?who=nobody",
    "/staff/menus/%00/lunch",
    "/staff/menus/0001-01-01/lunch",
    "/staff/menus/9999-12-31/dinner",
    "/staff/menus/9999-12-31/dinner/set?key=%00",
    "/staff/week?from=0001-01-01",
    "/staff/week?from=9999-12-31",
    "/staff/week/table?from=%00",
    "/staff/dishes?q=%00&page=99999",
    "/staff/dishes/0",
    "/staff/sets/99999999999999999999",
    "/photos/%00",
    "/m/longcheng/week?from=9999-12-31",
    "/m/nowhere/week",
    "/kiosk/%00",
    "/m/%00",
    "/?lang=%00",
)


@pytest.fixture
def manager(either_world: World) -> Iterator[Client]:
    """Signed in as the manager of Longcheng."""
    add_demo_accounts(either_world.database, datetime.now(UTC))
    with either_world.client() as client:
        answer = _post(client, "/signin", username="longcheng-manager", password=DEMO_PASSWORD)
        assert answer.status_code == 303
        yield client


def _post(client: Client, path: str, **fields: str) -> Response:
    token = client.cookies.get(CSRF_COOKIE)  # the token of a page is the one of the cookie
    if token is None:
        client.get("/pair", headers={"accept": "text/html"})
        token = client.cookies.get(CSRF_COOKIE)
    data = {"_csrf_token": token or "", **fields}
    return client.post(path, data=data, headers={"accept": "text/html"}, follow_redirects=False)


def _filler(world: World, path: str, field: str) -> dict[str, str]:
    """The rest of a form that is right."""
    who = world.people["elder82"]
    rest = {
        "/staff/serve": {"who": who, "item": str(world.items["longcheng"]["light"]), "method": "cash"},
        "/staff/counter": {"who": who, "quantity-1": "1"},
        "/staff/wallet/top-up": {"who": who, "fen": "5000"},
        "/staff/menu": {"left-1": "1", "was-1": "1"},
        "/staff/dishes": {"name": "汤", "price": "2", "course": "soup", "form": "clear_soup", "colour": "green"},
        "/staff/dishes/1": {"name": "汤", "price": "2", "course": "soup", "form": "clear_soup", "colour": "green"},
        "/staff/sets": {"name": "套餐", "price": "9", "slot-1": "meat"},
        "/staff/week": {"from": "2026-11-30", "do": "copy", "source": "2026-11-23", "week": "1"},
        "/staff/menus/2026-11-23/lunch": {"do": "add", "dish": "cabbage", "dish_portions": "5"},
        "/staff/menus/2026-11-23/lunch/set": {"key": "soft", "part-1": "rice", "portions": "5"},
        "/staff/menus/2026-11-23/lunch/more": {"line": "dish:ribs", "at": "11:30", "more": "5"},
    }.get(path, {})
    return {name: value for name, value in rest.items() if name != field}


def test_no_form_breaks(manager: Client, either_world: World) -> None:
    """Each field with each strange text."""
    broken = [
        f"{path} {field}={text[:8]!r} → {answer.status_code}"
        for path, fields in FORMS.items()
        for field in fields
        for text in STRANGE
        if (answer := _post(manager, path, **{**_filler(either_world, path, field), field: text})).status_code >= 500
    ]
    assert broken == []


def test_no_address_breaks(manager: Client) -> None:
    """Keys that are none, days outside the calendar, numbers no database holds."""
    broken = [
        f"{path} → {answer.status_code}"
        for path in ADDRESSES
        if (answer := manager.get(path, headers={"accept": "text/html"}, follow_redirects=False)).status_code >= 500
    ]
    for number in ("99999999999", "9" * 30, "-1"):
        for path in (f"/staff/menu/{number}/sold-out", f"/staff/board/{number}/made"):
            answer = _post(manager, path, add="1")
            broken += [f"{path} → {answer.status_code}"] if answer.status_code >= 500 else []
    assert broken == []


@pytest.mark.parametrize("text", ["A²", "A٢", "甲12"])
def test_digits_of_other_scripts_are_no_number(world: World, text: str) -> None:
    """`²` is a digit to Python and no number to anybody."""
    with world.client() as client:
        answer = client.post("/api/v1/collections", json={"code": text}, headers=world.bearer("staff"))
    assert answer.status_code == 404
