"""Staff tablets in a real browser: nothing clipped, covered or too small; scans are heard; results come and go."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.support.missing import missing
from tests.support.world import CARDS, World

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), pytest.param((800, 1280), marks=pytest.mark.long)]
_TYPE = """(text) => {
  const press = (code) => document.body.dispatchEvent(new KeyboardEvent("keydown", {code, bubbles: true, cancelable: true}));
  for (const digit of text) press(`Digit${digit}`);
  press("Enter");
}"""


def _scan(page: Page, text: str) -> None:
    """As a keyboard-wedge reader types it, wherever the focus is; all in one go, however busy the machine is."""
    page.evaluate(_TYPE, text)


def _tap(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def _faults(page: Page, where: str, profile: Profile = "touch") -> list[str]:
    """What the probe and axe find. The bar that moves the demo clock is no part of a canteen and goes first."""
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    if not axe_is_installed():
        missing("axe-core", "npm install")
    return [f"{where}: {fault}" for fault in probe(page, profile) + axe(page)]


@pytest.mark.parametrize("size", SIZES)
def test_every_staff_page_is_laid_out_well(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """Window with each kind of answer, hand-over with each colour, counter, dishes, menus, papers; both ways up."""
    world.place("elder82", "soft", method="cash")
    paid = world.place("elder75", "light", method="wallet")
    page = signed_in(open_page(*size), world, "longcheng-manager", "/staff")
    faults = _faults(page, "window")
    for text in (CARDS["lapsed67"], CARDS["elder92"], CARDS["elder92"], CARDS["lost"], "张", "6222999999999999"):
        _tap(page, text)
        page.wait_for_load_state()
        faults += _faults(page, f"window after {text}")
    page.goto("/staff/handover")
    faults += _faults(page, "hand-over")
    for text in (CARDS["elder82"], paid.pickup_number, paid.pickup_number, "Z 99"):
        _tap(page, text)
        page.wait_for_load_state()
        faults += _faults(page, f"hand-over after {text}")
    for path in (
        "/staff/menu",
        "/staff/prep",
        "/staff/list",
        "/staff/menus",
        "/staff/menus/2026-11-23/lunch",
        f"/staff/wallet?who={world.people['elder82']}",
    ):
        page.goto(path)
        faults += _faults(page, path)
    page.goto(f"/staff/counter?who={world.people['allergic']}")
    page.click(".touch-tile >> nth=0")
    page.wait_for_load_state()
    faults += _faults(page, "counter with a clash")

    assert faults == []


@pytest.mark.parametrize("size", SIZES)
def test_kitchen_board_fits_without_scrolling(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    world.place("elder82", "soft", method="cash")
    page = signed_in(open_page(*size), world, "longcheng-staff", "/staff")

    page.goto("/staff/board")

    assert _faults(page, "board", "board") == []
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.batch td')).fontSize)") >= 68


@pytest.mark.long
def test_english_fits(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.click("footer button[name=lang]")
    faults = []
    for path in ("/staff", "/staff/handover", "/staff/menu", f"/staff/counter?who={world.people['elder82']}"):
        page.goto(path)
        faults += _faults(page, path)
    page.goto("/staff/board")
    faults += _faults(page, "board", "board")

    assert faults == []


def test_reader_is_heard_wherever_the_focus_is(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.evaluate("document.activeElement.blur()")

    _scan(page, CARDS["elder92"])

    expect(page.locator(".result-ok")).to_contain_text("已交餐")


def test_result_makes_room_for_the_next_scan_after_three_seconds(open_page: OpenPage, world: World) -> None:
    order = world.place("elder82", "light", method="wallet")
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.goto("/staff/handover")

    _scan(page, order.pickup_code)

    expect(page.locator(".result-ok")).to_contain_text(order.pickup_number)
    expect(page.locator(".result-ok")).to_have_count(0, timeout=6_000)
    expect(page.locator(".rows")).to_contain_text(order.pickup_number)


def test_board_follows_what_happens_at_the_window(open_page: OpenPage, world: World) -> None:
    """Ordered at one tablet, seen on another without a touch."""
    board = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    board.goto("/staff/board")
    expect(board.locator("[data-live-pill]")).to_have_attribute("data-state", "on")
    window = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")

    _tap(window, CARDS["elder82"])

    expect(board.locator(".batch tbody tr", has_text="清淡套餐").locator("td").nth(2)).to_have_text("1")


def test_window_works_without_scripts(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800, script=False), world, "longcheng-staff", "/staff")

    _tap(page, CARDS["lapsed67"])
    page.click("button[name=method][value=cash]")

    assert "已交餐" in page.inner_text(".result")


def test_line_that_is_down_is_told_once(open_page: OpenPage, world: World) -> None:
    """The window has four live parts and one sentence about it, above the work."""
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.route("**/live/**", lambda route: route.abort())
    page.route("**/staff/*", lambda route: route.abort())

    page.reload()

    expect(page.locator(".banner-error")).to_have_count(1)
    expect(page.locator(".banner-error")).to_contain_text("连不上了")
    expect(page.locator("[data-live-pill]")).to_have_attribute("data-state", "off")
