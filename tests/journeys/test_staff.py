"""What staff do at the window, the hand-over and the counter, through HTTP, on the small world at lunch."""

import re
from datetime import timedelta

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, select

from canteen.orders.models import MealOrder
from canteen.payments.models import Due, Wallet
from canteen.people.models import Card, CardState
from canteen.sites.models import Kitchen
from canteen.usecases.call_help import HelpWanted, call_help
from menus.models import MenuItem
from tests.support.tablet import Tablet
from tests.support.world import CARDS, World


def _orders(world: World) -> list[MealOrder]:
    return world.database.read_sync(lambda s: list(s.exec(select(MealOrder).order_by("id")).all()))


def _asked(answer: Response) -> dict[str, str]:
    """The question the window asks: for whom, which set meal, how much."""
    return dict(re.findall(r'name="(who|item|expected_self_pay_fen)" value="(\w+)"', answer.text))


def _item(world: World, key: str) -> MenuItem:
    return world.database.read_sync(
        lambda s: s.exec(select(MenuItem).where(MenuItem.id == world.items["longcheng"][key])).one()
    )


def test_one_tap_orders_charges_and_hands_over(tablet: Tablet, world: World) -> None:
    answer = tablet.tap(CARDS["elder92"])

    order = _orders(world)[0]
    assert answer.status_code == 200
    assert "已交餐" in answer.text
    assert order.pickup_number in answer.text
    assert (order.status, order.self_pay_fen, order.channel) == ("collected", 0, "window")


def test_second_tap_says_who_and_when(tablet: Tablet, world: World) -> None:
    tablet.tap(CARDS["elder82"])

    again = tablet.tap(CARDS["elder82"])

    assert again.status_code == 409
    assert "已经取过了" in again.text
    assert re.search(r"10:5\d 由李师傅", again.text)  # the demo clock runs while the test does
    assert len(_orders(world)) == 1


def test_without_stored_value_the_tap_asks_for_cash_and_one_more_finishes(tablet: Tablet, world: World) -> None:
    asked = tablet.tap(CARDS["lapsed67"])
    fields = _asked(asked)
    before = _orders(world)
    done = tablet.post("/staff/serve", **fields, method="cash")

    yuan = f"{int(fields['expected_self_pay_fen']) / 100:g} 元"
    assert before == []
    assert f"收 {yuan}" in asked.text
    assert f"收了现金 {yuan}" in done.text
    assert _orders(world)[0].status == "collected"


def test_short_wallet_asks_for_cash(tablet: Tablet, world: World) -> None:
    """20 sets at 15 yuan are more than the 200 on the card."""
    order = world.place("young", "soft", "longcheng", quantity=20, method="cash")

    asked = tablet.tap(CARDS["young"])
    refused = tablet.post("/staff/serve", who=world.people["young"], method="wallet")
    done = tablet.post("/staff/serve", who=world.people["young"], method="cash")

    assert "从卡里扣" not in asked.text
    assert refused.status_code == 409
    assert "收 300 元" in refused.text
    assert order.pickup_number in done.text
    assert _orders(world)[0].status == "collected"


def test_later_needs_a_reason_and_is_settled_from_the_list(tablet: Tablet, world: World) -> None:
    fields = _asked(tablet.tap(CARDS["lapsed67"]))

    bare = tablet.post("/staff/serve", **fields, method="later")
    served = tablet.post("/staff/serve", **fields, method="later", reason="no-cash")
    order = _orders(world)[0]
    settled = tablet.post(f"/staff/dues/{order.id}", method="cash")

    assert bare.status_code == 422
    assert "要写原因" in bare.text
    assert f"还差 {order.self_pay_fen / 100:g} 元" in served.text
    assert "付清了" in settled.text
    due = world.database.read_sync(lambda s: s.exec(select(Due)).one())
    assert (due.reason, due.paid_at is not None) == ("没带现金", True)


def test_changed_price_asks_again_instead_of_taking_another_sum(tablet: Tablet, world: World) -> None:
    answer = tablet.post(
        "/staff/serve",
        who=world.people["elder82"],
        item=world.items["longcheng"]["soft"],
        expected_self_pay_fen=500,
        method="cash",
    )

    assert answer.status_code == 409
    assert "价钱和刚才显示的不一样了" in answer.text
    assert _orders(world) == []


def test_order_made_at_the_kiosk_is_what_the_tap_hands_over(tablet: Tablet, world: World) -> None:
    placed = world.place("elder82", "light", method="wallet", channel="kiosk")

    answer = tablet.tap(CARDS["elder82"])

    assert placed.pickup_number in answer.text
    assert [order.id for order in _orders(world)] == [placed.id]
    assert _orders(world)[0].status == "collected"


def test_lost_card_stops_but_its_owner_can_be_served(tablet: Tablet, world: World) -> None:
    answer = tablet.tap(CARDS["lost"])

    assert answer.status_code == 409
    assert "挂失或停用" in answer.text
    assert "赵*栋" in answer.text
    assert "赵国栋" not in answer.text
    assert _orders(world) == []


def test_unknown_card_is_told_and_kept_in_the_field(tablet: Tablet) -> None:
    answer = tablet.tap("6222999999999999")

    assert answer.status_code == 404
    assert 'value="6222999999999999"' in answer.text


def test_name_finds_people_with_shortened_names(tablet: Tablet, world: World) -> None:
    found = tablet.tap("张玉兰")

    assert "张*兰" in found.text
    assert "卡尾号 0082" in found.text
    served = tablet.post("/staff/tap", who=world.people["elder82"])
    assert "已交餐" in served.text


@pytest.mark.parametrize("text", ["𬭊", "😀", "' OR 1=1", "A", "１２３", "x" * 64])
def test_odd_input_gets_a_clear_answer(tablet: Tablet, text: str) -> None:
    assert tablet.tap(text).status_code in {200, 404}
    assert tablet.post("/staff/handover", text=text).status_code in {404, 422}


def test_hand_over_by_code_number_and_card(tablet: Tablet, world: World) -> None:
    by_code = world.place("elder82", "light", method="wallet")
    by_number = world.place("elder92", "light")
    world.place("elder75", "light", method="wallet")

    assert "可以取餐" in tablet.post("/staff/handover", text=by_code.pickup_code).text
    assert "可以取餐" in tablet.post("/staff/handover", text=by_number.pickup_number.lower().replace(" ", "")).text
    assert "可以取餐" in tablet.post("/staff/handover", text=CARDS["elder75"]).text
    assert {order.status for order in _orders(world)} == {"collected"}


def test_hand_over_takes_cash_in_one_tap_and_tells_the_second_scan(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="cash")

    owed = tablet.post("/staff/handover", text=order.pickup_code)
    done = tablet.post("/staff/handover", text=order.pickup_code, method="cash")
    again = tablet.post("/staff/handover", text=order.pickup_code)

    assert (owed.status_code, again.status_code) == (409, 409)
    assert "收 6 元" in owed.text
    assert "可以取餐" in done.text
    assert "已经取过了" in again.text
    assert "由李师傅" in again.text


def test_order_of_the_other_canteen_is_sent_there(tablet: Tablet, world: World) -> None:
    order = world.place("elder75", "light", "shuiyun", method="wallet")

    answer = tablet.post("/staff/handover", text=order.pickup_code)

    assert answer.status_code == 409
    assert "水韵社区社区食堂" in answer.text
    assert _orders(world)[0].status == "paid"


def test_undo_wants_a_reason_and_the_meal_waits_again(tablet: Tablet, world: World) -> None:
    tablet.tap(CARDS["elder82"])
    order = _orders(world)[0]

    bare = tablet.post(f"/staff/orders/{order.id}/undo", reason="")
    undone = tablet.post(f"/staff/orders/{order.id}/undo", reason="wrong-person")

    assert bare.status_code == 422
    assert "已撤回" in undone.text
    assert _orders(world)[0].status == "paid"
    assert "已交餐" in tablet.tap(CARDS["elder82"]).text


def test_other_canteens_staff_are_refused(world_open: TestClient[Litestar], world: World) -> None:
    """Not by a status that tells whether the order exists."""
    order = world.place("elder82", "light", method="wallet")
    world.collect(order.pickup_code)
    other = Tablet(world_open, "shuiyun-staff")

    assert other.get(f"/staff?served={order.id}").status_code == 404
    assert other.get(f"/staff/orders/{order.id}/undo").status_code == 404
    assert other.post(f"/staff/orders/{order.id}/undo", reason="wrong-person").status_code == 404
    assert other.post(f"/staff/dues/{order.id}").status_code == 404
    assert other.post(f"/staff/board/{world.items['longcheng']['soft']}/made", add=1).status_code == 404
    assert other.post(f"/staff/menu/{world.items['longcheng']['soft']}/sold-out").status_code == 404
    assert _orders(world)[0].status == "collected"


@pytest.mark.parametrize("username", ["officer", "auditor", "admin"])
def test_offices_do_not_work_at_the_window(world_open: TestClient[Litestar], username: str) -> None:
    visitor = Tablet(world_open, username)

    assert visitor.get("/staff").status_code == 403


def test_sold_out_is_seen_by_everyone_at_once(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["light"]

    tablet.post(f"/staff/menu/{item}/sold-out", sold_out=1)
    menu = tablet.client.get(
        "/api/v1/menus?canteen=longcheng&date=2026-11-23&meal=lunch", headers=world.bearer("kiosk")
    ).json()
    refused = tablet.post("/staff/counter", who=world.people["elder82"], do="cash", **{f"quantity-{item}": 1})
    tablet.post(f"/staff/menu/{item}/sold-out", sold_out=0)

    assert next(line["left"] for line in menu["items"] if line["id"] == item) == 0
    assert refused.status_code == 409
    assert "清淡套餐 卖完了" in refused.text
    assert not _item(world, "light").sold_out


def test_saving_what_is_left_keeps_what_was_sold_meanwhile(tablet: Tablet, world: World) -> None:
    """The page showed 10, one was sold, the cook counts 15: 14 are left."""
    item = world.items["longcheng"]["ribs"]
    world.place("elder82", "ribs")

    answer = tablet.post("/staff/menu", **{f"was-{item}": 10, f"left-{item}": 15})

    assert "存好了" in answer.text
    assert _item(world, "ribs").left_halves == 28


def test_wrong_number_of_portions_is_marked_and_kept(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["ribs"]

    answer = tablet.post("/staff/menu", **{f"was-{item}": 10, f"left-{item}": "很多"})

    assert answer.status_code == 422
    assert 'value="很多"' in answer.text
    assert _item(world, "ribs").left_halves == 20


def test_counter_serves_chosen_dishes_once_per_press(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["rice"]
    chosen = tablet.post("/staff/counter", who=world.people["young"], add=item)
    key = re.search(r'name="key" value="(\w+)"', chosen.text)
    assert key is not None
    fields = {"who": world.people["young"], f"quantity-{item}": 1, "expected_self_pay_fen": 100, "key": key[1]}

    first = tablet.post("/staff/counter", **fields, do="cash")
    second = tablet.post("/staff/counter", **fields, do="cash")

    assert "收 1 元，出单" in chosen.text
    assert "收了现金 1 元" in first.text
    assert second.status_code == 200
    assert len(_orders(world)) == 1


def test_telephone_order_waits_for_its_money_at_the_hand_over(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["soft"]
    fields = {f"quantity-{item}": 1, "expected_self_pay_fen": 600, "key": "telephone-1"}

    ordered = tablet.post("/staff/counter", who=world.people["elder82"], **fields, do="phone")
    order = _orders(world)[0]
    cancelled = tablet.post(f"/staff/orders/{order.id}/cancel")

    assert "订好了" in ordered.text
    assert "取餐时收 6 元" in ordered.text
    assert order.channel == "counter"
    assert "撤了" in cancelled.text
    assert _orders(world)[0].status == "cancelled"


def test_allergy_must_be_confirmed_at_the_counter(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["soft"]
    fields = {
        "who": world.people["allergic"],
        f"quantity-{item}": 1,
        "expected_self_pay_fen": 900,
        "key": "allergy-1",
        "do": "cash",
    }

    warned = tablet.post("/staff/counter", **fields)
    before = len(_orders(world))
    pay = re.search(r'name="expected_self_pay_fen" value="(\d+)"', warned.text)
    assert pay is not None
    served = tablet.post("/staff/counter", **(fields | {"expected_self_pay_fen": pay[1], "clashes_seen": 1}))

    assert "里有鱼，这位客人过敏" in warned.text
    assert "问过本人了，还是要" in warned.text
    assert before == 0
    assert "已交餐" in served.text


def test_allergy_must_be_confirmed_at_the_window(tablet: Tablet, world: World) -> None:
    """The question comes with the second tap; a form without its answer hands nothing over."""
    world.place("allergic", "soft", clashes_seen=True)
    who = world.people["allergic"]

    asked = tablet.post("/staff/tap", text=CARDS["allergic"])
    unasked = tablet.post("/staff/serve", who=who, method="cash")
    before = _orders(world)[0].status
    served = tablet.post("/staff/serve", who=who, method="cash", clashes_seen=1)

    assert 'name="clashes_seen" value="1"' in asked.text
    assert unasked.status_code == 409
    assert "里面有这位客人过敏的东西" in unasked.text
    assert before == "placed"
    assert "已交餐" in served.text


def test_guests_are_served_where_the_canteen_is_open_to_all(world_open: TestClient[Litestar], world: World) -> None:
    item = world.items["shuiyun"]["light"]
    fields = {f"quantity-{item}": 1, "expected_self_pay_fen": 1000, "key": "guest-1", "do": "cash"}

    served = Tablet(world_open, "shuiyun-staff").post("/staff/counter", **fields)
    refused = Tablet(world_open, "longcheng-staff").post("/staff/counter", **fields)

    assert "客人" in served.text
    assert "收了现金 10 元" in served.text
    assert refused.status_code in {403, 404}
    assert len(_orders(world)) == 1


def test_top_up_takes_the_money_once(tablet: Tablet, world: World) -> None:
    who = world.people["elder92"]

    wrong = tablet.post("/staff/wallet/top-up", who=who, amount="一百", key="top-up-1")
    tablet.post("/staff/wallet/top-up", who=who, amount="50", key="top-up-1")
    tablet.post("/staff/wallet/top-up", who=who, amount="50", key="top-up-1")

    balance = world.database.read_sync(lambda s: s.exec(select(Wallet).where(Wallet.resident_id == who)).one())
    assert wrong.status_code == 422
    assert 'value="一百"' in wrong.text
    assert balance.balance_fen == 5000


def test_board_counts_equal_the_orders(tablet: Tablet, world: World) -> None:
    world.place("elder82", "soft", quantity=2)
    cancelled = world.place("elder92", "soft")
    tablet.post(f"/staff/orders/{cancelled.id}/cancel")
    tablet.tap(CARDS["elder75"])

    soft = world.items["longcheng"]["soft"]
    tablet.post(f"/staff/board/{soft}/made", add=5)
    tablet.post(f"/staff/board/{soft}/made", add=-1)
    text = tablet.get("/staff/board").text

    row = text[text.index("软烂两荤一素</th>") :]
    cells = re.findall(r'data-word="(\w+)">([\d.]+)', row)[:4]
    assert dict(cells) == {"订了": "2", "做了": "4", "取了": "0", "能卖": "38"}
    assert _item(world, "soft").planned_halves - _item(world, "soft").left_halves == 4


def test_to_order_kitchen_shows_tickets_and_calls_the_last_one_back(tablet: Tablet, world: World) -> None:
    def to_order(session: Session) -> None:
        session.exec(select(Kitchen).where(Kitchen.id == "longcheng")).one().mode = "to_order"

    world.database.write_sync(to_order)
    paid = world.place("elder82", "light", method="wallet")
    unpaid = world.place("lapsed67", "soft", method="cash")

    before = tablet.get("/staff/board").text
    tablet.post(f"/staff/board/tickets/{paid.id}", ready=1)
    after = tablet.get("/staff/board").text
    tablet.post(f"/staff/board/tickets/{paid.id}", ready=0)

    assert before.index(paid.pickup_number) < before.index(unpaid.pickup_number)
    assert "等收款，先不做" in before
    assert f"撤回上一单 {paid.pickup_number}" in after
    assert next(order.status for order in _orders(world) if order.id == paid.id) == "paid"


def test_prep_sheet_takes_set_meals_apart(tablet: Tablet, world: World) -> None:
    world.place("elder82", "soft", quantity=2)
    world.place("elder92", "ribs")

    text = tablet.get("/staff/prep").text

    row = re.search(r"红烧肉炖豆角</th>(.*?)</tr>", text)
    assert row is not None
    assert re.findall(r">([\d.]+)<", row[1]) == ["0", "3", "3", "50"]  # ordered after the cut-off: walk-ins


def test_list_for_a_power_cut_says_who_owes_what(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="cash")

    text = tablet.get("/staff/list").text

    assert order.pickup_number in text
    assert "张*兰" in text
    assert "张玉兰" not in text
    assert '<td class="num">6.00</td>' in text


@pytest.mark.parametrize("page", ["/staff", "/staff/handover", "/staff/counter?who={lost}"])
def test_call_from_a_kiosk_stands_where_staff_work_until_somebody_goes(tablet: Tablet, world: World, page: str) -> None:
    here = page.format(lost=world.people["lost"])
    wanted = HelpWanted("longcheng", "card-stopped", None, world.people["lost"])
    call = world.database.write_sync(call_help, wanted, now=world.now - timedelta(minutes=3), actor="device:x")

    standing = tablet.get(here).text
    tablet.post("/staff/help/answer", call=call)

    assert "有张卡要看一下" in standing
    assert re.search(r"等了 \d 分钟", standing)
    assert "有张卡要看一下" not in tablet.get(here).text


def test_going_to_a_kiosk_leaves_the_counter_as_it_is(tablet: Tablet, world: World) -> None:
    """What was chosen so far lives in the page: another page would lose it."""
    wanted = HelpWanted("longcheng", "asked", None, None)
    call = world.database.write_sync(call_help, wanted, now=world.now, actor="device:x")

    assert tablet.post("/staff/help/answer", call=call, at="counter").status_code == 204
    assert call not in tablet.get("/staff/help?at=counter").text


def test_manager_finds_the_way_back_from_the_office(world_open: TestClient[Litestar]) -> None:
    assert 'href="/staff"' in Tablet(world_open, "longcheng-manager").get("/office/months").text
    assert 'href="/staff"' not in Tablet(world_open, "officer").get("/office/months").text


def test_staff_pages_tell_no_category_subsidy_or_balance(tablet: Tablet, world: World) -> None:
    world.place("elder82", "soft", method="cash")
    tablet.tap(CARDS["elder92"])

    for path in ("/staff", "/staff/board", "/staff/handover", "/staff/list", "/staff/prep", "/staff/menu"):
        text = tablet.get(path).text
        for word in ("补贴", "补助", "低保", "独居", "高龄", "余额", "张玉兰", "王福顺"):
            assert word not in text, (path, word)


def test_window_speaks_english_too(tablet: Tablet) -> None:
    text = tablet.get("/staff?lang=en").text

    assert "Tap a card" in text
    assert "staff." not in re.sub(r"/?staff\.(css|js)", "", re.sub(r"<[^>]*>", " ", text))


def test_manager_plans_copies_and_publishes_a_menu(world_open: TestClient[Litestar], world: World) -> None:
    manager = Tablet(world_open, "longcheng-manager")
    path = "/staff/menus/2026-11-24/lunch"

    copied = manager.post(path, do="copy")
    portions = re.search(r'name="portions-(\d+)"', copied.text)
    assert portions is not None
    changed = manager.post(path, do="save", **{f"portions-{portions[1]}": 77})
    added = manager.post(path, do="add", dish="shrimp", dish_portions=12)
    published = manager.post(path, do="publish")

    assert "草稿" in copied.text
    assert 'value="77"' in changed.text
    assert "虾仁豆腐" in added.text
    assert "已发布" in published.text
    assert "已发布" in manager.get("/staff/menus").text


def test_staff_do_not_plan_menus(tablet: Tablet) -> None:
    assert tablet.get("/staff/menus").status_code == 403
    assert tablet.get("/staff/menus/2026-11-24/lunch").status_code == 403


def test_card_of_somebody_else_blocked_meanwhile_is_refused_at_the_hand_over(tablet: Tablet, world: World) -> None:
    def block(session: Session) -> None:
        session.exec(select(Card).where(Card.number == CARDS["elder82"])).one().state = CardState.BLOCKED

    world.place("elder82", "light", method="wallet")
    world.database.write_sync(block)

    answer = tablet.post("/staff/handover", text=CARDS["elder82"])

    assert answer.status_code == 409
    assert _orders(world)[0].status == "paid"
