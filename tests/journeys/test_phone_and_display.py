"""The week's menu on a phone and the screen above the window: public pages that promise and betray nothing."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.sites.models import Kitchen
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from tests.support.world import World

PRIVATE = re.compile("补贴|补助|低保|余额|自付")


def _to_order(session: Session, *, ready: tuple[str, ...]) -> None:
    session.execute(update(Kitchen).where(col(Kitchen.id) == "longcheng").values(mode="to_order"))
    session.execute(
        update(MealOrder)
        .where(col(MealOrder.id).in_(ready))
        .values(status="ready", ready_at=datetime(2026, 11, 23, 2, 55, tzinfo=UTC))
    )


def test_phone_shows_todays_meals_with_prices_and_until_when(world: World) -> None:
    """Sets with their dishes, list prices, hours, and that one orders at the kiosk or the window."""
    with world.client() as client:
        answer = client.get("/m/longcheng")

    assert answer.status_code == 200
    for words in ("软烂两荤一素", "15 元", "半份 7 元", "10:30 到 13:00", "点餐机和窗口点到 13:00", "菜单还没上"):
        assert words in answer.text
    assert not PRIVATE.search(answer.text)


def test_phone_offers_seven_open_days_and_ignores_others(world: World) -> None:
    """A day outside the week, or no day at all, shows today."""
    with world.client() as client:
        answer = client.get("/m/longcheng?day=2020-01-01")
        odd = client.get("/m/longcheng?day=%F0%9F%8D%9A")
        tomorrow = client.get("/m/longcheng?day=2026-11-24")

    assert len(re.findall(r'href="\?day=', answer.text)) == 7
    assert "11月23日" in odd.text
    assert odd.status_code == 200
    assert "软烂两荤一素" not in tomorrow.text


def test_phone_says_sold_out_in_words(world: World) -> None:
    """The tile stays readable."""
    item = world.items["longcheng"]["light"]
    off = OnSale("longcheng", item, sold_out=True)
    world.database.write_sync(set_sold_out, off, now=world.now, actor="account:staff")

    with world.client() as client:
        answer = client.get("/m/longcheng")

    assert "清淡套餐" in answer.text
    assert "卖完了" in answer.text


def test_phone_speaks_english_on_request(world: World) -> None:
    """A whole-page switch."""
    with world.client() as client:
        answer = client.get("/m/shuiyun?lang=en")

    assert "Shuiyun Community Canteen" in answer.text
    assert "How to order" in answer.text


def test_display_of_a_batch_kitchen_shows_the_hours_and_calls_nobody(world: World) -> None:
    """Trays wait for everybody: a number would call people who need not wait."""
    order = world.place("elder82", "light")

    with world.client() as client:
        answer = client.get("/display/longcheng")

    assert "到 13:00" in answer.text
    assert "凭号或刷卡" in answer.text
    assert order.pickup_number not in answer.text


def test_display_calls_ready_numbers_and_names_nobody(world: World) -> None:
    """To-order kitchens: ready numbers big, paid ones as being cooked; no name, dish or sum."""
    ready = world.place("elder82", "light", method="wallet")
    cooking = world.place("young", "soft", method="wallet")
    unpaid = world.place("lapsed67", "soft", method="cash")
    world.database.write_sync(_to_order, ready=(ready.id,))

    with world.client() as client:
        answer = client.get("/display/longcheng")

    called, _, cooked = answer.text.partition("display-cooking")
    assert ready.pickup_number in called
    assert cooking.pickup_number in cooked
    assert unpaid.pickup_number not in answer.text
    for betrayal in ("张", "清淡套餐", " 元"):
        assert betrayal not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("address", ["/m/nowhere", "/display/nowhere"])
def test_an_unknown_canteen_is_a_friendly_404(world: World, address: str) -> None:
    """In words, with a way back."""
    with world.client() as client:
        answer = client.get(address)

    assert answer.status_code == 404
    assert "没有这家食堂" in answer.text
