"""What somebody else's program may send: each gets a clear answer with a stable code, nothing is lost, nothing breaks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from sqlmodel import Session, func, select

from canteen.orders.models import MealOrder
from canteen.readmodels.invariants import check
from tests.journeys.test_api_lunch import API, Client, body, order
from tests.support.world import CARDS, World

STRANGE = ("🍚🍲", "𬭊䶮堃", "\u202e\u200b", "é\u0301", "a" * 60, "' OR 1=1 --", "\u0000", "０１２", "\ufeff")
"""Emoji, rare characters, direction marks, combining marks, long, SQL, NUL, full-width, byte order mark."""


def refused(answer: Response, *statuses: int) -> str:
    """The stable code of a refusal told as a problem, in words."""
    told = answer.json()
    assert answer.status_code in (statuses or range(400, 500)), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["status"] == answer.status_code
    assert told["title"]
    assert told["detail"]
    return str(told["code"])


def nothing_happened(world: World) -> bool:
    """No order stands, and every invariant holds."""
    orders = world.database.read_sync(_count)
    return orders == 0 and all(found.ok for found in world.database.read_sync(check))


@pytest.fixture(scope="module")
def desk(shared_world: World) -> Iterator[Client]:
    """The app on a world that refusals leave as it is."""
    with shared_world.client() as client:
        yield client


def _count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(MealOrder)).one()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"canteen": "\\ud800"}',
        b'{"canteen":"\xed\xa0\x80"}',
        b"[" * 100_000,
        b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
@pytest.mark.parametrize("path", ["quotes", "orders", "collections"])
def test_what_is_no_order_in_json_is_malformed(desk: Client, shared_world: World, path: str, sent: bytes) -> None:
    """Truncated, of another shape, not in UTF-8, or nested without end."""
    headers = {**shared_world.bearer("staff"), "Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = desk.post(f"{API}/{path}", content=sent, headers=headers)

    assert refused(answer, 400) in {"web.malformed", "web.invalid"}
    assert nothing_happened(shared_world)


def test_a_body_of_more_than_a_megabyte_is_too_large(desk: Client, shared_world: World) -> None:
    """Before it is read."""
    answer = order(desk, shared_world, body(shared_world, "longcheng", card="1" * 1_100_000), key="k")

    assert refused(answer, 413) == "web.too-large"


@pytest.mark.parametrize(
    "quantity, code",
    [
        (0, "orders.quantity"),
        (-1, "orders.quantity"),
        (21, "orders.quantity"),
        (10**6, "orders.quantity"),
        (10**30, "web.invalid"),
        (1.5, "web.invalid"),
        (1.0, "web.invalid"),
        ("2", "web.invalid"),
        (None, "web.invalid"),
        (True, "web.invalid"),
        ([1], "web.invalid"),
    ],
)
@pytest.mark.parametrize("path", ["quotes", "orders"])
def test_a_quantity_is_a_whole_number_from_1_to_20(
    desk: Client, shared_world: World, path: str, quantity: object, code: str
) -> None:
    """A wrong type names the field; a number that makes no meal has its own code."""
    wanted = body(
        shared_world, "longcheng", lines=[{"item": shared_world.items["longcheng"]["soft"], "quantity": quantity}]
    )
    headers = {**shared_world.bearer("kiosk"), "Idempotency-Key": "k"}
    answer = desk.post(f"{API}/{path}", json=wanted, headers=headers)

    assert refused(answer, 400, 422) == code
    if code == "web.invalid":
        assert answer.json()["errors"][0]["field"] == "lines[0].quantity"
    assert nothing_happened(shared_world)


@pytest.mark.parametrize(
    "change, status, code",
    [
        ({"lines": []}, 422, "orders.empty"),
        ({"lines": None}, 400, "web.invalid"),
        ({"lines": [{"item": 10**9}]}, 404, "menus.not-on-menu"),
        ({"lines": [{"item": 10**30}]}, 400, "web.invalid"),
        ({"lines": [{"item": -1}]}, 400, "web.invalid"),
        ({"lines": [{"item": 1}] * 51}, 400, "web.invalid"),
        ({"card": "999999"}, 404, "people.card-unknown"),
        ({"card": CARDS["lost"]}, 409, "people.card-stopped"),
        ({"card": ""}, 404, "people.card-unknown"),
        ({"card": 6222}, 400, "web.invalid"),
        ({"card": None, "resident_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, 404, "people.resident-unknown"),
        ({"card": None}, 403, "orders.guest-not-served"),
        ({"canteen": "nowhere"}, 403, "web.not-yours"),
        ({"canteen": None}, 400, "web.invalid"),
        ({"date": "2026-02-30"}, 400, "web.invalid"),
        ({"date": "tomorrow"}, 400, "web.invalid"),
        ({"date": "2026-11-22"}, 409, "orders.closed"),
        ({"date": "0001-01-01"}, 409, "orders.closed"),
        ({"date": "9999-12-31"}, 409, "orders.closed"),
        ({"date": "2026-10-01"}, 409, "orders.closed"),
        ({"date": "2026-11-24"}, 409, "menus.not-published"),
        ({"meal": "supper"}, 400, "web.invalid"),
        ({"meal": "breakfast"}, 409, "orders.closed"),
        ({"meal": 1}, 400, "web.invalid"),
        ({"payment": "gold"}, 400, "web.invalid"),
        ({"payment": "none"}, 409, "payments.needed"),
        ({"expected_self_pay_fen": 10**30}, 400, "web.invalid"),
        ({"expected_self_pay_fen": "600"}, 400, "web.invalid"),
    ],
)
def test_a_wrong_field_is_told_by_a_stable_code(
    desk: Client, shared_world: World, change: dict[str, object], status: int, code: str
) -> None:
    """Whatever is wrong, no order stands afterwards."""
    wanted = {**body(shared_world, "longcheng"), **change}
    answer = desk.post(f"{API}/orders", json=wanted, headers={**shared_world.bearer("kiosk"), "Idempotency-Key": "k"})

    assert refused(answer, status) == code
    assert nothing_happened(shared_world)


def test_a_line_twice_and_half_a_set_are_no_meal(world: World) -> None:
    """The same item once whole and once half is."""
    ribs, soft = (world.items["longcheng"][key] for key in ("ribs", "soft"))
    with world.client() as client:
        twice = order(client, world, body(world, "longcheng", lines=[{"item": soft}, {"item": soft}]), key="a")
        half = order(client, world, body(world, "longcheng", lines=[{"item": soft, "portion": "half"}]), key="b")
        both = order(
            client, world, body(world, "longcheng", lines=[{"item": ribs}, {"item": ribs, "portion": "half"}]), key="c"
        )

    assert refused(twice, 422) == "menus.line-twice"
    assert refused(half, 422) == "orders.no-half-portion"
    assert (both.status_code, both.json()["list_fen"]) == (201, 1900)


def test_strange_text_in_any_field_is_answered_in_words(either_world: World) -> None:
    """On both databases: PostgreSQL keeps no NUL, SQLite does."""
    headers = {**either_world.bearer("kiosk"), "Idempotency-Key": "k"}
    with either_world.client() as client:
        for field in ("canteen", "card", "resident_id", "date", "meal", "payment"):
            for text in STRANGE:
                wanted = {**body(either_world, "longcheng"), field: text}
                wanted["card"] = wanted["card"] if field != "resident_id" else None

                assert refused(client.post(f"{API}/orders", json=wanted, headers=headers))
    assert nothing_happened(either_world)


@pytest.mark.parametrize("text", [*STRANGE, "", " ", "A", "A 99", "A 999999", "1" * 20, "12345678901234567890123"])
def test_the_window_understands_or_says_that_it_does_not(desk: Client, shared_world: World, text: str) -> None:
    """Codes, numbers and cards that nobody has."""
    answer = desk.post(f"{API}/collections", json={"code": text}, headers=shared_world.bearer("staff"))

    assert refused(answer, 400, 404, 409) in {"web.invalid", "pickup.unknown", "people.card-unknown"}


def test_strange_addresses_and_questions_break_nothing(either_world: World) -> None:
    """Nothing is found there, and the answer says so."""
    addresses = ["orders/🍚", "orders/%00", "orders/%ED%A0%80", f"orders/{'a' * 3000}", "months/2026-13", "months/%00"]
    questions = ["canteen=%00", "canteen=🍚", "canteen=longcheng&date=x", "canteen=longcheng&meal=x", "canteen="]
    questions += ["date=0001-01-01", "date=9999-12-31&meal=lunch", "canteen=longcheng&date=2026-10-01"]
    with either_world.client() as client:
        for address in addresses:
            assert refused(client.get(f"{API}/{address}", headers=either_world.bearer("auditor")), 400, 404, 422)
        for question in questions:
            assert refused(client.get(f"{API}/menus?{question}", headers=either_world.bearer("kiosk")))


@pytest.mark.parametrize("key", ["", " ", "k" * 129])
def test_a_key_has_1_to_128_characters(desk: Client, shared_world: World, key: str) -> None:
    """Anything else is no key."""
    answer = order(desk, shared_world, body(shared_world, "longcheng"), key=key)

    assert refused(answer, 400) == "orders.key-missing"


def test_codes_of_elsewhere_and_of_yesterday_are_told_apart(world: World) -> None:
    """Nothing is handed over, and the answer says where or when it belongs."""
    there = world.place("elder75", "light", "shuiyun", method="wallet")
    before = world.place("elder92", "light", now=world.now)
    staff = world.bearer("staff")
    with world.client() as client:
        elsewhere = client.post(f"{API}/collections", json={"code": there.pickup_code}, headers=staff)
        other_desk = client.post(
            f"{API}/collections", json={"code": there.pickup_code, "canteen": "shuiyun"}, headers=staff
        )
        client.app.state.clock.set(world.now + timedelta(days=1), datetime.now(UTC))
        yesterday = client.post(f"{API}/collections", json={"code": before.pickup_code}, headers=staff)

    assert refused(elsewhere, 409) == "pickup.other-canteen"
    assert elsewhere.json()["canteen"] == "水韵社区社区食堂"
    assert refused(other_desk, 403) == "web.not-yours"
    assert refused(yesterday, 409) == "pickup.other-meal"
    assert yesterday.json()["day"] == "2026-11-23"


ROLES = ("kiosk", "staff", "manager", "officer", "auditor")
MAY: dict[tuple[str, str], set[str]] = {
    ("GET", "/canteens"): set(ROLES),
    ("GET", "/menus?canteen=longcheng"): set(ROLES),
    ("POST", "/quotes"): set(ROLES),
    ("POST", "/orders"): {"kiosk", "staff", "manager"},
    ("GET", "/orders/{order}"): set(ROLES),
    ("POST", "/orders/{order}/payments"): {"staff", "manager"},
    ("POST", "/orders/{order}/cancel"): {"kiosk", "staff", "manager"},
    ("POST", "/collections"): {"staff", "manager"},
    ("GET", "/months/2026-11"): {"manager", "officer", "auditor"},
}
"""Route → roles; everybody else is refused before anything is read."""


@pytest.mark.parametrize("role", [*ROLES, "nobody", "stranger"])
def test_each_role_may_do_its_own_and_nothing_else(world: World, role: str) -> None:
    """Every route as every role; without a token or with an unknown one 401 everywhere."""
    placed = world.place("elder75", "light")
    known = {"stranger": {"Authorization": "Bearer nc_x"}, "nobody": dict[str, str]()}
    headers = known[role] if role in known else world.bearer(role)
    with world.client() as client:
        for (method, path), allowed in MAY.items():
            sent: dict[str, Any] = {"json": {}} if method == "POST" else {}
            answer = client.request(method, API + path.format(order=placed.id), headers=headers, **sent)

            if role in {"nobody", "stranger"}:
                assert refused(answer, 401) == "web.sign-in-needed"
            elif role not in allowed:
                assert refused(answer, 403) == "web.forbidden"
            else:
                assert answer.status_code not in {401, 403}, (path, answer.text)


@pytest.mark.parametrize("role", ["kiosk", "staff", "manager"])
def test_a_token_reaches_its_own_canteen_only(world: World, role: str) -> None:
    """Another canteen's order does not exist for it, and its months are not its own."""
    placed = world.place("elder75", "light", "shuiyun")
    mine = world.bearer(role, "longcheng")
    with world.client() as client:
        shown = client.get(f"{API}/orders/{placed.id}", headers=mine)
        cancelled = client.post(f"{API}/orders/{placed.id}/cancel", headers=mine)
        quoted = client.post(f"{API}/quotes", json=body(world, "shuiyun"), headers=mine)
        month = client.get(f"{API}/months/2026-11?canteen=shuiyun", headers=mine)

    assert refused(shown, 404) == "orders.not-found"
    assert refused(cancelled, 404) == "orders.not-found"
    assert refused(quoted, 403) == "web.not-yours"
    assert refused(month, 403) in {"web.not-yours", "web.forbidden"}
