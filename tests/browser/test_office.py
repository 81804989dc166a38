"""The office in a real browser: laid out well at a desk, and a lunch found in the books in four clicks."""

import pytest
from playwright.sync_api import Page, expect

from canteen.sites.models import ClosingDay
from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.world import World

pytestmark = pytest.mark.browser
SIZES = [((1440, 900), "zh"), pytest.param((1280, 800), "en", marks=pytest.mark.long)]


def _faults(page: Page, where: str) -> list[str]:
    """What the probe and axe find; the bar that moves the demo clock is no part of an office and goes first."""
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    return [f"{where}: {fault}" for fault in probe(page, "desk") + (axe(page) if axe_is_installed() else [])]


def _lunch(world: World) -> str:
    order = world.place("elder82", "soft")
    world.collect(order.pickup_code, take_cash=True)
    return order.id


@pytest.mark.parametrize("size, lang", SIZES)
def test_every_office_page_is_laid_out_well(
    open_page: OpenPage, world: World, size: tuple[int, int], lang: str
) -> None:
    """Home, roll, file with its forms open, enrolment, spending, month with and without differences, trace, rules, log."""
    order = _lunch(world)
    page = signed_in(open_page(*size), world, "officer", "/office")
    resident = world.people["allergic"]
    faults: list[str] = []
    for path in (
        "/office?",
        "/office/residents?q=",
        "/office/residents?q=nobody",
        f"/office/residents/{resident}?",
        "/office/residents/enrol?",
        "/office/spend?",
        "/office/spend?canteen=longcheng&funder=district&view=orders",
        "/office/months/2026-11?",
        "/office/months/2026-10?",
        "/office/months/2026-11/longcheng?",
        "/office/months/2026-11/longcheng?day=2026-11-23",
        f"/office/orders/{order}?",
        "/office/rules?",
        "/office/rules/2?",
        "/office/audit?day=2026-11-23",
    ):
        page.goto(f"{path}&lang={lang}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        faults += _faults(page, path)
    world.database.write_sync(
        lambda session: session.add(ClosingDay(canteen_id="longcheng", day=world.day, reason="停水"))
    )
    page.goto(f"/office/months/2026-11?lang={lang}")
    faults += _faults(page, "a month with a difference")

    assert faults == []


def test_officer_finds_that_very_lunch_in_at_most_four_clicks(open_page: OpenPage, world: World) -> None:
    """From the first page: 月结对账, the ledger's figure, the day, the order."""
    _lunch(world)
    page = signed_in(open_page(1440, 900), world, "officer", "/office")

    page.click("nav.side >> text=月结对账")
    page.click("table[aria-labelledby=subsidy] tr:has-text('龙城') td.num a:text('9.00') >> nth=1")
    page.click("th >> text=11月23日")
    page.click("th >> text=A 01")

    expect(page.locator("h1")).to_have_text("订单 A 01")
    expect(page.locator(".figures")).to_contain_text("9.00")
    expect(page.get_by_text("重新核定，分毫不差")).to_be_visible()
    expect(page.get_by_text("账目未被改动")).to_be_visible()


@pytest.mark.long
def test_a_difference_leads_to_its_order_in_one_click(open_page: OpenPage, world: World) -> None:
    """Before the totals, and the one primary button goes there too."""
    order = _lunch(world)
    world.database.write_sync(
        lambda session: session.add(ClosingDay(canteen_id="longcheng", day=world.day, reason="停水"))
    )
    page = signed_in(open_page(1440, 900), world, "officer", "/office")

    page.goto("/office/months")
    expect(page.locator(".attention h2")).to_have_text("龙城社区长者食堂有 1 处对不上，请先处理")
    assert page.locator(".button-primary").count() == 1
    page.click(".button-primary")

    page.wait_for_url(f"**/office/orders/{order}")


def test_the_office_works_without_scripts(open_page: OpenPage, world: World) -> None:
    """Search and filters are plain forms."""
    page = signed_in(open_page(1280, 800, script=False), world, "officer", "/office")

    page.goto("/office/residents")
    page.fill("#q", "张")
    page.click(".filters button")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody th")).to_contain_text("张玉兰")
