"""The kitchen's papers and numbers in a real browser: sizes of the tablets, the pad, the sheet on A4."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.missing import missing
from tests.support.world import World

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), *(pytest.param(size, marks=pytest.mark.long) for size in ((1024, 768), (800, 1280)))]


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_prep_sheet_and_counts_are_laid_out_well(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """With the reminder on the board, and with a number that cannot be true."""
    if not axe_is_installed():
        missing("axe-core", "npm install")
    world.collect(world.place("elder82", "soft", method="wallet", quantity=2).pickup_code)
    page = signed_in(open_page(*size), world, "longcheng-staff", "/staff")
    faults = []
    for path in ("/staff/prep", "/staff/board", "/staff/kitchen"):
        page.goto(path)
        page.evaluate("document.querySelector('.demo-clock')?.remove()")
        found = probe(page, "board" if path.endswith("board") else "touch")
        faults += [f"{path}: {fault}" for fault in found + axe(page)]
    page.locator(".kitchen-counts .input").first.fill("1")
    page.click("text=保存")
    expect(page.locator(".is-off")).to_have_count(1)
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    faults += [f"counted: {fault}" for fault in probe(page, "touch") + axe(page)]

    assert faults == []


def test_cook_types_with_the_large_pad(open_page: OpenPage, world: World) -> None:
    """The first digit writes over what stood there; half a portion is one key; next goes on."""
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.goto("/staff/kitchen")
    fields = page.locator(".kitchen-counts .input")
    fields.nth(0).click()
    page.click("[data-digit='2']")
    page.click("[data-digit='4']")
    page.click("[data-next]")
    page.click("[data-digit='3']")
    page.click("[data-half]")
    page.click("text=保存")
    expect(page.locator(".banner-ok")).to_contain_text("存好了")
    fields.nth(0).click()
    page.click("[data-digit='9']")

    expect(fields.nth(0)).to_have_value("9")
    expect(fields.nth(1)).to_have_value("3.5")


def test_prep_sheet_of_a_full_menu_is_one_page_of_a4(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.goto("/staff/prep")

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    assert paper.count(b"/Type /Page\n") == 1
