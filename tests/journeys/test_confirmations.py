"""Evidence from outside: a diner says that a meal was not theirs, and three in a hundred are telephoned."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from canteen.confirmations import calls
from canteen.confirmations.models import CallAttempt, CallLine, MealDispute
from canteen.orders.models import MealOrder
from canteen.readmodels.call_checks import call_checks
from canteen.readmodels.disputed_meals import disputed_meals
from canteen.usecases.draw_calls import draw_calls
from subsidies.models import LedgerTransaction
from subsidies.statement_models import MonthStatement
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.phone import Phone, give_pin
from tests.support.world import World

PROOF = ("merkle_root", "previous_root", "signature", "key_id")
DECEMBER = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def eaten(world: World, who: str, canteen: str = "longcheng") -> str:
    """A meal handed over; returns its order."""
    order = world.place(who, "soft", canteen=canteen, method="cash")
    world.collect(order.pickup_code, canteen=canteen, take_cash=True)
    return order.id


def told(world: World) -> list[tuple[str, str, bool]]:
    """Order, how, whether it stands."""

    def read(session: Session) -> list[tuple[str, str, bool]]:
        rows = session.exec(select(MealDispute).order_by(col(MealDispute.id)))
        return [(row.order_id, row.how, row.taken_back_at is None) for row in rows]

    return world.database.read_sync(read)


def drawn(world: World, month: str = "2026-11", now: datetime = DECEMBER) -> int:
    """Draw Longcheng's list."""
    return world.database.write_sync(draw_calls, "longcheng", month, now=now, actor="job:draw-calls")


def lock_november(session: Session) -> None:
    """Longcheng's month along all its states, each by another person, without what each of them would look at."""
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("reconciling", {}),
        ("declared", {"declared_by": "a", "declared_at": DECEMBER, "head_seq": 1, "head_hash": "x", "attempt": 1}),
        ("reviewed", {"reviewed_by": "b", "reviewed_at": DECEMBER}),
        ("approved", {"approved_by": "c", "approved_at": DECEMBER}),
        ("locked", {"locked_by": "c", "locked_at": DECEMBER, **dict.fromkeys(PROOF, "x")}),
    )
    begun = {"state": "cut-off", "since": DECEMBER, "cut_off_by": "a", "cut_off_at": DECEMBER, "attempt": 0}
    session.execute(insert(MonthStatement).values(id="s", canteen_id="longcheng", period="2026-11", **begun))
    for state, values in steps:
        session.execute(update(MonthStatement).values(state=state, **values))


def test_one_touch_says_not_mine_and_another_takes_it_back(world: World, client: TestClient[Litestar]) -> None:
    """The dispute is read by whoever looks for differences; what happens next is said on the page."""
    order = eaten(world, "elder82")
    give_pin(world, "elder82")
    phone = Phone(client)
    phone.sign_in("elder82")
    phone.go("/meals")
    phone.press("/meals", order=order, theirs="0")
    after = phone.text
    standing = world.database.read_sync(disputed_meals, "longcheng", "2026-11")
    phone.press("/meals", order=order, theirs="1")

    assert "社区会去查" in after
    assert [(one.order_id, one.how, one.given_fen > 0) for one in standing] == [(order, "phone", True)]
    assert told(world) == [(order, "phone", False)]
    assert world.database.read_sync(disputed_meals, "longcheng", "2026-11") == ()


def test_nobody_disputes_what_was_not_handed_over_to_them(world: World, client: TestClient[Litestar]) -> None:
    """Another's meal and an open order answer alike."""
    other = eaten(world, "elder92")
    waiting = world.place("elder82", "soft", method="cash").id
    give_pin(world, "elder82")
    phone = Phone(client)
    phone.sign_in("elder82")
    answers = []
    for order in (other, waiting, "nothing"):
        phone.go("/meals")
        answers.append(phone.post("/meals", order=order, month="2026-11", theirs="0").status_code)

    assert answers == [404, 404, 404]
    assert told(world) == []


def test_after_the_lock_nothing_is_said_or_taken_back(world: World, client: TestClient[Litestar]) -> None:
    """The page says so and has no buttons; a form that was still open is refused with whom to ask."""
    said, other = eaten(world, "elder82"), eaten(world, "elder92")
    give_pin(world, "elder82")
    phone = Phone(client)
    phone.sign_in("elder82")
    phone.go("/meals")
    phone.press("/meals", order=said, theirs="0")
    world.database.write_sync(lock_november)
    refused = phone.post("/meals", order=said, month="2026-11", theirs="1")
    community = OfficeBrowser(client, world, "community")
    late = community.post(
        f"/office/residents/{world.people['elder92']}/meals", order=other, theirs="0", month="2026-11"
    )

    assert refused.status_code == 409
    assert "点错了" not in words(refused)
    assert "跟社区或食堂说" in words(refused)
    assert late.status_code == 409
    assert told(world) == [(said, "phone", True)]


def test_staff_and_the_community_write_down_what_is_said_to_them(world: World, client: TestClient[Litestar]) -> None:
    first, second = eaten(world, "elder82"), eaten(world, "elder92")
    OfficeBrowser(client, world, "longcheng-staff")
    at = f"/staff/people/{world.people['elder82']}/meals"
    token = re.findall(r'name="_csrf_token" value="([0-9a-f]+)"', client.get(at).text)[0]
    client.post(at, data={"_csrf_token": token, "order": first, "theirs": "0", "month": "2026-11"})
    client.cookies.clear()
    community = OfficeBrowser(client, world, "community")
    page = community.post(
        f"/office/residents/{world.people['elder92']}/meals", order=second, theirs="0", month="2026-11"
    )

    client.cookies.clear()
    month = OfficeBrowser(client, world, "officer").get("/office/months/2026-11")

    assert "本人说不是自己吃的" in words(page)
    assert "有 2 顿本人说不是自己吃的" in words(month)
    assert {f"/office/orders/{first}", f"/office/orders/{second}"} <= set(links(month, "/office/orders/"))
    assert sorted(told(world)) == sorted([(first, "staff", True), (second, "office", True)])


def test_the_slip_names_no_money_and_shortens_the_name(world: World, client: TestClient[Litestar]) -> None:
    eaten(world, "elder82")
    OfficeBrowser(client, world, "longcheng-staff")
    page = words(client.get("/staff/slips?month=2026-11"))

    assert "您吃了哪几顿" in page
    assert "一共 1 顿" in page
    assert "元" not in page.split("您吃了哪几顿")[1]
    assert "字朝里对折" in page


def test_the_draw_follows_from_the_chain_and_is_made_once(world: World) -> None:
    """Whoever has the seed and the diners of the month draws the same list."""
    elders = world.add_elders(40)
    for code in world.place_all(elders, world.items["longcheng"]["soft"]):
        world.collect(code, take_cash=True)

    early = drawn(world, now=world.now)
    first = drawn(world)
    again = drawn(world)
    empty = drawn(world, month="2026-10")

    def read(session: Session) -> tuple[str, list[str], list[str]]:
        seed = session.exec(
            select(LedgerTransaction.hash)
            .where(col(LedgerTransaction.canteen_id) == "longcheng")
            .order_by(col(LedgerTransaction.seq).desc())
        ).first()
        diners = session.exec(select(MealOrder.resident_id).where(col(MealOrder.status) == "collected"))
        lines = session.exec(select(CallLine.resident_id).order_by(col(CallLine.position)))
        return seed or "", [one for one in diners if one], list(lines)

    seed, diners, lines = world.database.read_sync(read)
    by_hand = sorted(diners, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).hexdigest())[:5]
    assert (early, first, again, empty) == (0, 5, 0, 0)
    assert lines == by_hand
    assert world.database.read_sync(call_checks, "longcheng", "2026-11").seed == seed
    assert len(calls.drawn(seed, [str(n) for n in range(2001)])) == 61


def test_a_call_is_noted_and_what_was_not_theirs_becomes_a_dispute(world: World, client: TestClient[Litestar]) -> None:
    """Tried twice; the last call counts, both are kept, and the number shown is written down."""
    order = eaten(world, "elder82")
    drawn(world)
    community = OfficeBrowser(client, world, "community")
    page = community.get("/office/calls?month=2026-11")
    [one] = links(page, "/office/calls/2026-11/longcheng/")
    shown = community.post(f"{one}/number")
    community.post(one, outcome="no_answer")
    unmarked = community.post(one, outcome="denied")
    noted = community.post(one, outcome="denied", order=order, note="说那天在女儿家")
    progress = world.database.read_sync(call_checks, "longcheng", "2026-11")

    def attempts(session: Session) -> list[tuple[str, bytes | None]]:
        rows = session.exec(select(CallAttempt).order_by(col(CallAttempt.id)))
        return [(row.outcome, row.note_sealed) for row in rows]

    kept = world.database.read_sync(attempts)
    assert shown.status_code == 200
    assert unmarked.status_code == 422
    assert "还没有勾是哪几顿" in words(unmarked)
    assert "记下了" in words(noted)
    assert "1 / 1" in words(noted)
    assert (progress.drawn, progress.done, progress.denied, progress.no_answer) == (1, 1, 1, 0)
    assert [outcome for outcome, _ in kept] == ["no_answer", "denied"]
    assert "女儿".encode() not in (kept[1][1] or b"")
    assert "说那天在女儿家" in words(community.get(one))
    assert told(world) == [(order, "call", True)]


def test_a_list_out_of_scope_is_not_there(world: World, client: TestClient[Litestar]) -> None:
    """A community rings its own people only; calls already noted cannot be changed."""
    eaten(world, "elder82", canteen="shuiyun")
    world.database.write_sync(
        draw_calls, "shuiyun", "2026-11", now=DECEMBER + timedelta(days=1), actor="job:draw-calls"
    )
    officer = OfficeBrowser(client, world, "officer")
    officer.post("/office/calls/2026-11/shuiyun/1", outcome="confirmed")
    with pytest.raises(DBAPIError):
        world.database.write_sync(lambda session: session.execute(text("UPDATE call_attempt SET outcome = 'denied'")))
    with pytest.raises(DBAPIError):
        world.database.write_sync(lambda session: session.execute(text("DELETE FROM call_line")))

    community = OfficeBrowser(client, world, "community")
    seen = community.get("/office/calls/2026-11/shuiyun/1").status_code
    missing = community.client.get("/office/calls/2026-11/shuiyun/9", headers={"accept": "text/html"}).status_code
    assert (seen, missing) == (200, 404)
