"""Every route × every role × own and other canteen. A route that nobody wrote down here fails."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from httpx import Response
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from tests.support.world import World

ACCOUNTS = {
    "staff": "longcheng-staff",
    "manager": "longcheng-manager",
    "community": "community",
    "subdistrict": "subdistrict",
    "officer": "officer",
    "auditor": "auditor",
    "admin": "admin",
}
GUEST = "guest"
EVERYBODY = frozenset({GUEST, *ACCOUNTS})
CANTEEN = frozenset({"staff", "manager"})
READS = frozenset({"subdistrict", "officer", "auditor"})
OFFICE = frozenset({"manager", "community", "admin"}) | READS
FILES = frozenset({"community", "officer"})
TABLE: tuple[tuple[str, frozenset[str]], ...] = (
    (r"(GET|POST) /office/import.*", FILES),
    (r"(GET|POST) /staff/import.*", frozenset({"manager"})),
    (r"GET /staff/export.*", CANTEEN),
    (r"(GET|POST) /office/applications/(new|.*/complete)", frozenset({"community"})),
    (r"POST /office/applications/.*/withdraw", frozenset({"community"})),
    (r"POST /office/applications.*", FILES | {"subdistrict"}),
    (r"GET /office/(applications.*|reverify)", FILES | READS),
    (r"POST /office/reverify", FILES),
    (r"GET /office/categories", FILES | READS),
    (r"POST /office/categories", frozenset({"subdistrict", "officer"})),
    (r"GET /office/residents/enrol", FILES),
    (r"POST /office/residents/.*/reveal", FILES | READS),
    (r"POST /office/residents/export", FILES | READS),
    (r"POST /office/(residents/.*/adjustment|recoverable/.*)", frozenset({"subdistrict", "officer"})),
    (r"GET /office/recoverable", READS),
    (r"POST /office/residents/[^/]+/categories", frozenset({"officer"})),
    (r"POST /office/residents.*", FILES),
    (r"POST /office/(residence|merges).*", FILES),
    (r"GET /office/(residence|merges)", FILES | READS),
    (r"GET /office/residents.*", FILES | READS),
    (r"POST /office/(calls|erasures).*", FILES),
    (r"GET /office/(calls|erasures).*", FILES | READS),
    (r"GET /office/slips.*", READS | {"manager"}),
    (r"GET /office/spend.*", READS),
    (r"(GET|POST) /office/simulation", READS),
    (r"POST /office/simulation/draft", frozenset({"officer"})),
    (r"GET /office/months.*", READS | {"manager"}),
    (r"POST /office/months/[^/]+/[^/]+/step", frozenset({"manager", "subdistrict", "officer"})),
    (r"POST /office/months/[^/]+/[^/]+/lock", frozenset({"officer"})),
    (r"GET /office/orders.*", READS | {"manager"}),
    (r"(POST /office/rules.*|GET /office/rules/drafts/(new|.*/edit/.*))", frozenset({"officer"})),
    (r"GET /office/rules/(drafts.*|.*/late)", frozenset({"officer", "auditor"})),
    (r"GET /office/rules.*", READS | {"community"}),
    (r"GET /office/audit.*", frozenset({"officer", "auditor", "admin"})),
    (r"GET /office", OFFICE),
    (r"(GET|POST) /staff/(menus|dishes|sets|week)(/.*)?", frozenset({"manager"})),
    (r"(GET|POST) /staff/(prices|late)", frozenset({"manager"})),
    (r"POST /staff/people/(export|.*/merge)", frozenset({"manager"})),
    (r"(GET|POST) /staff.*", CANTEEN),
    (r"(GET|POST) /devices.*", frozenset({"manager", "admin"})),
    (r"POST /demo/clock", EVERYBODY),
    (r"(GET|POST) /(kiosk|m|display|pair|signin|language|entitled)(/.*)?", EVERYBODY),
    (r"GET /live.*", EVERYBODY),
    (r"GET /photos/.*", EVERYBODY),
    (r"(GET|HEAD) /(health|schema|static).*", EVERYBODY),
    (r"GET /", EVERYBODY),
)
ENDS_THE_SESSION = frozenset({"/signout", "/sign-out"})
STREAMS = "/live/"
PROGRAMS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"GET /api/v1/months.*", frozenset({"manager", "officer", "auditor"})),
    (r"POST /api/v1/(orders|orders/[^/]+/cancel)", frozenset({"kiosk", "staff", "manager"})),
    (r"POST /api/v1/(collections|orders/[^/]+/payments)", CANTEEN),
    (r"(GET .*|POST /api/v1/quotes)", frozenset({"kiosk", "staff", "manager", "officer", "auditor"})),
)


def _filled(path: str, world: World, order_id: str) -> str:
    values = {
        "canteen": "longcheng",
        "topic": "orders",
        "month": "2026-11",
        "order": order_id,
        "order_id": order_id,
        "item_id": str(world.items["longcheng"]["soft"]),
        "resident": world.people["elder82"],
        "rule_set": "1",
        "day": "2026-11-23",
        "meal": "lunch",
        "food_id": "1",
        "position": "1",
    }
    return re.sub(r"\{(\w+):\w+\}", lambda found: values.get(found[1], "x"), path)


def _calls(app: Litestar, *, programs: bool) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = [
        (str(method), route.path)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in sorted(route.methods - {"OPTIONS"})
        if route.path.startswith("/api/") is programs
        and route.path not in ENDS_THE_SESSION
        and not route.path.startswith(STREAMS)
    ]
    assert len(found) > (8 if programs else 40)
    return found


def _allowed(table: tuple[tuple[str, frozenset[str]], ...], method: str, path: str) -> frozenset[str]:
    for pattern, roles in table:
        if re.fullmatch(pattern, f"{method} {path}"):
            return roles
    raise AssertionError(f"who may {method} {path}? Write it down in this test")


def _refused(answer: Response) -> bool:
    """By who asks, not by what was typed: an empty form is refused too, with another code."""
    if answer.status_code not in {401, 403} or "json" not in answer.headers["content-type"]:
        return False  # a page with the form again
    code = answer.json()["code"]
    assert code != "web.form-expired"
    return code in {"web.sign-in-needed", "web.forbidden"}


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    add_demo_accounts(world.database, datetime.now(UTC))
    with world.client() as opened:
        yield opened


def _call(client: TestClient[Litestar], method: str, path: str, token: str) -> Response:
    return client.request(
        method,
        path,
        data={"_csrf_token": token} if method == "POST" else None,
        headers={"accept": "application/problem+json"},
        follow_redirects=False,
    )


def _sign_in(client: TestClient[Litestar], username: str | None) -> str:
    if username is not None:
        fields = {"username": username, "password": DEMO_PASSWORD, "_csrf_token": _form_token(client)}
        assert client.post("/signin", data=fields, follow_redirects=False).status_code == 303
    return _form_token(client)


def _form_token(client: TestClient[Litestar]) -> str:
    found = re.search(r'name="_csrf_token" value="([0-9a-f]+)"', client.get("/", headers={"accept": "text/html"}).text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_pages_let_in_whom_they_should(world: World, client: TestClient[Litestar], role: str) -> None:
    """Reading and changing; nobody sees a server error."""
    order_id = world.place("elder82", "soft", method="cash").id
    token = _sign_in(client, ACCOUNTS.get(role))
    wrong = []
    for method, path in _calls(client.app, programs=False):
        answer = _call(client, method, _filled(path, world, order_id), token)
        if _refused(answer) is (role in _allowed(TABLE, method, path)) or answer.status_code >= 500:
            wrong.append(f"{method} {path}: {answer.status_code}")

    assert not wrong


@pytest.mark.parametrize("role", ["staff", "manager", "community", "subdistrict"])
def test_nobody_sees_another_canteen(world: World, client: TestClient[Litestar], role: str) -> None:
    """Shuiyun's orders, residents and month are not Longcheng's business."""
    order_id = world.place("elder75", "soft", canteen="shuiyun", method="cash").id
    item_id = world.items["shuiyun"]["soft"]
    token = _sign_in(client, ACCOUNTS[role])
    for method, path in (
        ("GET", f"/office/orders/{order_id}"),
        ("GET", "/office/months/2026-11/shuiyun"),
        ("GET", "/office/months/2026-11/shuiyun/csv"),
        ("POST", "/office/months/2026-11/shuiyun/step"),
        ("GET", "/office/months/2026-11/shuiyun/pack"),
        ("GET", "/office/months/2026-11/shuiyun/pack/statement.pdf"),
        ("GET", f"/office/residents/{world.people['elder75']}"),
        ("POST", f"/office/residents/{world.people['elder75']}/status"),
        ("POST", f"/office/residents/{world.people['elder75']}/reveal"),
        ("GET", f"/staff/people/{world.people['elder75']}"),
        ("GET", f"/staff/people/{world.people['elder75']}/cards"),
        ("POST", f"/staff/people/{world.people['elder75']}/cards"),
        ("POST", f"/staff/people/{world.people['elder75']}/slip"),
        ("POST", f"/staff/people/{world.people['elder75']}/reveal"),
        ("POST", f"/staff/orders/{order_id}/cancel"),
        ("POST", f"/staff/orders/{order_id}/undo"),
        ("POST", f"/staff/dues/{order_id}"),
        ("GET", f"/staff/ordered/{order_id}"),
        ("POST", f"/staff/pay-out/{order_id}"),
        ("GET", f"/staff/menu/{item_id}/orders"),
        ("POST", f"/staff/menu/{item_id}/sold-out"),
        ("POST", f"/staff/board/{item_id}/made"),
    ):
        answer = _call(client, method, path, token)
        assert answer.status_code in {401, 403, 404}, f"{role} {method} {path}: {answer.status_code}"


@pytest.mark.parametrize("role", ["kiosk", "staff", "manager", "officer", "auditor"])
def test_programs_may_what_their_token_says(world: World, client: TestClient[Litestar], role: str) -> None:
    """And without a token nothing."""
    order_id = world.place("elder82", "soft", method="cash").id
    wrong = []
    for method, path in _calls(client.app, programs=True):
        address = _filled(path, world, order_id)
        bare = client.request(method, address, json={} if method == "POST" else None)
        answer = client.request(method, address, json={} if method == "POST" else None, headers=world.bearer(role))
        if bare.status_code != 401 or _refused(answer) is (role in _allowed(PROGRAMS, method, path)):
            wrong.append(f"{method} {path}: {bare.status_code} {answer.status_code}")
        assert answer.status_code < 500

    assert not wrong


@pytest.mark.parametrize("role", ["kiosk", "staff", "manager"])
def test_a_token_of_one_canteen_does_nothing_at_another(world: World, client: TestClient[Litestar], role: str) -> None:
    """Orders, money, hand-over and books of Shuiyun with a token of Longcheng."""
    order = world.place("elder75", "soft", canteen="shuiyun", method="cash")
    bearer = world.bearer(role, "longcheng")
    line = {"item": world.items["shuiyun"]["soft"], "quantity": 1}
    body = {
        "canteen": "shuiyun",
        "date": "2026-11-23",
        "meal": "lunch",
        "card": "1",
        "lines": [line],
        "payment": "cash",
    }
    answers = [
        client.get(f"/api/v1/orders/{order.id}", headers=bearer),
        client.post(f"/api/v1/orders/{order.id}/cancel", headers=bearer),
        client.post(f"/api/v1/orders/{order.id}/payments", json={}, headers=bearer),
        client.post("/api/v1/collections", json={"code": order.pickup_code}, headers=bearer),
        client.post("/api/v1/collections", json={"code": order.pickup_code, "canteen": "shuiyun"}, headers=bearer),
        client.post("/api/v1/orders", json=body, headers={**bearer, "Idempotency-Key": "x"}),
        client.get("/api/v1/months/2026-11?canteen=shuiyun", headers=bearer),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404, 409}
    assert (
        world.database.read_sync(
            lambda s: (
                s.connection()
                .exec_driver_sql(
                    f"SELECT status FROM meal_order WHERE id = '{order.id}'"  # noqa: S608 - our own id
                )
                .scalar()
            )
        )
        == "placed"
    )


@pytest.mark.parametrize("role", ["manager", "officer", "admin"])
def test_nobody_signed_in_here_is_a_resident_there(world: World, client: TestClient[Litestar], role: str) -> None:
    """Accounts open no resident's phone pages: they are led to sign in there, and a form of theirs changes nothing."""
    order_id = world.place("elder82", "soft", method="cash").id
    token = _sign_in(client, ACCOUNTS[role])
    for method, path in (
        ("GET", "/m/longcheng/account"),
        ("GET", "/m/longcheng/account/table"),
        ("GET", "/m/longcheng/pin"),
        ("GET", "/m/longcheng/apply"),
        ("GET", "/m/longcheng/apply/new"),
        ("GET", "/m/longcheng/apply/x/paper"),
        ("POST", "/m/longcheng/apply/new"),
        ("POST", "/m/longcheng/apply/x/photos"),
        ("POST", "/m/longcheng/apply/x/send"),
        ("GET", f"/m/longcheng/orders/{order_id}"),
        ("POST", f"/m/longcheng/orders/{order_id}/cancel"),
        ("POST", "/m/longcheng/order"),
        ("POST", "/m/longcheng/pin"),
        ("POST", "/m/longcheng/phones/end"),
    ):
        answer = _call(client, method, path, token)
        assert answer.status_code == 303, f"{role} {method} {path}: {answer.status_code}"
        assert "/m/longcheng/signin" in answer.headers["location"]
