"""Ordering without a card at the canteen that is open to everyone."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from litestar.testing import TestClient
from sqlmodel import select

from canteen.app import create_app
from canteen.orders.models import MealOrder, OrderShare
from canteen.readmodels.invariants import check
from canteen.usecases.place_order import MOST_UNPAID_GUESTS
from tests.support.kiosk import Kiosk
from tests.support.world import World

SHUIYUN = "/kiosk/shuiyun"


@pytest.fixture
def kiosk(world: World) -> Iterator[Kiosk]:
    """The kiosk of Shuiyun."""
    with world.client() as client:
        yield Kiosk(client, SHUIYUN)
    assert [found for found in world.database.read_sync(check) if not found.ok] == []


def _orders(world: World) -> list[MealOrder]:
    return world.database.read_sync(lambda session: list(session.exec(select(MealOrder).order_by(MealOrder.id))))


def _choose(kiosk: Kiosk) -> None:
    add = re.search(r'name="add" value="(\d+)"', kiosk.page.text)
    assert add is not None
    kiosk.press("/menu", add=add[1])
    kiosk.go("/check")


def test_guest_orders_at_list_price_and_pays_at_the_window(kiosk: Kiosk, world: World) -> None:
    kiosk.press("/guest")
    _choose(kiosk)
    asked = kiosk.page.text
    kiosk.press("/check")

    (order,) = _orders(world)
    assert "取餐时付现金" in asked
    assert "卡里不够" not in asked
    assert kiosk.number == order.pickup_number
    assert "报号、扫码都可以取" in kiosk.page.text
    assert (order.resident_id, order.method, order.status, order.channel) == (None, "cash", "placed", "kiosk")
    assert order.self_pay_fen == order.list_fen > 0
    assert world.database.read_sync(lambda s: s.exec(select(OrderShare)).all()) == []


def test_guest_takes_the_order_back(kiosk: Kiosk, world: World) -> None:
    """Only the one of this visit, and the screen is the next guest's afterwards."""
    somebody = world.place(None, "light", canteen="shuiyun", channel="kiosk")
    kiosk.press("/guest")
    _choose(kiosk)
    kiosk.press("/check")
    kiosk.post("/cancel", order=somebody.id)

    assert "已经撤销" in kiosk.page.text
    assert [order.status for order in _orders(world)] == ["placed", "cancelled"]


def test_guest_has_no_card_no_family_no_usual(kiosk: Kiosk) -> None:
    """Those pages lead back to where a guest belongs."""
    kiosk.press("/guest")

    assert str(kiosk.go("/usual").url).endswith("/menu")
    assert str(kiosk.go("/mine").url).endswith(SHUIYUN)
    kiosk.press("/guest")
    assert str(kiosk.go("/family").url).endswith(SHUIYUN)


def test_card_canteen_offers_guests_nothing(world: World) -> None:
    with world.client() as client:
        kiosk = Kiosk(client, "/kiosk/longcheng")
        start = kiosk.page.text
        kiosk.post("/guest")

        assert "没有卡" not in start
        assert str(kiosk.page.url).endswith("/kiosk/longcheng")


def test_unpaid_orders_of_guests_end_somewhere(kiosk: Kiosk, world: World) -> None:
    """A child pressing all afternoon does not empty the kitchen; the window still sells."""
    for _ in range(MOST_UNPAID_GUESTS):
        world.place(None, "light", canteen="shuiyun", channel="kiosk")
    kiosk.press("/guest")
    _choose(kiosk)
    kiosk.press("/check")

    assert kiosk.page.status_code == 409
    assert "请到窗口点餐" in kiosk.page.text
    assert len(_orders(world)) == MOST_UNPAID_GUESTS


def test_guest_at_a_screen_that_is_not_paired_orders_nothing(world: World) -> None:
    """The address alone, on somebody's phone."""
    with TestClient(create_app(replace(world.settings(), demo=False))) as client:
        screen = Kiosk(client, SHUIYUN)
        screen.post("/guest")

        assert "没有卡" not in screen.page.text
        assert str(screen.page.url).endswith(SHUIYUN)
