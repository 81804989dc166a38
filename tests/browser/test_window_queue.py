"""The window's queue in a real browser: the page never goes away, nothing read is lost, nothing is sold twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import Session, col, func, select

from canteen.demo.accounts import add_demo_accounts
from canteen.orders.models import MealOrder
from canteen.usecases.top_up_wallet import top_up_wallet
from tests.benchmarks.window import CANTEEN, open_window
from tests.browser.conftest import OpenPage
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.missing import missing
from tests.support.world import ACTOR, CARDS, World

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), *(pytest.param(size, marks=pytest.mark.long) for size in ((1024, 768), (800, 1280)))]


def _collected(world: World) -> int:
    def count(session: Session) -> int:
        query = select(func.count()).select_from(MealOrder).where(col(MealOrder.status) == "collected")
        return int(session.execute(query).scalar_one())

    return world.database.read_sync(count)


def _read(page: Page, number: str) -> None:
    page.keyboard.type(number)
    page.keyboard.press("Enter")


@pytest.fixture
def window(open_page: OpenPage, world: World) -> Iterator[Page]:
    """The window of Shuiyun, signed in, the card field ready; it must stay."""
    for who in ("elder82", "elder75", "young"):
        world.database.write_sync(
            top_up_wallet, world.people[who], CANTEEN, fen=20_000, now=world.now, actor=ACTOR, key=f"more-{who}"
        )
    add_demo_accounts(world.database, datetime.now(UTC))
    page = open_page(1280, 800)
    stayed = open_window(page)
    yield page
    assert stayed()


def test_cards_read_while_an_answer_is_on_its_way_wait_their_turn(window: Page, world: World) -> None:
    """Three cards within one slow answer: all served, in their order; the field is free at once."""
    held: list[Route] = []

    def slow(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    window.route("**/staff/tap", slow)
    for who in ("elder82", "elder75"):
        _read(window, CARDS[who])
        expect(window.locator("#text")).to_have_value("")
    window.keyboard.type(CARDS["young"][:9])
    held[0].continue_()
    window.keyboard.type(CARDS["young"][9:])
    window.keyboard.press("Enter")

    expect(window.locator('.queue > [data-state="ok"]')).to_have_count(3)
    assert [text[:6] for text in window.locator(".queue-who").all_text_contents()] == ["✓ A 03", "✓ A 02", "✓ A 01"]
    assert _collected(world) == 3


def test_doubled_scan_sells_once(window: Page, world: World) -> None:
    for _ in range(3):
        _read(window, CARDS["elder82"])

    expect(window.locator('.queue > [data-state="ok"]')).to_have_count(1)
    assert _collected(world) == 1


def test_tap_is_kept_while_the_line_is_down_and_sold_once_when_it_is_back(window: Page, world: World) -> None:
    """The first try reached the server, only its answer was lost: the second is told the same, nothing is sold twice."""
    lost: list[int] = []

    def answer_lost(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
        route.abort()

    window.route("**/staff/tap", answer_lost)
    _read(window, CARDS["elder82"])
    expect(window.locator(".queue-line")).to_contain_text("1 位先记着")
    _read(window, CARDS["elder75"])
    expect(window.locator(".queue-line")).to_contain_text("2 位先记着")
    window.unroute("**/staff/tap")

    expect(window.locator('.queue > [data-state="ok"]')).to_have_count(2)
    expect(window.locator(".queue-line")).to_be_hidden()
    assert lost == [200]
    assert _collected(world) == 2


def test_kept_taps_outlive_a_reload_and_old_ones_are_asked_about(open_page: OpenPage, world: World) -> None:
    """A minute later nobody is charged behind their back: staff say go on, or drop them."""
    add_demo_accounts(world.database, datetime.now(UTC))
    page = open_page(1280, 800)
    open_window(page)
    page.route("**/staff/tap", lambda route: route.abort())
    _read(page, CARDS["elder82"])
    expect(page.locator(".queue-line")).to_be_visible()
    stored = json.loads(page.evaluate("sessionStorage.getItem('window-taps')"))
    stored[0]["since"] -= 90_000
    page.evaluate("(text) => sessionStorage.setItem('window-taps', text)", json.dumps(stored))
    page.reload()
    page.unroute("**/staff/tap")

    expect(page.locator(".queue-line")).to_contain_text("接着办吗")
    assert _collected(world) == 0
    page.click("[data-line-go]")

    expect(page.locator('.queue > [data-state="ok"]')).to_have_count(1)
    assert _collected(world) == 1


def test_a_question_left_open_is_answered_later_from_the_queue(window: Page, world: World) -> None:
    """The next card may interrupt 收 6 元; the question waits in the queue."""
    _read(window, CARDS["lapsed67"])
    expect(window.locator('.queue > [data-state="asks"]')).to_have_count(1)
    _read(window, CARDS["elder82"])
    expect(window.locator(".window-result")).to_be_visible()

    window.click(".queue button")
    window.click("button[name=method][value=cash]")

    expect(window.locator('.queue > [data-state="ok"]')).to_have_count(2)
    assert _collected(world) == 2


def test_a_dish_is_marked_sold_out_without_leaving_the_queue(window: Page) -> None:
    window.locator(".dish-rows button").first.click()

    expect(window.locator(".dish-rows li").first).to_contain_text("卖完了")
    expect(window.locator("#text")).to_be_focused()


def test_undo_top_up_and_one_more_meal_without_leaving_the_queue(window: Page, world: World) -> None:
    """Served, undone with a reason, topped up, served again, and one more on purpose: all in the same page."""
    _read(window, CARDS["elder82"])
    window.click("a[data-here=ask]:has-text('撤销')")
    window.click("button[name=reason][value=wrong-person]")
    expect(window.locator(".window-result")).to_contain_text("已撤回")
    assert _collected(world) == 0

    _read(window, "张玉兰")
    window.click("a[data-here=ask]:has-text('充值')")
    window.click("button[name=fen][value='5000']")
    expect(window.locator("[data-answer]")).to_contain_text("充好了")
    _read(window, CARDS["elder82"])
    expect(window.locator(".window-result")).to_be_visible()

    _read(window, "张玉兰")
    window.click(".found button")
    window.click("button[name=choose]:has-text('再点一份')")
    window.locator(".set-choice").first.click()
    expect(window.locator(".window-result")).to_be_visible()

    assert _collected(world) == 2
    window.locator("aside a[data-here=ask], .rows a[data-here=ask]").first.click()
    expect(window.locator("#undo-title")).to_be_visible()
    window.click("a[data-here=close]")
    expect(window.locator("#undo-title")).to_have_count(0)
    expect(window.locator("#text")).to_be_focused()


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_queue_is_laid_out_well_with_every_kind_of_answer(
    open_page: OpenPage, world: World, size: tuple[int, int]
) -> None:
    add_demo_accounts(world.database, datetime.now(UTC))
    if not axe_is_installed():
        missing("axe-core", "npm install")
    page = open_page(*size)
    open_window(page)
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    faults = []
    for read in (CARDS["elder82"], CARDS["lapsed67"], "6222999999999999", CARDS["lost"], "张", "guest"):
        if read == "guest":
            page.click("button[name=choose][value=guest]")
        else:
            page.fill("#text", read)
            page.press("#text", "Enter")
        expect(page.locator('.queue > [data-state="wait"], .queue > [data-state="sent"]')).to_have_count(0)
        faults += [f"{read}: {fault}" for fault in probe(page, "touch")]
    page.route("**/staff/tap", lambda route: route.abort())
    _read(page, CARDS["elder92"])
    expect(page.locator(".queue-line")).to_be_visible()
    faults += [f"line down: {fault}" for fault in probe(page, "touch") + axe(page)]

    assert faults == []
