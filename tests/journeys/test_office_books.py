"""The month, spending and one order's trace, through HTTP, on the small world at lunch."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from canteen.payments.models import Payment
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.pickup.models import Collection
from canteen.readmodels.audit_page import AuditFilter, audit_page
from canteen.readmodels.month_lines import LineFilter, month_lines
from canteen.readmodels.month_page import DifferenceGroup, month_page
from canteen.readmodels.office_home import office_home
from canteen.readmodels.order_trace import order_trace
from canteen.readmodels.quote import LineWish
from canteen.readmodels.spend import DIMENSIONS, SpendFilter, spend
from canteen.sites.models import ClosingDay, Operator, ServiceHours
from canteen.usecases.place_order import place_order
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.undo_collection import undo_collection
from menus.models import Menu, MenuItem
from menus.service_days import MealPeriod
from subsidies import enrolment
from subsidies.ledger import Entry, Leg, post
from subsidies.models import FileStatus
from subsidies.months import Month
from subsidies.reconciliation import Kind
from tests.canteen.building import LINES
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.world import ACTOR, CANTEENS, World

NOVEMBER = "/office/months/2026-11"


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def collected(world: World, who: str | None = "elder82", key: str = "soft", canteen: str = "longcheng") -> str:
    """A lunch eaten and paid in cash; its order."""
    order = world.place(who, key, canteen)
    world.collect(order.pickup_code, canteen, take_cash=True)
    return order.id


def collected_tomorrow(world: World, who: str) -> str:
    """The same set at Longcheng a day later; its order."""
    now, day = world.now + timedelta(days=1), world.day + timedelta(days=1)

    def publish(session: Session) -> int:
        plan_menu(session, MenuPlan("longcheng", day, MealPeriod.LUNCH, LINES), now=world.now, actor=ACTOR)
        publish_menu(session, MenuOf("longcheng", day, MealPeriod.LUNCH), now=world.now, actor=ACTOR)
        of_soft = col(MenuItem.name) == "软烂两荤一素"
        found = session.execute(select(col(MenuItem.id)).join(Menu).where(col(Menu.day) == day, of_soft)).scalar_one()
        return int(found or 0)

    item = world.database.write_sync(publish)
    wish = replace(world.wish(who, "soft"), day=day, lines=(LineWish(item, 1),))
    order = world.database.write_sync(
        place_order, wish, now=now, actor=ACTOR, sealer=world.sealer, examples_decide=True
    )
    world.collect(order.pickup_code, take_cash=True, now=now)
    return order.id


def kinds(world: World) -> list[tuple[Kind, str | None]]:
    """What is wrong this month, by kind and order."""
    page = world.database.read_sync(month_page, "2026-11", CANTEENS, now=world.now)
    return [(group.kind, group.order) for group in page.differences]


def test_officer_finds_that_very_lunch_in_four_steps(world: World, client: TestClient[Litestar]) -> None:
    """Office → month → the ledger's figure → the day → the order, to the fen."""
    order = collected(world)
    officer = OfficeBrowser(client, world, "officer")

    home = officer.get("/office")
    assert "账表相符" in words(home)
    month = officer.get(links(home, "/office/months")[0])
    assert "9.00" in words(month)
    days = officer.get(links(month, f"{NOVEMBER}/longcheng")[0])
    day = officer.get(links(days, f"{NOVEMBER}/longcheng?day=2026-11-23")[0])
    trace = officer.get(links(day, "/office/orders/")[0])

    assert trace.url.path == f"/office/orders/{order}"
    told = words(trace)
    for figure in ("15.00", "9.00", "6.00", "重新核定，分毫不差", "账目未被改动", "fengman-example@1", "借（元）"):
        assert figure in told


def test_a_clean_lunch_of_every_kind_is_no_difference(either_world: World) -> None:
    """Help, none, a free meal, a guest, a wallet, an order nobody fetched, one undone by cancelling."""
    for who, key in (("elder82", "soft"), ("elder92", "light"), ("young", "soft")):
        collected(either_world, who, key)
    collected(either_world, None, "light", "shuiyun")
    paid = either_world.place("elder75", "light", "shuiyun", method="wallet")
    either_world.collect(paid.pickup_code, "shuiyun")
    either_world.place("allergic", "ribs", "longcheng")

    page = either_world.database.read_sync(month_page, "2026-11", CANTEENS, now=either_world.now)

    assert page.differences == ()
    assert [canteen.collected for canteen in page.canteens] == [3, 2]
    assert all(canteen.difference_fen == canteen.money_difference_fen == 0 for canteen in page.canteens)


def _book_too_much(session: Session, order: str, world: World) -> None:
    legs = (
        Leg("F", "1100", 100, "district", "elder-meals", "age-80-89", "80-89"),
        Leg("F", "4010", -100, "district", "elder-meals", "age-80-89", "80-89"),
    )
    entry = Entry(f"earn:{order}:9", "longcheng", "earn", f"order:{order}", world.day, legs, ACTOR)
    post(session, [entry], now=world.now)


def _forget_the_hand_over(session: Session, order: str, world: World) -> None:
    session.execute(update(Collection).where(col(Collection.order_id) == order).values(undone_at=world.now))


def _takes_money_again(session: Session, order: str, world: World) -> None:
    session.execute(
        insert(Payment).values(
            id=str(ULID()), canteen_id="longcheng", order_id=order, attempt=9, purpose="order", method="cash",
            direction="in", fen=600, business_day=world.day, at=world.now, by=ACTOR,
        )
    )  # fmt: skip


def _has_died(session: Session, order: str, world: World) -> None:
    died = world.day - timedelta(days=1)
    enrolment.set_status(session, world.people["elder82"], FileStatus.DECEASED, since=died, now=world.now, by=ACTOR)


def _was_closed(session: Session, order: str, world: World) -> None:
    session.add(ClosingDay(canteen_id="longcheng", day=world.day, reason="停水"))


def _had_no_licence(session: Session, order: str, world: World) -> None:
    session.execute(
        update(Operator).where(col(Operator.id) == "longcheng").values(food_licence_until=date(2026, 11, 22))
    )


def _was_not_serving(session: Session, order: str, world: World) -> None:
    lunch = (col(ServiceHours.canteen_id) == "longcheng", col(ServiceHours.meal) == "lunch")
    session.execute(update(ServiceHours).where(*lunch).values(opens=time(11, 30)))


PLANTED = [
    (_book_too_much, Kind.AMOUNT, "账本比重新核定多 1.00 元"),
    (_forget_the_hand_over, Kind.NOT_COLLECTED, "没有取餐却入了账，账本多 9.00 元"),
    (_takes_money_again, Kind.MONEY, "实收比用餐人应付多 6.00 元"),
    (_has_died, Kind.INELIGIBLE, "用餐人当天已去世，却补了 9.00 元"),
    (_was_closed, Kind.CLOSED_DAY, "不供餐的日子却有取餐"),
    (_had_no_licence, Kind.LICENCE, "食品经营许可过期后供餐 1 份"),
    (_was_not_serving, Kind.OUTSIDE_HOURS, "不在供餐时间取餐"),
]


@pytest.mark.parametrize("plant, kind, sentence", PLANTED)
def test_planted_difference_stands_first_and_leads_to_its_order(
    world: World,
    client: TestClient[Litestar],
    plant: Callable[[Session, str, World], None],
    kind: Kind,
    sentence: str,
) -> None:
    """In words, before the totals, a link to the very order; the lunch beside it stays clean."""
    order = collected(world)
    collected(world, "elder75", "light", "shuiyun")
    world.database.write_sync(plant, order, world)

    assert kinds(world) == [(kind, order)]
    page = OfficeBrowser(client, world, "officer").get(NOVEMBER)
    told = words(page)
    assert "龙城社区长者食堂有 1 处对不上，请先处理" in told
    assert sentence in told
    assert told.index(sentence) < told.index("补贴：重新核定与账本")
    assert "账表相符" not in told
    assert links(page, "/office/orders/")[0] == f"/office/orders/{order}"


def test_a_residence_nobody_confirmed_is_one_sentence_a_person(world: World, client: TestClient[Litestar]) -> None:
    """However many meals it concerns; the sentence opens exactly these, and they add up to its sum."""
    first, second = collected(world), collected_tomorrow(world, "elder82")
    alone = collected(world, "elder92")

    def said_long_ago(session: Session) -> None:
        for who in ("elder82", "elder92"):
            enrolment.change_file(session, world.people[who], residence_said_at=world.now - timedelta(days=40))

    world.database.write_sync(said_long_ago)

    groups = {group.diner: group for group in _residence(world)}
    officer = OfficeBrowser(client, world, "officer")
    page = officer.get(NOVEMBER)
    lines = officer.get(links(page, f"{NOVEMBER}/longcheng?kind=residence")[0])

    assert {name: (group.count, group.fen, group.order) for name, group in groups.items()} == {
        "张*兰": (2, 1800, None),
        "王*顺": (1, 1500, alone),
    }
    assert "张*兰登记满 30 天住址还没核实，之后 2 餐补了 18.00 元，可追回" in words(page)
    assert {link.rpartition("/")[2] for link in links(lines, "/office/orders/")} == {first, second}
    assert "18.00" in words(lines)


def _residence(world: World) -> list[DifferenceGroup]:
    page = world.database.read_sync(month_page, "2026-11", CANTEENS, now=world.now)
    assert {group.kind for group in page.differences} == {Kind.RESIDENCE}
    return list(page.differences)


def test_a_hand_over_that_was_never_booked_is_found(world: World) -> None:
    """A row typed into the database past the program."""
    order = world.place("elder92", "light")

    def hand_over_unbooked(session: Session) -> None:
        session.execute(
            insert(Collection).values(
                id=str(ULID()), order_id=order.id, canteen_id="longcheng", day=world.day, meal="lunch",
                collected_at=world.now, how="number", by=ACTOR, by_name="李师傅",
            )
        )  # fmt: skip

    world.database.write_sync(hand_over_unbooked)

    assert kinds(world) == [(Kind.NOT_EARNED, order.id)]


def test_csv_opens_in_excel_and_adds_up(world: World, client: TestClient[Litestar]) -> None:
    """Byte order mark, CRLF, file name with canteen and month, no names, the same sums as the page."""
    collected(world)
    collected(world, "elder92", "light")

    answer = OfficeBrowser(client, world, "auditor").get(f"{NOVEMBER}/longcheng/csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="nuancan-longcheng-2026-11.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == 3
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert sorted(row["账本补贴（元）"] for row in rows) == ["10.00", "9.00"]
    assert "张玉兰" not in answer.text
    assert "张*兰" not in answer.text


def test_parts_of_spending_add_up_to_the_total(either_world: World) -> None:
    """By canteen, funder, rule, category and day, and the orders themselves, within any filter."""
    meals = (("elder82", "soft", "longcheng"), ("elder92", "light", "longcheng"), ("elder75", "soft", "shuiyun"))
    for who, key, canteen in meals:
        collected(either_world, who, key, canteen)
    november = Month(2026, 11)

    for wanted in (SpendFilter(), SpendFilter(canteen="longcheng"), SpendFilter(funder="district")):
        found = either_world.database.read_sync(spend, november, CANTEENS, wanted, orders_page=1)
        assert found.fen > 0
        assert sum(order.fen for order in found.orders) == found.fen
        assert set(found.parts) == {name for name in DIMENSIONS if name not in wanted.chosen()}
        for parts in found.parts.values():
            assert sum(part.fen for part in parts) == found.fen

    everything = either_world.database.read_sync(spend, november, CANTEENS, SpendFilter(), orders_page=None)
    month = either_world.database.read_sync(month_page, "2026-11", CANTEENS, now=either_world.now)
    assert everything.fen == sum(canteen.ledger_fen for canteen in month.canteens)


def test_a_funders_figure_opens_the_lines_that_make_it_up(world: World) -> None:
    """Only that funder's share of each order, so the list adds up to the figure that led to it; so with a tender."""
    collected(world)
    collected(world, "elder92", "light")
    read = world.database.read_sync
    month = read(month_page, "2026-11", ["longcheng"], now=world.now).canteens[0]
    several = [funder for funder in month.funders if funder.ledger_fen]

    assert len(several) > 1
    for funder in several:
        wanted = LineFilter(funder=funder.funder)
        found = read(month_lines, "2026-11", "longcheng", wanted, page=1, now=world.now)
        assert found.ledger_fen == funder.ledger_fen == sum(line.ledger_fen for line in found.lines)
        assert found.redecided_fen == funder.redecided_fen == sum(line.redecided_fen for line in found.lines)
    cash = read(month_lines, "2026-11", "longcheng", LineFilter(tender="cash"), page=1, now=world.now)
    assert cash.tender_fen == month.cash_fen > 0


def test_a_year_of_spending_is_its_months_together(either_world: World) -> None:
    """What a year's budget shows as used opens exactly that."""
    collected(either_world)
    read = either_world.database.read_sync
    wanted = SpendFilter(funder="district")

    year = read(spend, Month(2026, 3), CANTEENS, replace(wanted, whole_year=True), orders_page=None)
    november = read(spend, Month(2026, 11), CANTEENS, wanted, orders_page=None)

    assert year.fen == november.fen > 0
    assert year.fen == sum(line.earned_fen for line in year.budgets)
    assert read(spend, Month(2025, 3), CANTEENS, replace(wanted, whole_year=True), orders_page=None).fen == 0


def test_a_share_of_the_trace_names_the_entry_that_stands(world: World, client: TestClient[Litestar]) -> None:
    """Rule, version, posting and hand-over in one row; after an undone hand-over the second posting, not the first."""
    order = world.place("elder82", "soft")
    world.collect(order.pickup_code, take_cash=True)
    world.database.write_sync(undo_collection, order.id, reason="递错餐了", now=world.now, actor=ACTOR)
    before = world.database.read_sync(order_trace, order.id, language="zh")
    world.collect(order.pickup_code, take_cash=False)
    after = world.database.read_sync(order_trace, order.id, language="zh")

    assert all(before.earned_by(share.funder) is None for share in before.shares)
    standing = {entry.seq for share in after.shares if (entry := after.earned_by(share.funder))}
    assert standing == {max(entry.seq for entry in after.entries if entry.kind == "earn")}
    assert f"#entry-{standing.pop()}" in OfficeBrowser(client, world, "auditor").get(f"/office/orders/{order.id}").text


def test_a_resident_leads_to_each_meal(world: World, client: TestClient[Litestar]) -> None:
    """From the file to the order, for those who read the books; others see the file without."""
    order = collected(world)
    file = f"/office/residents/{world.people['elder82']}"

    assert links(OfficeBrowser(client, world, "officer").get(file), "/office/orders/")[0] == f"/office/orders/{order}"
    client.cookies.clear()
    assert not links(OfficeBrowser(client, world, "community").get(file), "/office/orders/")


def test_spending_leads_down_to_the_order(world: World, client: TestClient[Litestar]) -> None:
    """Canteen, funder, then the orders."""
    order = collected(world)
    officer = OfficeBrowser(client, world, "officer")

    page = officer.get("/office/spend")
    canteen = officer.get(next(href for href in links(page, "/office/spend") if "canteen=longcheng" in href))
    orders = officer.get(next(href for href in links(canteen, "/office/spend") if "view=orders" in href))

    assert f"/office/orders/{order}" in links(orders, "/office/orders/")
    assert "9.00" in words(orders)


@pytest.mark.parametrize(
    "path", ["?canteen=nowhere&funder=x&day=yesterday&page=-1", "?rule=' OR 1=1 --", "?month=2020-01&view=orders"]
)
def test_odd_addresses_of_spending_are_answered(world: World, client: TestClient[Litestar], path: str) -> None:
    """What cannot be is left out; nothing breaks."""
    OfficeBrowser(client, world, "auditor").get(f"/office/spend{path}")


def test_a_month_that_is_none_is_refused_in_words(world: World, client: TestClient[Litestar]) -> None:
    """Not a crash."""
    answer = OfficeBrowser(client, world, "officer").get("/office/months/2026-13", status=422)

    assert "没有这个月份" in words(answer)


def test_scope_of_the_books(world: World, client: TestClient[Litestar]) -> None:
    """A manager sees their canteen, a subdistrict its own; the other canteen's pages and orders are not theirs."""
    here = collected(world)
    there = collected(world, "elder75", "soft", "shuiyun")

    for username in ("longcheng-manager", "subdistrict"):
        reader = OfficeBrowser(client, world, username)
        month = words(reader.get("/office/months"))
        assert "龙城社区长者食堂" in month
        assert "水韵" not in month
        reader.get(f"/office/orders/{here}")
        for path in (f"/office/orders/{there}", f"{NOVEMBER}/shuiyun", f"{NOVEMBER}/shuiyun/csv", "/office/orders/x"):
            reader.get(path, status=403)
        client.cookies.clear()


def test_lists_never_show_a_whole_name(world: World, client: TestClient[Litestar]) -> None:
    """Whoever checks money needs no identity."""
    order = collected(world)
    officer = OfficeBrowser(client, world, "officer")

    for path in (f"{NOVEMBER}/longcheng?day=2026-11-23", f"/office/orders/{order}", "/office/spend?view=orders"):
        told = words(officer.get(path))
        assert "张*兰" in told
        assert "张玉兰" not in told


def test_english_is_whole(world: World, client: TestClient[Litestar]) -> None:
    """No key shows itself, no Chinese word of ours is left among the headings."""
    collected(world)
    auditor = OfficeBrowser(client, world, "auditor")

    for path in ("/office", "/office/months", "/office/spend", "/office/residents", "/office/rules", "/office/audit"):
        told = words(auditor.get(f"{path}?lang=en"))
        assert "office." not in told
        assert "待办" not in told


def test_every_question_of_the_office_is_answered_on_both_databases(either_world: World) -> None:
    """What only one of them would accept shows here."""
    order = collected(either_world)
    read, officer = either_world.database.read_sync, Actor("account:o", "林科长", Role.OFFICER)

    home = read(office_home, officer, now=either_world.now, sealer=either_world.sealer)
    lines = read(month_lines, "2026-11", "longcheng", LineFilter(funder="district"), page=1, now=either_world.now)
    trace = read(order_trace, order, language="zh")
    log = read(audit_page, AuditFilter(action="meal", canteen="longcheng", day=either_world.day))

    assert home.residents == 7
    assert [line.order_id for line in lines.lines] == [order]
    assert (trace.ledger_fen, trace.hashes_ok, trace.decided is not None and trace.decided.agrees) == (900, True, True)
    assert [line.action for line in log.lines] == ["meal.collected"]
