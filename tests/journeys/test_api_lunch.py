"""One lunch as somebody else's program lives it, through HTTP only, at both canteens."""

from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from canteen.readmodels.invariants import check
from tests.support.world import CARDS, World

Client = TestClient[Litestar]
API = "/api/v1"
MEAL = {"date": "2026-11-23", "meal": "lunch"}


def body(world: World, canteen: str, key: str = "soft", **more: object) -> dict[str, Any]:
    """An order of one line for the elder of 82, cash, unless said otherwise."""
    line = {"item": world.items[canteen][key], "quantity": 1}
    return {"canteen": canteen, **MEAL, "card": CARDS["elder82"], "lines": [line], "payment": "cash", **more}


def order(client: Client, world: World, wanted: dict[str, Any], *, key: str, role: str = "kiosk") -> Response:
    """Place it with an idempotency key."""
    headers = {**world.bearer(role, wanted["canteen"]), "Idempotency-Key": key}
    return client.post(f"{API}/orders", json=wanted, headers=headers)


@pytest.mark.parametrize("canteen", ["longcheng", "shuiyun"])
def test_a_lunch_from_menu_to_month(world: World, canteen: str) -> None:
    """The elder's six yuan and the funders' nine are the same figures on the quote, the order, the tray and the month."""
    kiosk, staff = world.bearer("kiosk", canteen), world.bearer("staff", canteen)
    with world.client() as client:
        canteens = client.get(f"{API}/canteens", headers=kiosk).json()
        menu = client.get(f"{API}/menus", params={"canteen": canteen, **MEAL}, headers=kiosk).json()
        dearest = max(menu["items"], key=lambda item: item["price_fen"])
        wanted = body(world, canteen, lines=[{"item": dearest["id"], "quantity": 1}])
        quote = client.post(f"{API}/quotes", json=wanted, headers=kiosk).json()
        wanted["expected_self_pay_fen"] = quote["self_pay_fen"]
        placed = order(client, world, wanted, key="one").json()
        unpaid = client.post(f"{API}/collections", json={"code": placed["pickup_code"]}, headers=staff)
        paid = client.post(f"{API}/orders/{placed['id']}/payments", json={"fen": 600}, headers=staff).json()
        tray = client.post(f"{API}/collections", json={"code": placed["pickup_code"]}, headers=staff)
        again = client.post(f"{API}/collections", json={"code": placed["pickup_code"]}, headers=staff)
        month = client.get(f"{API}/months/2026-11", params={"canteen": canteen}, headers=world.bearer("officer")).json()
        left = client.get(f"{API}/menus", params={"canteen": canteen, **MEAL}, headers=kiosk).json()

    assert {one["id"] for one in canteens} == {"longcheng", "shuiyun"}
    assert (quote["list_fen"], quote["self_pay_fen"], quote["rule_set"]) == (1500, 600, "fengman-example@1")
    assert sum(share["fen"] for share in quote["shares"]) == 900
    assert {key: placed[key] for key in quote} == quote
    assert (placed["status"], placed["owed_fen"], len(placed["pickup_code"])) == ("placed", 600, 20)
    assert (unpaid.status_code, unpaid.json()["code"], unpaid.json()["due_fen"]) == (409, "orders.not-paid", 600)
    assert (paid["status"], paid["owed_fen"]) == ("paid", 0)
    assert (tray.status_code, tray.json()["tray"][0]["name"]) == (201, dearest["name"])
    assert (again.status_code, again.json()["code"]) == (409, "pickup.already-collected")
    assert again.json()["by"]
    assert again.json()["at"]
    assert (month["collected"], month["ledger_fen"], month["agrees"]) == (1, 900, True)
    assert month["shares"] == sorted(quote["shares"], key=lambda share: share["funder"] != "operator")
    assert month["canteens"][0]["cash_fen"] == 600
    assert {item["id"]: item["left"] for item in left["items"]}[dearest["id"]] == dearest["left"] - 1
    assert all(found.ok for found in world.database.read_sync(check))


def test_the_same_key_and_body_get_the_first_answer_again(world: World) -> None:
    """Another body under the key is refused, and only one order stands."""
    wanted = body(world, "longcheng")
    with world.client() as client:
        first, second = (order(client, world, wanted, key="twice") for _ in range(2))
        other = order(client, world, {**wanted, "payment": "wallet"}, key="twice")
        keyless = client.post(f"{API}/orders", json=wanted, headers=world.bearer("kiosk"))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "orders.key-reused")
    assert (keyless.status_code, keyless.json()["code"]) == (400, "orders.key-missing")


def test_another_price_than_shown_is_answered_with_the_fresh_quote(world: World) -> None:
    """It carries figures, and nothing about the diner."""
    wanted = body(world, "longcheng", expected_self_pay_fen=500)
    with world.client() as client:
        refused = order(client, world, wanted, key="price")

    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "orders.price-changed")
    assert (told["expected_fen"], told["self_pay_fen"], told["list_fen"]) == (500, 600, 1500)
    assert "born" not in refused.text
    assert "1944" not in refused.text


def test_a_cancelled_order_gives_everything_back(world: World) -> None:
    """The wallet, the portion and the helped meal; cancelling again changes nothing."""
    wanted = body(world, "longcheng", payment="wallet")
    kiosk = world.bearer("kiosk")
    with world.client() as client:
        placed = order(client, world, wanted, key="first").json()
        cancelled = client.post(f"{API}/orders/{placed['id']}/cancel", json={"reason": "不舒服"}, headers=kiosk)
        again = client.post(f"{API}/orders/{placed['id']}/cancel", headers=kiosk)
        second = order(client, world, wanted, key="second").json()

    assert (placed["status"], placed["owed_fen"]) == ("paid", 0)
    assert (cancelled.json()["status"], cancelled.json()["end_reason"]) == ("cancelled", "不舒服")
    assert again.json()["status"] == "cancelled"
    assert second["self_pay_fen"] == 600
    assert all(found.ok for found in world.database.read_sync(check))


def test_the_second_meal_of_the_period_is_full_price(world: World) -> None:
    """Wherever it is ordered."""
    with world.client() as client:
        order(client, world, body(world, "longcheng"), key="first")
        second = order(client, world, body(world, "shuiyun"), key="second").json()

    assert (second["self_pay_fen"], second["shares"]) == (1500, [])


def test_card_and_number_hand_over_too_and_cash_is_taken_in_the_same_tap(world: World) -> None:
    """As the window reads them."""
    staff = world.bearer("staff")
    with world.client() as client:
        by_card = order(client, world, body(world, "longcheng"), key="a").json()
        first = client.post(
            f"{API}/collections", json={"code": "6222 0000 0000 0082", "take_cash": True}, headers=staff
        ).json()
        by_number = order(client, world, body(world, "longcheng", "light"), key="b").json()
        second = client.post(
            f"{API}/collections", json={"code": by_number["pickup_number"].lower(), "take_cash": True}, headers=staff
        ).json()

    assert (first["order"], first["cash_taken_fen"]) == (by_card["id"], 600)
    assert (second["order"], second["cash_taken_fen"]) == (by_number["id"], 1000)


def test_words_follow_accept_language(world: World) -> None:
    """Explanations, clashes and refusals, in Chinese unless English is asked for."""
    wanted = body(world, "longcheng", card=CARDS["allergic"])
    english = {**world.bearer("kiosk"), "Accept-Language": "en-GB,en;q=0.8"}
    with world.client() as client:
        zh = client.post(f"{API}/quotes", json=wanted, headers=world.bearer("kiosk")).json()
        en = client.post(f"{API}/quotes", json=wanted, headers=english).json()
        refused = client.post(f"{API}/quotes", json={**wanted, "card": "999999"}, headers=english)

    assert "元" in zh["explanation"]
    assert "yuan" in en["explanation"]
    assert zh["clashes"][0]["words"].endswith("就餐人对它过敏。")
    assert "allergic" in en["clashes"][0]["words"]
    assert refused.headers["Content-Language"] == "en"
    assert refused.headers["Content-Type"] == "application/problem+json"
