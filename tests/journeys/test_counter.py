"""The counter with its money, through HTTP: telephone orders, wallets, prices, dues, dishes that are gone, late entry."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, select

from canteen.clock import move_demo_clock
from canteen.orders.models import MealOrder, Substitution
from canteen.payments.models import Payment, Wallet
from canteen.pickup.models import Collection
from canteen.readmodels.month_page import month_page
from canteen.usecases.pay_order import pay_order
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from menus import planning
from menus.models import MenuItem
from menus.planning import PlannedLine
from menus.service_days import MealPeriod
from tests.support.tablet import Tablet
from tests.support.world import CARDS, World

TOMORROW = date(2026, 11, 24)


@pytest.fixture
def manager(world_open: TestClient[Litestar]) -> Tablet:
    """The manager of Longcheng."""
    return Tablet(world_open, "longcheng-manager")


def _orders(world: World) -> list[MealOrder]:
    return world.database.read_sync(lambda s: list(s.exec(select(MealOrder).order_by("id")).all()))


def _order(world: World, order_id: str) -> MealOrder:
    return next(order for order in _orders(world) if order.id == order_id)


def _balance(world: World, who: str) -> int:
    wanted = select(Wallet.balance_fen).where(
        Wallet.resident_id == world.people[who], Wallet.operator_id == "longcheng"
    )
    return world.database.read_sync(lambda s: s.exec(wanted).one())


def _key(answer: Response) -> str:
    found = re.search(r'name="key" value="(\w+)"', answer.text)
    assert found is not None
    return found[1]


def _tomorrow(world: World) -> dict[str, int]:
    """Tomorrow's lunch, published; ids by name."""

    def plan(session: Session) -> None:
        lines = (PlannedLine("set", "soft", 10, parts=("ribs", "cabbage", "rice")), PlannedLine("dish", "rice", 10))
        plan_menu(session, MenuPlan("longcheng", TOMORROW, MealPeriod.LUNCH, lines), now=world.now, actor="account:x")
        publish_menu(session, MenuOf("longcheng", TOMORROW, MealPeriod.LUNCH), now=world.now, actor="account:x")

    world.database.write_sync(plan)
    taken = set(world.items["longcheng"].values()) | set(world.items["shuiyun"].values())
    rows = world.database.read_sync(lambda s: s.exec(select(MenuItem.id, MenuItem.name)).all())
    return {name: key for key, name in rows if key not in taken and key is not None}


def test_caller_is_found_and_orders_tomorrows_meal_without_paying(tablet: Tablet, world: World) -> None:
    """By name, by pinyin, by card; the number is read aloud and stands on tomorrow's list."""
    lines = _tomorrow(world)
    who = world.people["elder82"]
    for asked in ("张玉", "zyl", CARDS["elder82"]):
        assert f"/staff/counter?who={who}&amp;phone=1" in tablet.get(f"/staff/phone?q={asked}").text
    page = tablet.get(f"/staff/counter?who={who}&phone=1&day=2026-11-24&meal=lunch")
    fields = {"who": who, "day": "2026-11-24", "meal": "lunch", "phone": 1, "key": _key(page)}
    fields |= {f"quantity-{lines['软烂两荤一素']}": 1, "expected_self_pay_fen": 600}

    done = tablet.post("/staff/counter", **fields, do="phone")
    again = tablet.post("/staff/counter", **fields, do="phone")

    (order,) = _orders(world)
    assert (order.day, order.status, order.channel, order.paid_fen) == (TOMORROW, "placed", "counter", 0)
    assert order.pickup_number in done.text
    assert "11月24日" in done.text
    assert "取餐时收 6 元" in done.text
    assert order.pickup_number in again.text


def test_caller_may_pay_from_the_card_at_once(tablet: Tablet, world: World) -> None:
    item = world.items["longcheng"]["soft"]
    fields = {"who": world.people["elder82"], f"quantity-{item}": 1, "expected_self_pay_fen": 600, "key": "p-1"}

    done = tablet.post("/staff/counter", **fields, phone=1, do="phone-wallet")

    assert "已从卡里扣 6 元" in done.text
    assert (_orders(world)[0].status, _balance(world, "elder82")) == ("paid", 19_400)


def test_guest_orders_by_telephone_only_where_open_to_all(world_open: TestClient[Litestar], world: World) -> None:
    fields = {f"quantity-{world.items['shuiyun']['light']}": 1, "expected_self_pay_fen": 1000, "key": "guest"}

    done = Tablet(world_open, "shuiyun-staff").post("/staff/counter", **fields, phone=1, do="phone")
    refused = Tablet(world_open, "longcheng-staff").get("/staff/counter?phone=1")

    assert "订好了" in done.text
    assert refused.status_code == 403
    assert len(_orders(world)) == 1


def test_top_up_refund_and_receipt(tablet: Tablet, world: World) -> None:
    """50 in, 30 back, each with a paper that says the amount twice; printed again it is a copy."""
    who = world.people["elder82"]
    page = tablet.get(f"/staff/wallet?who={who}")
    topped = tablet.post("/staff/wallet/top-up", who=who, fen=5_000, key=_key(page))
    refunded = tablet.post("/staff/wallet/refund", who=who, refund="30", kind="leaving", key=_key(topped))
    again = tablet.post("/staff/wallet/refund", who=who, refund="30", kind="leaving", key=_key(topped))
    payment = re.search(r"/staff/receipt/(\w+)", refunded.text)
    assert payment is not None
    paper = tablet.get(f"/staff/receipt/{payment[1]}").text
    printed = tablet.post(f"/staff/receipt/{payment[1]}", paper="80").text
    copy = tablet.post(f"/staff/receipt/{payment[1]}", paper="80").text

    assert "充好了" in topped.text
    assert "退好了" in refunded.text
    assert "退好了" in again.text
    assert _balance(world, "elder82") == 22_000
    for word in ("退款凭证", "30.00 元", "人民币叁拾元整", "张*兰", "龙城社区长者食堂", "李师傅", "现金"):
        assert word in paper
    assert "张玉兰" not in paper
    assert "余额" not in paper
    assert "补打</span>" not in printed
    assert "补打</span>" in copy
    assert "receipt-80.css" in copy


def test_refund_above_the_limit_waits_for_the_manager(tablet: Tablet, manager: Tablet, world: World) -> None:
    who = world.people["elder82"]
    tablet.post("/staff/wallet/top-up", who=who, fen=10_000, key="w-1")
    asked = tablet.post("/staff/wallet/refund", who=who, all=30_000, kind="death", payee="张小红", key="w-2")
    refund = re.search(r"/staff/refunds/(\w+)", asked.text)
    assert refund is not None

    alone = tablet.post(f"/staff/refunds/{refund[1]}", do="pay")
    seen = manager.get("/staff/till")
    paid = manager.post(f"/staff/refunds/{refund[1]}", do="pay")

    assert "要再有一个人同意" in asked.text
    assert "您提出的，要另一位同意" in asked.text
    assert alone.status_code == 403
    assert f"/staff/refunds/{refund[1]}" in seen.text
    assert "退好了" in paid.text
    assert _balance(world, "elder82") == 0


@pytest.mark.parametrize(
    "fields, status, words",
    [
        ({"refund": "300", "kind": "leaving"}, 409, "卡里没有这么多"),
        ({"refund": "1", "kind": "death"}, 422, "要写领钱的人是谁"),
        ({"refund": "1", "kind": "other"}, 422, "要写原因"),
        ({"refund": "一百", "kind": "leaving"}, 422, "一百"),
    ],
)
def test_refused_refund_keeps_what_was_typed(
    tablet: Tablet, world: World, fields: dict[str, str], status: int, words: str
) -> None:
    answer = tablet.post("/staff/wallet/refund", who=world.people["elder82"], key="w", **fields)

    assert answer.status_code == status
    assert words in answer.text
    assert f'value="{fields["refund"]}"' in answer.text
    assert _balance(world, "elder82") == 20_000


def test_money_of_another_canteen_is_not_shown(world_open: TestClient[Litestar], tablet: Tablet, world: World) -> None:
    tablet.post("/staff/wallet/top-up", who=world.people["elder82"], fen=5_000, key="x")
    payment = world.database.read_sync(lambda s: s.exec(select(Payment.id).where(Payment.fen == 5_000)).one())
    other = Tablet(world_open, "shuiyun-staff")

    assert other.get(f"/staff/receipt/{payment}").status_code == 404
    assert other.post(f"/staff/receipt/{payment}").status_code == 404
    assert other.get(f"/staff/payments/{payment}/undo").status_code == 404
    assert other.post(f"/staff/payments/{payment}/undo", reason="wrong-amount").status_code == 404


def test_day_of_the_drawer_and_what_was_taken_by_mistake(tablet: Tablet, world: World) -> None:
    who = world.people["elder82"]
    before = tablet.get("/staff/till").text
    tablet.post("/staff/wallet/top-up", who=who, fen=5_000, key="x")
    payment = world.database.read_sync(lambda s: s.exec(select(Payment.id).where(Payment.fen == 5_000)).one())

    bare = tablet.post(f"/staff/payments/{payment}/undo", reason="")
    undone = tablet.post(f"/staff/payments/{payment}/undo", reason="wrong-amount")

    assert bare.status_code == 422
    assert "收错了数" in undone.text
    assert "已撤销" in undone.text
    figures = re.compile(r'class="figure">([\d,.−]+)<')
    assert figures.findall(before)[2] == figures.findall(undone.text)[2]
    assert _balance(world, "elder82") == 20_000
    assert "已冲销" in tablet.get(f"/staff/receipt/{payment}").text


def test_new_price_counts_from_now_on_and_an_old_page_is_asked_again(manager: Tablet, world: World) -> None:
    item = world.items["longcheng"]["soft"]
    old = world.place("elder82", "soft", method="cash")
    fields = {"day": "2026-11-23", "meal": "lunch", f"was-{item}": 1500, f"price-{item}": "16"}

    bare = manager.post("/staff/prices", **fields)
    saved = manager.post("/staff/prices", **fields, reason="cost")
    again = manager.post("/staff/prices", **fields, reason="cost")
    stale = manager.post("/staff/prices", **(fields | {f"price-{item}": "17"}), reason="cost")
    shown = manager.post(
        "/staff/serve", who=world.people["elder75"], item=item, expected_self_pay_fen=375, method="cash"
    )
    menu = manager.client.get(
        "/api/v1/menus?canteen=longcheng&date=2026-11-23&meal=lunch", headers=world.bearer("kiosk")
    ).json()

    assert bare.status_code == 422
    assert "价改好了" in saved.text
    assert "进价变了" in saved.text
    assert again.status_code == 200
    assert stale.status_code == 409
    assert "现在是 16 元" in stale.text
    assert shown.status_code == 409
    assert next(line["price_fen"] for line in menu["items"] if line["id"] == item) == 1600
    assert _order(world, old.id).list_fen == 1500
    new = world.place("lapsed67", "soft", method="cash")
    assert new.list_fen == 1600


def test_staff_neither_change_prices_nor_enter_late(tablet: Tablet) -> None:
    for path in ("/staff/prices", "/staff/late"):
        assert tablet.get(path).status_code == 403
        assert tablet.post(path).status_code == 403


def test_who_owes_is_listed_collected_and_exported(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="cash")
    tablet.post("/staff/handover", text=order.pickup_code, method="later", reason="no-cash")

    page = tablet.get("/staff/dues")
    csv = tablet.get("/staff/dues/table?kind=csv")
    xlsx = tablet.get("/staff/dues/table?kind=xlsx")
    paid = tablet.post(f"/staff/dues/{order.id}", method="wallet", back="/staff/dues")
    again = tablet.post(f"/staff/dues/{order.id}", method="wallet", back="/staff/dues")

    assert "张*兰" in page.text
    assert "没带现金" in page.text
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "没带现金" in csv.content.decode("utf-8-sig")
    assert xlsx.content.startswith(b"PK")
    assert "付清了" in paid.text
    assert again.status_code == 200
    assert _balance(world, "elder82") == 19_400


def _gone(tablet: Tablet, world: World, order_id: str, offered: str = "light") -> str:
    """The soft set is gone and another one was offered; returns the question's id."""
    item = world.items["longcheng"]["soft"]
    tablet.post(f"/staff/menu/{item}/sold-out", sold_out=1)
    asked = tablet.post(f"/staff/menu/{item}/orders", order=order_id, offered=world.items["longcheng"][offered])
    question = re.search(r"/staff/substitutions/(\w+)", asked.text)
    assert question is not None, asked.text
    return question[1]


def test_dish_taken_off_sale_lists_who_waits_for_it_and_changes_nothing(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    item = world.items["longcheng"]["soft"]

    listed = tablet.post(f"/staff/menu/{item}/sold-out", sold_out=1)
    question = _gone(tablet, world, order.id)
    refused = tablet.post("/staff/handover", text=order.pickup_code)
    reminded = tablet.tap(CARDS["elder82"])
    by_number = tablet.tap(order.pickup_number)

    assert f"/staff/substitutions/{question}" in by_number.text
    assert order.pickup_number in listed.text
    assert "张*兰" in listed.text
    assert refused.status_code == 409
    assert "还没问好" in refused.text
    assert "软烂两荤一素 卖完了，换成 清淡套餐 行吗" in reminded.text
    assert question in reminded.text
    assert [(one.id, one.status) for one in _orders(world)] == [(order.id, "paid")]


def test_accepted_substitute_is_decided_anew_and_keeps_number_and_ticket(tablet: Tablet, world: World) -> None:
    """The card pays the difference back; the old QR code still brings the meal."""
    order = world.place("elder82", "soft", method="wallet")
    question = _gone(tablet, world, order.id)

    tablet.post(f"/staff/substitutions/{question}", answer="yes", how="phone", back="/staff/menu")
    tablet.post(f"/staff/substitutions/{question}", answer="yes", how="phone", back="/staff/menu")
    contrary = tablet.post(f"/staff/substitutions/{question}", answer="no", how="phone", back="/staff/menu")

    old, new = _orders(world)
    assert (old.status, old.end_reason, new.status) == ("cancelled", "substituted", "paid")
    assert new.pickup_number == old.pickup_number
    assert (old.list_fen, new.list_fen) == (1500, 1000)
    assert new.subsidy_fen > 0
    assert _balance(world, "elder82") == 20_000 - new.self_pay_fen
    assert contrary.status_code == 409
    served = tablet.post("/staff/handover", text=order.pickup_code)
    assert "可以取餐" in served.text
    assert [one.status for one in _orders(world)] == ["cancelled", "collected"]


def test_refused_substitute_gives_everything_back(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    question = _gone(tablet, world, order.id)

    tablet.post(f"/staff/substitutions/{question}", answer="no", how="phone", back="/staff/menu")

    assert _order(world, order.id).status == "cancelled"
    assert _balance(world, "elder82") == 20_000


def test_question_taken_back_leaves_the_order(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    question = _gone(tablet, world, order.id)

    tablet.post(f"/staff/substitutions/{question}", answer="back", back="/staff/menu")

    assert "可以取餐" in tablet.post("/staff/handover", text=order.pickup_code).text


def test_cash_paid_counts_for_the_substitute_and_the_rest_is_handed_out(tablet: Tablet, world: World) -> None:
    """Asked at the window: 6 yuan were paid, the other set costs less."""
    order = world.place("lapsed67", "soft", method="cash")
    world.database.write_sync(_pay_cash, order.id, world)
    question = _gone(tablet, world, order.id)

    answered = tablet.post(f"/staff/substitutions/{question}", answer="yes", how="window", back="/staff")

    old, new = _orders(world)
    assert answered.status_code == 200
    assert (new.status, new.paid_fen) == ("paid", new.self_pay_fen)
    cash = world.database.read_sync(
        lambda s: s.exec(
            select(Payment.direction, Payment.fen).where(
                Payment.order_id.in_([old.id, new.id]),  # type: ignore[union-attr]
                Payment.method == "cash",
            )
        ).all()
    )
    kept = sum(fen if direction == "in" else -fen for direction, fen in cash)
    assert kept == new.self_pay_fen < order.self_pay_fen


def _pay_cash(session: Session, order_id: str, world: World) -> None:
    pay_order(session, order_id, method="cash", fen=None, now=world.now, actor="account:x")


def test_dearer_substitute_takes_what_was_paid_and_asks_for_the_rest(tablet: Tablet, world: World) -> None:
    order = world.place("young", "light", method="cash")
    world.database.write_sync(_pay_cash, order.id, world)
    light, soft = world.items["longcheng"]["light"], world.items["longcheng"]["soft"]
    tablet.post(f"/staff/menu/{light}/sold-out", sold_out=1)
    asked = tablet.post(f"/staff/menu/{light}/orders", order=order.id, offered=soft)
    question = re.search(r"/staff/substitutions/(\w+)", asked.text)
    assert question is not None

    tablet.post(f"/staff/substitutions/{question[1]}", answer="yes", how="phone", back="/staff/menu")

    new = _orders(world)[-1]
    assert (new.status, new.paid_fen, new.self_pay_fen) == ("placed", 1000, 1500)
    served = tablet.post("/staff/serve", who=world.people["young"], method="cash")
    assert "已交餐" in served.text
    assert _orders(world)[-1].paid_fen == 1500


def test_what_they_are_allergic_to_is_not_offered(tablet: Tablet, world: World) -> None:
    order = world.place("allergic", "seafood", method="cash")
    item = world.items["longcheng"]["seafood"]

    refused = tablet.post(f"/staff/menu/{item}/orders", order=order.id, offered=world.items["longcheng"]["light"])

    assert refused.status_code == 409
    assert "过敏" in refused.text


def _late_rows(world: World, *rows: dict[str, object]) -> dict[str, object]:
    fields: dict[str, object] = {"meal": "lunch", "reason": "power"}
    for number, row in enumerate(rows):
        fields[f"row-{number}"] = row.pop("key", f"late-{number}")
        fields |= {f"{name}-{number}": value for name, value in row.items()}
    return fields


def test_meals_served_without_the_system_are_entered_the_same_day(manager: Tablet, world: World) -> None:
    """An order from the paper list, somebody who just came, one that fails and keeps its typing."""
    waiting = world.place("elder92", "light")
    soft = world.items["longcheng"]["soft"]
    fields = _late_rows(
        world,
        {"order": waiting.id, "eaten": 1, "method": "cash"},
        {"who": "张玉兰", "item": soft, "count": 1, "method": "later"},
        {"who": "没有这个人", "item": soft, "count": 1, "method": "cash"},
        {"who": CARDS["lapsed67"], "item": soft, "count": 1, "method": "cash"},
    )

    done = manager.post("/staff/late", **fields)
    again = manager.post("/staff/late", **fields)

    assert done.status_code == 422
    assert "记好了 3 份" in done.text
    assert "还有 1 行没记进去" in done.text
    assert 'value="没有这个人"' in done.text
    assert "没有找到这个人" in done.text
    assert again.status_code == 422
    orders = _orders(world)
    assert [(one.status, one.offline_reason) for one in orders] == [("collected", "停电")] * 3
    how = world.database.read_sync(lambda s: s.exec(select(Collection.how)).all())
    assert set(how) == {"offline"}
    month = world.database.read_sync(month_page, "2026-11", ["longcheng"], now=world.now)
    assert (month.canteens[0].by_hand, month.differences) == (3, ())


def test_second_meal_of_a_person_is_asked_about_and_gets_no_second_subsidy(manager: Tablet, world: World) -> None:
    first = world.place("elder82", "soft", method="wallet")
    world.collect(first.pickup_code)
    row = {"who": "张玉兰", "item": world.items["longcheng"]["soft"], "count": 1, "method": "cash"}

    refused = manager.post("/staff/late", **_late_rows(world, dict(row)))
    entered = manager.post("/staff/late", **_late_rows(world, row | {"another": 1}))

    assert "已经取过了" in refused.text or "已经" in refused.text
    assert 'name="another-r1"' in refused.text
    assert "记好了 1 份" in entered.text
    assert [one.subsidy_fen for one in _orders(world)] == [900, 0]


def test_late_entry_after_the_meal_closed_and_its_stock_was_gone(manager: Tablet, world: World) -> None:
    """The menu is closed and the dish was sold out: it was eaten all the same."""
    item = world.items["longcheng"]["ribs"]
    world.place("young", "ribs", quantity=10, method="cash")
    menu_id = _orders(world)[0].menu_id
    world.now += timedelta(hours=3)
    world.database.write_sync(_close, menu_id, world)
    fields = _late_rows(world, {"who": "张玉兰", "item": item, "count": 2, "method": "cash"})

    done = manager.post("/staff/late", **fields)

    assert "记好了 1 份" in done.text, done.text[-3000:]
    stock = world.database.read_sync(lambda s: s.exec(select(MenuItem).where(MenuItem.id == item)).one())
    assert (stock.planned_halves, stock.left_halves) == (24, 0)


def _close(session: Session, menu_id: int, world: World) -> None:
    planning.close(session, menu_id, now=world.now)
    move_demo_clock(session, world.now, real_at=datetime.now(UTC))


def test_late_entry_needs_a_reason_and_something_typed(manager: Tablet, world: World) -> None:
    row = {"who": "张玉兰", "item": world.items["longcheng"]["soft"], "count": 1, "method": "cash"}

    bare = manager.post("/staff/late", **(_late_rows(world, row) | {"reason": ""}))

    assert bare.status_code == 422
    assert 'value="张玉兰"' in bare.text
    assert _orders(world) == []
    assert manager.post("/staff/late", meal="lunch", reason="power").status_code in {200, 422}


def test_every_action_stands_in_the_audit_log(tablet: Tablet, world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    question = _gone(tablet, world, order.id)
    tablet.post(f"/staff/substitutions/{question}", answer="yes", how="phone", back="/staff/menu")
    tablet.post("/staff/wallet/top-up", who=world.people["elder82"], fen=5_000, key="x")
    tablet.post("/staff/wallet/refund", who=world.people["elder82"], refund="1", kind="leaving", key="y")

    rows = world.database.read_sync(
        lambda s: s.connection().exec_driver_sql("SELECT action FROM audit_entry").scalars().all()
    )
    states = world.database.read_sync(lambda s: s.exec(select(Substitution.state)).all())
    assert states == ["accepted"]
    assert {
        "order.substitution-asked",
        "order.substitution-accepted",
        "wallet.topped-up",
        "wallet.refunded",
    } <= set(rows)
