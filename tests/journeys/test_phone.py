"""What elders and their daughters do on a phone, through HTTP and without scripts, on the small world."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from canteen.audit.models import AuditEntry
from canteen.orders.models import MealOrder
from canteen.people.models import SignInSlip, WebSession
from canteen.readmodels.invariants import check
from canteen.usecases.ask_substitution import Offer, ask_substitution
from canteen.usecases.end_phone_sessions import end_phone_sessions
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.place_order import MOST_UNPAID_OF_A_PHONE
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from tests.support.phone import PIN, Phone, give_pin, slip_for, stand_clock_at
from tests.support.world import ACTOR, CARDS, World

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""9:00 in Jilin: lunch may still be ordered by phone."""


@pytest.fixture
def morning(world: World) -> World:
    """The same Monday before the cut-off at 10:00."""
    stand_clock_at(world, NINE)
    return world


@pytest.fixture
def phone(morning: World) -> Iterator[Phone]:
    """A phone nobody has signed in on, at Longcheng at nine."""
    with morning.client() as client:
        yield Phone(client)
    assert [found for found in morning.database.read_sync(check) if not found.ok] == []


def _orders(world: World) -> list[MealOrder]:
    return world.database.read_sync(lambda session: list(session.exec(select(MealOrder).order_by(MealOrder.id))))


def _sessions(world: World) -> list[WebSession]:
    return world.database.read_sync(
        lambda session: list(session.exec(select(WebSession).where(WebSession.resident_id != None)))  # noqa: E711
    )


def test_slip_then_pin_signs_the_phone_in(phone: Phone, world: World) -> None:
    """Scan, 「是我」, six digits: greeted by name, and the slip is used up."""
    code = slip_for(world, "elder82")
    asked = phone.go(f"/slip?code={code.replace(' ', '')}").text
    phone.press("/slip", is_me="1")
    phone.press("/slip/pin", pin=PIN)

    assert "张*兰" in asked
    assert "是我，继续" in asked
    assert "张奶奶，您好" in phone.text
    assert "登录好了" in phone.text
    phone.client.cookies.clear()
    assert "这张登录单" in phone.go(f"/slip?code={code}").text


def test_looking_at_a_slip_uses_nothing_up(phone: Phone, world: World) -> None:
    """A link preview opens the address, perhaps twice; a daughter types the code."""
    code = slip_for(world, "elder82")
    for _ in range(3):
        phone.go(f"/slip?code={code}")
    phone.go("/slip")
    phone.post("/slip", code=code)
    typed = phone.text
    phone.press("/slip")

    (slip,) = world.database.read_sync(lambda session: list(session.exec(select(SignInSlip))))
    assert slip.used_at is None
    assert "张*兰" in typed
    assert "选一个 6 位密码" in phone.text


def test_obvious_pin_is_refused_in_words(phone: Phone, world: World) -> None:
    """Her birthday (12 March 1944), the end of her card; the slip stays good for another."""
    phone.go(f"/slip?code={slip_for(world, 'elder82')}")
    phone.press("/slip")
    refused = [phone.press("/slip/pin", pin=pin) for pin in ("440312", "000082", "123456", "12a456", "")]
    phone.press("/slip/pin", pin=PIN)

    assert [answer.status_code for answer in refused] == [422] * 5
    assert ["一猜就中" in answer.text for answer in refused] == [True, True, True, False, False]
    assert "张奶奶，您好" in phone.text


def test_session_id_is_new_at_sign_in(morning: World) -> None:
    """What the browser held as a guest ends, so that a cookie planted before opens nothing afterwards."""
    give_pin(morning, "elder82")
    with morning.client() as client:
        phone = Phone(client, "shuiyun")
        phone.go("/menu")
        phone.press("/menu", add=str(morning.items["shuiyun"]["rice"]))
        before = client.cookies["visit"]
        phone.sign_in("elder82")
        after = client.cookies["visit"]

    rows = morning.database.read_sync(lambda session: list(session.exec(select(WebSession))))
    assert "张奶奶，您好" in phone.text
    assert before != after
    assert [row.resident_id for row in rows] == [morning.people["elder82"]]


def test_wrong_pin_and_unknown_number_get_the_same_answer(phone: Phone, world: World) -> None:
    """Nobody learns who is on the roll; the fifth pauses either for a minute, the right PIN too."""
    give_pin(world, "elder82")
    answers: dict[str, list[tuple[int, str]]] = {}
    for number in (CARDS["elder82"], "6222999999999999", "13800000000", CARDS["lost"], CARDS["elder92"]):
        for _ in range(6):
            phone.go("/signin")
            phone.post("/signin", number=number, pin="194837")
            told = re.findall(r"<strong>(.*?)</strong><p>(.*?)</p>", phone.page.text)
            answers.setdefault(number, []).append((phone.page.status_code, str(told)))
    phone.go("/signin")
    phone.post("/signin", number=CARDS["elder82"], pin=PIN)

    first, *others = answers.values()
    assert [status for status, _ in first] == [403, 403, 403, 403, 429, 429]
    assert all(other == first for other in others)
    assert phone.page.status_code == 429


def test_signs_in_with_the_telephone_number(phone: Phone, world: World) -> None:
    """The daughter knows the number, not the card."""
    from canteen.people.residents import Contact  # noqa: PLC0415 - only here
    from canteen.usecases.change_resident import ResidentChange, change_resident  # noqa: PLC0415 - only here

    change = ResidentChange(world.people["elder82"], contact=Contact(phone="199 0000 0001"))
    world.database.write_sync(change_resident, change, now=world.now, actor="account:x", sealer=world.sealer)
    give_pin(world, "elder82")
    phone.go("/signin")
    phone.post("/signin", number="199-0000-0001", pin=PIN)

    assert "张奶奶，您好" in phone.text


def test_usual_lunch_is_one_press(phone: Phone, world: World) -> None:
    """Price shown before, number and QR after; six yuan are gone from the card."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    today = phone.text
    phone.press("/order")

    (order,) = _orders(world)
    assert "就点这个，付 6 元" in today
    assert "今天午餐" in today
    assert (order.channel, order.method, order.status, order.self_pay_fen) == ("phone", "wallet", "paid", 600)
    assert order.placed_by == f"resident:{world.people['elder82']}"
    assert phone.number == order.pickup_number
    assert "已付 6 元" in phone.text
    assert "pickup-code" in phone.text
    assert phone.number in phone.go("").text


def test_order_can_be_taken_back_until_the_meal_is_over(phone: Phone, world: World) -> None:
    """The money is on the card again, the page says so, the QR is gone."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.press("/order")
    order_page = phone.where
    phone.press(f"{order_page.partition('?')[0]}/cancel")

    assert "已经取消" in phone.text
    assert "退回卡里" in phone.text
    assert "pickup-code" not in phone.text
    assert [order.status for order in _orders(world)] == ["cancelled"]
    assert "200 元" in phone.go("/account").text


def test_a_second_press_is_the_same_order(phone: Phone, world: World) -> None:
    """The answer was lost on the way: the form is sent again as it was."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.go("/menu")
    phone.choose()
    check_page = phone.page
    first = phone.press("/order").url
    phone.page = check_page
    second = phone.press("/order").url

    assert first.path == second.path
    assert len(_orders(world)) == 1


def test_several_lines_and_half_portions(phone: Phone, world: World) -> None:
    """As at the kiosk: ±, 半份, and the check page reckons anew."""
    give_pin(world, "elder82")
    ribs, rice = world.items["longcheng"]["ribs"], world.items["longcheng"]["rice"]
    phone.sign_in("elder82")
    phone.go("/menu?day=2026-11-23&meal=lunch")
    phone.choose(str(ribs), str(rice))
    phone.press("/check", step=f"{rice}:more")
    phone.press("/check", step=f"{ribs}:half")
    checked = phone.text
    phone.press("/order")

    lines = re.findall(r'<li><span lang="zh-CN">(.*?)</span><span class="nowrap">× (\d)</span>', phone.page.text)
    assert "半份" in checked
    assert sorted(lines) == [("米饭", "2"), ("红烧肉炖豆角 半份", "1")]


def test_price_change_loses_nothing(phone: Phone, world: World) -> None:
    """The page comes again with the fresh sum and the same lines; the next press orders."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.go("/menu")
    phone.choose(str(world.items["longcheng"]["light"]))
    phone.press("/order", expected_self_pay_fen="1")
    refused = phone.page
    phone.press("/order")

    assert refused.status_code == 409
    assert "价钱和刚才显示的不一样" in refused.text
    assert "清淡套餐" in refused.text
    assert len(_orders(world)) == 1


def test_sold_out_is_said_in_words_and_keeps_the_rest(phone: Phone, world: World) -> None:
    """Taken off while it lay in the basket."""
    give_pin(world, "elder82")
    light, rice = world.items["longcheng"]["light"], world.items["longcheng"]["rice"]
    phone.sign_in("elder82")
    phone.go("/menu")
    phone.choose(str(light), str(rice))
    off = OnSale("longcheng", light, sold_out=True)
    world.database.write_sync(set_sold_out, off, now=world.now, actor="account:staff")
    phone.press("/order")

    assert phone.page.status_code == 409
    assert "卖完" in phone.text
    assert "米饭" in phone.text
    phone.press("/check", step=f"{light}:less")
    phone.press("/order")
    assert len(_orders(world)) == 1


def test_allergy_is_asked_about(phone: Phone, world: World) -> None:
    """In words, with 换一样 first; ordered only when asked for again."""
    give_pin(world, "allergic")
    phone.sign_in("allergic")
    phone.go("/menu")
    phone.choose(str(world.items["longcheng"]["light"]))
    asked = phone.text
    phone.press("/order")

    assert "鱼" in asked
    assert "还是要" in asked
    assert len(_orders(world)) == 1
    assert _orders(world)[0].method == "cash"
    assert "取餐时付" in phone.text


def test_after_the_cut_off_the_next_day_is_offered(world: World) -> None:
    """10:50: 「今天的午餐已经截止（10:00）」; a forged order for today is refused and nothing is kept."""
    give_pin(world, "elder82")
    with world.client() as client:
        phone = Phone(client)
        phone.sign_in("elder82")
        today = phone.text
        menu = phone.go("/menu?day=2026-11-23&meal=lunch").text
        item = world.items["longcheng"]["light"]
        phone.post("/order", day="2026-11-23", meal="lunch", lines=f"{item}=1", expected_self_pay_fen="600", key="k")

    assert "今天的午餐已经截止（10:00）" in today
    assert "点餐机和窗口还能点到 13:00" in today
    assert "来一份" not in menu
    assert _orders(world) == []


def test_a_meal_for_somebody_they_fetch_for(phone: Phone, world: World) -> None:
    """At that person's price: nothing for the 92-year-old; a stranger cannot be named by a forged form."""
    give_pin(world, "elder82")
    named = FetcherNamed(world.people["elder92"], world.people["elder82"])
    world.database.write_sync(name_fetcher, named, now=world.now, actor="account:x")
    phone.sign_in("elder82")
    phone.press("/family", diner=world.people["elder92"])
    theirs = phone.text
    phone.press("/order")
    shown = phone.text
    phone.go("")
    phone.post("/family", diner=world.people["young"])
    item = world.items["longcheng"]["light"]
    forged = phone.post(
        "/order",
        diner=world.people["young"],
        day="2026-11-23",
        meal="lunch",
        lines=f"{item}=1",
        expected_self_pay_fen="1000",
        key="forged",
    )

    (order,) = _orders(world)
    assert "给王爷爷点餐" in theirs
    assert "不用付钱" in theirs
    assert "王爷爷的" in shown
    assert "您不用付钱。" not in shown  # why is for the diner alone, not for who carries it
    assert (order.resident_id, order.fetcher_id) == (world.people["elder92"], world.people["elder82"])
    assert "给刘" not in phone.text
    assert forged.status_code == 403


def test_another_persons_order_is_unknown(phone: Phone, world: World) -> None:
    """The same answer as for an id that never was, to look at and to cancel; without a session one is led to sign in."""
    theirs = world.place("elder92", "light", channel="kiosk")
    there = world.place("elder82", "light", canteen="shuiyun", channel="kiosk")
    signed_out = phone.go(f"/orders/{theirs.id}").url.path
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    answers = [phone.go(f"/orders/{key}") for key in (theirs.id, there.id, "01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    phone.go("")
    cancelled = phone.post(f"/orders/{theirs.id}/cancel")

    def words(text: str) -> str:
        return re.sub(r"[0-9a-f]{64,}|01[0-9A-Z]{24}", "", text.partition("<main")[2])

    assert signed_out == "/m/longcheng/signin"
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({words(answer.text) for answer in answers}) == 1
    assert cancelled.status_code == 404
    assert "cancelled" not in {order.status for order in _orders(world)}


def test_account_tells_every_meal_and_every_yuan(phone: Phone, world: World) -> None:
    """Government aid in one plain sentence, balances after each movement, nothing without signing in; also as a table."""
    signed_out = phone.go("/account").url.path
    placed = world.place("elder82", "soft", method="wallet", now=datetime(2026, 11, 23, 2, 50, tzinfo=UTC))
    world.collect(placed.pickup_code, now=datetime(2026, 11, 23, 2, 55, tzinfo=UTC))
    give_pin(world, "elder82")
    phone.go("/signin?next=account")
    phone.post("/signin", number=CARDS["elder82"], pin=PIN, next="account")
    page = phone.text
    table = phone.go("/account/table?month=2026-11")
    sheet = phone.go("/account/table?month=2026-11&kind=xlsx")
    earlier = phone.go("/account?month=2026-10").text

    assert signed_out == "/m/longcheng/signin"
    assert "这份饭 15 元，政府补助 6.30 元，食堂让利 1.35 元，社区添 1.35 元，您付 6 元。" in page
    for words in ("194 元", "200 元", "− 6 元", "+ 200 元", "剩 194 元", "2026年11月吃的饭"):
        assert words in page
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "软烂两荤一素" in table.text
    assert "6.30" in table.text
    assert sheet.content[:2] == b"PK"
    assert "这个月还没有" in earlier


def test_lost_phone_is_signed_out_by_staff_and_by_another_phone(morning: World) -> None:
    """All phones at once; or all but the one that asks. Each is one line of the audit log."""
    give_pin(morning, "elder82")
    who = morning.people["elder82"]
    with morning.client() as one, morning.client() as two:
        lost, own = Phone(one), Phone(two)
        lost.sign_in("elder82")
        own.sign_in("elder82")
        own.go("/settings")
        own.press("/phones/end")
        after_own = (lost.go("").text, own.go("").text)
        lost.sign_in("elder82")
        ended = morning.database.write_sync(end_phone_sessions, who, now=morning.now, actor="account:staff")
        after_staff = (lost.go("").text, own.go("").text)

    assert "张奶奶，您好" not in after_own[0]
    assert "张奶奶，您好" in after_own[1]
    assert ended == 2
    assert all("张奶奶，您好" not in text for text in after_staff)
    actions = morning.database.read_sync(
        lambda session: [row.action for row in session.exec(select(AuditEntry).order_by(AuditEntry.id))]
    )
    assert actions.count("phone.ended") == 2
    assert actions.count("phone.signed-in") == 3


def test_pin_change_needs_the_old_one_and_ends_other_phones(morning: World) -> None:
    """And the old PIN signs nobody in any more."""
    give_pin(morning, "elder82")
    with morning.client() as one, morning.client() as two:
        mine, other = Phone(one), Phone(two)
        other.sign_in("elder82")
        mine.sign_in("elder82")
        mine.go("/pin")
        wrong = mine.post("/pin", old="999181", pin="739164").status_code
        obvious = mine.post("/pin", old=PIN, pin="111111").status_code
        mine.post("/pin", old=PIN, pin="739164")
        changed, out = mine.text, other.go("").text
        old = other.sign_in("elder82").status_code
        other.sign_in("elder82", "739164")

    assert (wrong, obvious, old) == (403, 422, 403)
    assert "密码改好了" in changed
    assert "张奶奶，您好" not in out
    assert "张奶奶，您好" in other.text


def test_sign_out_leaves_nothing_behind(phone: Phone, world: World) -> None:
    """Neither on the server nor in what the phone keeps for times without a line."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.go("/settings")
    form = re.findall(r'name="_csrf_token" value="([^"]+)"', phone.page.text)[0]
    answer = phone.client.post("/m/longcheng/signout", data={"_csrf_token": form}, follow_redirects=False)

    assert answer.headers["clear-site-data"] == '"storage"'
    assert _sessions(world) == []
    assert "张奶奶" not in phone.go("").text


def test_text_size_goes_with_the_person(phone: Phone, world: World) -> None:
    """Four steps; by cookie when signed out, stored when signed in, there again on the next phone."""
    give_pin(world, "elder82")
    phone.go("/settings")
    phone.post("/settings", text_size="2")
    signed_out = phone.go("").text
    phone.sign_in("elder82")
    phone.go("/settings")
    phone.post("/settings", text_size="4")
    phone.post("/settings", text_size="9")
    with world.client() as client:
        other = Phone(client)
        before = other.text
        other.sign_in("elder82")

    assert 'data-text-size="2"' in signed_out
    assert 'data-text-size="1"' in before
    assert 'data-text-size="4"' in other.text
    assert 'data-text-size="4"' in phone.go("").text


def test_guest_orders_where_the_canteen_is_open_to_all(morning: World) -> None:
    """Number and QR on their phone, list price, cash at the window; two unpaid ones at most; nobody else sees them."""
    with morning.client() as client, morning.client() as stranger:
        guest = Phone(client, "shuiyun")
        for _ in range(MOST_UNPAID_OF_A_PHONE):
            guest.go("/menu")
            guest.choose()
            guest.press("/order")
        shown, address = guest.text, guest.where.partition("?")[0]
        guest.go("/menu")
        guest.choose()
        refused = guest.press("/order")
        other = Phone(stranger, "shuiyun")
        other.go("/menu")
        other.press("/menu", add=str(morning.items["shuiyun"]["rice"]))
        seen = other.go(address).status_code
        guest.go(address)
        guest.press(f"{address}/cancel")
        guest.go("/menu")
        guest.choose()
        guest.press("/order")

    orders = _orders(morning)
    assert "取餐时付" in shown
    assert "pickup-code" in shown
    assert refused.status_code == 409
    assert "还没付钱" in refused.text
    assert seen == 404
    assert [order.status for order in orders] == ["placed", "cancelled", "placed"]
    assert all(order.resident_id is None and order.self_pay_fen == order.list_fen for order in orders)


def test_card_canteen_shows_guests_the_menu_only(phone: Phone, world: World) -> None:
    """「这家食堂要刷卡点餐」, and a forged form orders nothing."""
    menu = phone.go("/menu?day=2026-11-23&meal=lunch").text
    phone.go("/signin")
    phone.post("/menu", add=str(world.items["longcheng"]["light"]), day="2026-11-23", meal="lunch")
    light = world.items["longcheng"]["light"]
    phone.go("/signin")
    phone.post("/order", day="2026-11-23", meal="lunch", lines=f"{light}=1", key="k")

    assert "这家食堂要刷卡点餐" in menu
    assert "软烂两荤一素" in menu
    assert "来一份" not in menu
    assert _orders(world) == []


def test_order_page_says_how_far_it_is(phone: Phone, world: World) -> None:
    """Ordered until the cut-off, cooking until serving begins, then ready; collected after the hand-over."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.press("/order")
    path = phone.where.partition("?")[0]
    found = []
    for minutes in (0, 70, 100):
        stand_clock_at(world, NINE + timedelta(minutes=minutes))
        phone.client.app.state.clock.set(NINE + timedelta(minutes=minutes), datetime.now(UTC))
        found.append(_stage(phone.go(path).text))
    world.collect(phone.number, now=NINE + timedelta(minutes=100))
    found.append(_stage(phone.go(path).text))

    assert found == ["已点", "在做", "好了", "取走"]


def test_own_order_says_in_one_sentence_why_it_costs_what_it_costs(phone: Phone, world: World) -> None:
    """What is paid for them, and on the second meal of the same lunch why nothing is."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    phone.press("/order")
    path = phone.where.partition("?")[0]
    second = world.place("elder82", "light", method="cash")

    first_page = phone.go(path).text
    second_page = phone.go(f"/orders/{second.id}").text
    statement = phone.go("/account").text

    assert "帮您出" in first_page
    assert "这一餐的优惠用过了，这份饭 10 元。" in second_page
    assert "这一餐的优惠用过了，这份饭 10 元。" in statement


def _stage(text: str) -> str:
    found = re.search(r'aria-current="step"><span>(.*?)</span>', text)
    assert found is not None
    return found[1]


def test_service_worker_may_answer_for_phones_only(phone: Phone) -> None:
    """At its scope, as a script, asked for anew each time; the stand-in page needs no session."""
    worker = phone.client.get("/m/sw.js")
    stand_in = phone.client.get("/m/offline")

    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["service-worker-allowed"] == "/m/"
    assert "worker-src 'self'" in worker.headers["content-security-policy"]
    assert "没有网" in stand_in.text


def test_strange_forms_break_nothing(phone: Phone, world: World) -> None:
    """A refusal or a way back, never a fault of ours."""
    give_pin(world, "elder82")
    phone.sign_in("elder82")
    for fields in (
        {"add": "²"},
        {"add": "9" * 40},
        {"add": "\x00"},
        {"step": "²:more"},
        {"step": ":half"},
        {"lines": "1=1 ²=3 x"},
        {"day": "2026-99-99", "meal": "brunch"},
        {"day": "2026-11-23", "meal": "brunch", "lines": "1=1"},
    ):
        for path in ("/menu", "/check", "/order"):
            phone.go("")
            assert phone.post(path, **fields).status_code < 500
    assert phone.go("/menu").status_code == 200


def _asked(world: World, order_id: str) -> None:
    """The kitchen has no soft set left and offers the light one."""
    gone, offered = world.items["longcheng"]["soft"], world.items["longcheng"]["light"]
    world.database.write_sync(set_sold_out, OnSale("longcheng", gone, sold_out=True), now=world.now, actor=ACTOR)
    world.database.write_sync(
        ask_substitution,
        Offer("longcheng", order_id, gone, offered),
        now=world.now,
        actor=ACTOR,
        sealer=world.sealer,
        examples_decide=True,
    )


def test_a_dish_that_is_gone_is_asked_about_and_answered(phone: Phone, world: World) -> None:
    """Yes: the other dish under the same number, the difference back on the card."""
    give_pin(world, "elder82")
    order = world.place("elder82", "soft", method="wallet", channel="phone")
    _asked(world, order.id)
    phone.sign_in("elder82")
    phone.go(f"/orders/{order.id}")
    asked = phone.text
    phone.post(f"/orders/{order.id}/instead", question="x", answer="yes")
    untouched = [one.status for one in _orders(world)]
    phone.go(f"/orders/{order.id}")
    buttons = re.findall(r'name="question" value="(\w+)"', phone.page.text)
    phone.post(f"/orders/{order.id}/instead", question=buttons[0], answer="yes")

    assert "软烂两荤一素卖完了" in asked
    assert "换成清淡套餐行吗" in asked
    assert untouched == ["paid"]
    assert [one.status for one in _orders(world)] == ["cancelled", "paid"]
    assert phone.number == order.pickup_number
    assert "清淡套餐" in phone.text
    assert "卖完了" not in phone.text


def test_no_other_dish_means_the_money_back(phone: Phone, world: World) -> None:
    give_pin(world, "elder82")
    order = world.place("elder82", "soft", method="wallet", channel="phone")
    _asked(world, order.id)
    phone.sign_in("elder82")
    phone.go(f"/orders/{order.id}")
    phone.press(f"/orders/{order.id}/instead")

    assert [one.status for one in _orders(world)] == ["cancelled"]
    assert "200 元" in phone.go("/account").text


def test_nobody_else_answers_for_them(phone: Phone, world: World) -> None:
    give_pin(world, "elder92")
    order = world.place("elder82", "soft", method="wallet", channel="phone")
    _asked(world, order.id)
    phone.sign_in("elder92")
    phone.post(f"/orders/{order.id}/instead", question="x", answer="no")

    assert phone.page.status_code == 404
    assert [one.status for one in _orders(world)] == ["paid"]
