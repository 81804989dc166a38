"""What elders do at the kiosk, through HTTP and without scripts, on the small world at lunch."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from litestar.testing import TestClient
from sqlmodel import Session, select

from canteen.app import create_app
from canteen.orders.models import MealOrder
from canteen.people.fetchers import name as name_fetcher
from canteen.people.models import WebSession
from canteen.readmodels.invariants import check
from canteen.sites.models import HelpCall
from menus.models import MenuItem
from tests.support.kiosk import Kiosk
from tests.support.world import CARDS, World

HOME = "/kiosk/longcheng"


@pytest.fixture
def kiosk(world: World) -> Iterator[Kiosk]:
    with world.client() as client:
        yield Kiosk(client, HOME)
    assert [found for found in world.database.read_sync(check) if not found.ok] == []


def orders(world: World) -> list[MealOrder]:
    """Oldest first."""
    return world.database.read_sync(lambda session: list(session.exec(select(MealOrder).order_by(MealOrder.id))))


def test_usual_lunch_is_one_touch(kiosk: Kiosk, world: World) -> None:
    """An 82-year-old taps the card, touches 就吃这个, reads the number; 6 yuan are gone from the card."""
    usual = kiosk.tap("elder82").text
    kiosk.press("/usual")

    (order,) = orders(world)
    assert "张奶奶，您好" in usual
    assert "6 元" in usual
    assert kiosk.number == order.pickup_number
    assert "已付 6 元" in kiosk.page.text
    assert (order.channel, order.method, order.self_pay_fen, order.status) == ("kiosk", "wallet", 600, "paid")


def test_free_meal_looks_like_any_other(kiosk: Kiosk) -> None:
    """Whoever pays nothing sees the same page with another number on it."""
    own = kiosk.tap("elder92").text
    other = kiosk.tap("elder82").text

    def shape(page: str) -> list[str]:
        return re.findall(r'class="([^"]*)"', page)

    assert "0 元" in own
    assert shape(own) == shape(other)
    assert not re.search("补贴|补助|政府|高龄|免费|余额|卡里还有", own + other)


def test_list_price_never_stands_beside_what_one_pays(kiosk: Kiosk) -> None:
    """On K1 and K3 there is one sum only."""
    sums = re.findall(r"([\d.]+) 元", kiosk.tap("elder82").text)
    kiosk.go("/menu?tab=meat")
    add = re.search(r'name="add" value="(\d+)"', kiosk.page.text)
    assert add is not None
    kiosk.press("/menu", add=add[1])
    kiosk.go("/check")

    assert sums == ["6"]
    assert len(set(re.findall(r"([\d.]+) 元", kiosk.page.text))) == 1


def test_card_that_is_short_is_cash_at_the_window(kiosk: Kiosk, world: World) -> None:
    usual = kiosk.tap("lapsed67").text
    kiosk.press("/usual")

    assert "取餐时付现金也行" in usual
    assert "取餐时付" in kiosk.page.text
    assert orders(world)[0].method == "cash"


@pytest.mark.parametrize("card", [CARDS["lost"], "1234567890"])
def test_card_that_cannot_be_used_says_one_neutral_sentence(kiosk: Kiosk, world: World, card: str) -> None:
    """Lost and unknown look alike in the room; staff are told more."""
    kiosk.post("/tap", card=card)

    calls = world.database.read_sync(lambda session: list(session.exec(select(HelpCall))))
    assert "这张卡要请工作人员看一下" in kiosk.page.text
    assert [call.reason for call in calls] == ["card-stopped"]
    assert orders(world) == []


def test_mistake_is_taken_back(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("elder82")
    kiosk.press("/usual")

    kiosk.press("/cancel")

    assert "已经撤销" in kiosk.page.text
    assert [order.status for order in orders(world)] == ["cancelled"]


def test_second_tap_shows_the_number_and_one_more_is_asked_for(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("elder82")
    kiosk.press("/usual")
    first = kiosk.number

    kiosk.tap("elder82")
    shown = kiosk.number
    kiosk.press("/another")
    kiosk.press("/usual")

    assert shown == first
    assert kiosk.number != first
    assert len(orders(world)) == 2


def test_same_press_twice_is_one_order(kiosk: Kiosk, world: World) -> None:
    """A double press sends the same form twice."""
    kiosk.tap("elder82")
    usual = kiosk.page
    kiosk.press("/usual")
    kiosk.page = usual
    kiosk.press("/usual")

    assert len(orders(world)) == 1


def test_changed_price_comes_back_with_the_fresh_sum(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("elder82")

    answer = kiosk.press("/usual", expected_self_pay_fen=300)

    assert answer.status_code == 409
    assert "6 元" in answer.text
    assert orders(world) == []
    kiosk.press("/usual")
    assert kiosk.number


def test_meal_sold_out_between_two_pages_offers_another(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("elder82")
    world.database.write_sync(_sell_out, world.items["longcheng"]["light"])

    answer = kiosk.press("/usual")

    assert answer.status_code == 409
    assert "就吃这个" in answer.text
    assert orders(world) == []


def _sell_out(session: Session, item_id: int) -> None:
    item = session.get_one(MenuItem, item_id)
    item.sold_out = True
    session.add(item)


def test_dishes_one_by_one(kiosk: Kiosk, world: World) -> None:
    """Two of one dish, one of another taken off again, half a portion, one sum, one order."""
    kiosk.tap("elder82")
    kiosk.go("/menu?tab=meat")
    ribs, rice = (str(world.items["longcheng"][key]) for key in ("ribs", "rice"))
    for add in (ribs, ribs, rice):
        kiosk.press("/menu", add=add)
    kiosk.go("/check")
    kiosk.post("/check", step=f"{rice}:less")
    kiosk.press("/check")

    (order,) = orders(world)
    lines = world.database.read_sync(
        lambda session: (
            session.connection().exec_driver_sql("SELECT menu_item_id, quantity, portion FROM order_line").all()
        )
    )
    assert [tuple(line) for line in lines] == [(int(ribs), 2, "full")]
    assert order.pickup_number == kiosk.number


def test_allergy_is_told_before_ordering_and_asked_with_another_button(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("allergic")
    kiosk.go("/menu?tab=sets")
    kiosk.press("/menu", add=str(world.items["longcheng"]["soft"]))
    shown = kiosk.go("/check").text
    unasked = kiosk.press("/check", clashes_seen="")
    refused = len(orders(world))
    kiosk.go("/check")
    kiosk.press("/check")

    assert "您说过不能吃" in shown
    assert "确定，付" not in shown
    assert (unasked.status_code, refused) == (409, 0)
    assert len(orders(world)) == 1


def test_meal_for_family_at_their_price(kiosk: Kiosk, world: World) -> None:
    """The 92-year-old has named the neighbour; the meal is hers to pay: nothing."""
    people = world.people
    world.database.write_sync(name_fetcher, people["elder92"], people["elder82"], now=world.now)
    kiosk.tap("elder82")
    kiosk.go("/family")
    kiosk.press("/family", diner=people["elder92"])
    shown = kiosk.page.text
    kiosk.press("/usual")

    (order,) = orders(world)
    assert "给王爷爷带一份" in shown
    assert (order.resident_id, order.fetcher_id, order.self_pay_fen) == (people["elder92"], people["elder82"], 0)


def test_stranger_cannot_be_chosen_as_family(kiosk: Kiosk, world: World) -> None:
    """Whoever forges the form gets their own page."""
    kiosk.tap("elder82")
    kiosk.go("/family")

    kiosk.post("/family", diner=world.people["elder92"])

    assert "张奶奶，您好" in kiosk.page.text
    kiosk.press("/usual")
    assert orders(world)[0].resident_id == world.people["elder82"]


def test_leaving_wipes_everything(kiosk: Kiosk, world: World) -> None:
    kiosk.tap("elder82")
    kiosk.go("/usual?large=1")
    kiosk.press("/exit")

    visits = world.database.read_sync(lambda session: list(session.exec(select(WebSession))))
    assert visits == []
    assert "data-large" not in kiosk.page.text
    assert "张" not in kiosk.go("/usual").text


def test_large_type_stays_through_the_visit(kiosk: Kiosk) -> None:
    kiosk.tap("elder82")
    kiosk.go("/usual?large=1")

    assert "data-large" in kiosk.go("/menu").text


def test_large_type_goes_with_the_card(kiosk: Kiosk) -> None:
    """Pressed once, remembered at the next tap; pressed again, forgotten."""
    for wanted in (True, False):
        kiosk.tap("elder82")
        kiosk.go(f"/usual?large={int(wanted)}")
        kiosk.press("/exit")

        kiosk.tap("elder82")

        assert (" data-large" in kiosk.page.text) is wanted


def test_pages_are_kept_by_nobody(kiosk: Kiosk) -> None:
    kiosk.tap("elder82")

    assert kiosk.page.headers["cache-control"] == "no-store"


def test_five_wrong_birthdays_pause_the_kiosk(kiosk: Kiosk, world: World) -> None:
    statuses = []
    for _ in range(6):
        kiosk.go("/number")
        statuses.append(kiosk.post("/number", number="0000 0101").status_code)

    assert statuses == [404, 404, 404, 404, 429, 429]
    assert orders(world) == []


def test_card_number_typed_on_the_screen_greets_its_owner(kiosk: Kiosk) -> None:
    kiosk.go("/number")
    kiosk.post("/number", number=CARDS["elder82"])

    assert "张奶奶，您好" in kiosk.page.text


def test_help_is_called_once_and_called_off(kiosk: Kiosk, world: World) -> None:
    kiosk.press("/help")
    shown = kiosk.page.text
    kiosk.press("/help/cancel")

    (call,) = world.database.read_sync(lambda session: list(session.exec(select(HelpCall))))
    assert "工作人员马上来" in shown
    assert call.answered_at is not None


def test_unpaired_browser_sees_the_menu_and_orders_nothing(world: World) -> None:
    """A kiosk's address on somebody's phone."""
    with TestClient(create_app(replace(world.settings(), demo=False))) as client:
        screen = Kiosk(client, HOME)
        shown = screen.page.text
        screen.post("/tap", card=CARDS["elder82"])
        after = screen.page.text

    assert "只能看菜单" in shown
    assert "张奶奶" not in after
    assert orders(world) == []
