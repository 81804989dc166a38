"""The manager's pages of food in Chromium: laid out well both ways up, drawings chosen by sight, a photo from a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.menus.test_photos import phone_photo
from tests.support.missing import missing
from tests.support.world import World

pytestmark = pytest.mark.browser
SIZES = [pytest.param((1280, 800)), pytest.param((800, 1280), marks=pytest.mark.long)]


def _faults(page: Page, where: str, profile: Profile = "touch") -> list[str]:
    """What the probe and axe find, without the bar that moves the demo clock."""
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    if not axe_is_installed():
        missing("axe-core", "npm install")
    return [f"{where}: {fault}" for fault in probe(page, profile) + axe(page)]


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_food_is_laid_out_well(
    open_page: OpenPage, world: World, size: tuple[int, int], tmp_path: Path
) -> None:
    """The book, one dish with a photo and a price history, an empty page with errors, a week before and after copying."""
    page = signed_in(open_page(*size), world, "longcheng-manager", "/staff/dishes")
    faults = _faults(page, "dishes")
    page.click(".touch-tile >> nth=0")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_photo(800, 600))
    page.set_input_files("#photo", photo)
    page.click("form[enctype] button")
    expect(page.locator(".banner-ok")).to_contain_text("照片放上了")
    page.fill("#price", "14")
    page.fill("#reason", "肉涨价")
    page.click("form#food .button-primary")
    expect(page.locator(".history")).to_contain_text("肉涨价")
    faults += _faults(page, "dish with a photo")
    page.goto("/staff/dishes")
    faults += _faults(page, "dishes with a photo")
    page.goto("/staff/dishes/new")
    page.evaluate("document.querySelectorAll('[required]').forEach((field) => field.removeAttribute('required'))")
    page.click("form#food .button-primary")
    expect(page.locator(".error-summary")).to_be_visible()
    faults += _faults(page, "new dish with errors")
    for path in ("/staff/sets", "/staff/sets/new", "/staff/sets/1", "/staff/week", "/staff/more"):
        page.goto(path)
        faults += _faults(page, path)
    page.goto("/staff/week?from=2026-11-30")
    page.click("button[value=copy]")
    expect(page.locator(".banner")).to_contain_text("抄好了 1 餐")
    faults += _faults(page, "week after copying")
    for path in (
        "/staff/menus/2026-11-30/lunch",
        "/staff/menus/2026-11-30/lunch/set?key=soft",
        "/staff/menus/2026-11-30/dinner",
    ):
        page.goto(path)
        faults += _faults(page, path)

    assert faults == []


def test_drawings_take_the_colour_that_is_chosen(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800), world, "longcheng-manager", "/staff/dishes/new")

    page.check("input[name=colour][value=tomato]", force=True)
    page.check("input[name=form][value=noodles]", force=True)

    drawn = page.locator("label:has(input[name=form][value=rice]) svg")
    expect(drawn).to_have_class("dish c-tomato")
    used = page.locator("label:has(input[name=colour][value=pork]) use").get_attribute("href")
    assert used is not None
    assert used.endswith("#noodles")


@pytest.mark.long
@pytest.mark.parametrize(
    "size, profile", [((1080, 1920), "kiosk"), pytest.param((390, 844), "phone", marks=pytest.mark.long)]
)
def test_tiles_with_a_photo_fit(
    open_page: OpenPage, world: World, size: tuple[int, int], profile: Profile, tmp_path: Path
) -> None:
    """The photo says its day on the kiosk and on the phone, and nothing is squeezed or cut."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_photo(800, 600))
    manager = signed_in(open_page(1280, 800), world, "longcheng-manager", "/staff/sets")
    for place in range(3):
        manager.goto("/staff/sets")
        manager.click(f".touch-tile >> nth={place}")
        manager.set_input_files("#photo", photo)
        manager.click("form[enctype] button")
        expect(manager.locator(".banner-ok")).to_be_visible()

    page = open_page(*size)
    page.goto("/kiosk/longcheng/menu" if profile == "kiosk" else "/m/longcheng/menu?day=2026-11-23&meal=lunch")

    expect(page.locator(".dish-mark").first).to_contain_text("照片 11月23日")
    page.wait_for_function("[...document.querySelectorAll('.dish-frame img')].every((img) => img.naturalWidth > 0)")
    assert _faults(page, profile, profile) == []


def test_the_week_sheet_prints_on_one_page_a_meal(open_page: OpenPage, world: World) -> None:
    """A4 across, on a phone without sideways scrolling of the page itself."""
    page = open_page(390, 844)
    page.goto("/m/longcheng/week?from=2026-11-23")
    faults = _faults(page, "week sheet", "phone")
    paper = page.pdf(prefer_css_page_size=True)

    assert faults == []
    assert paper.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 841.9" in paper
