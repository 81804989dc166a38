"""People in a real browser: pages laid out well, an enrolment by keyboard and reader alone, paper that fits."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.canteen.building import EXAMPLE_ID
from tests.support.missing import missing
from tests.support.world import World

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), pytest.param((800, 1280), marks=pytest.mark.long)]
MOST_KEYS = 6
"""Presses of a person besides the letters of the name; ID and card come from readers."""


def _faults(page: Page, where: str, profile: Profile = "touch") -> list[str]:
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    if not axe_is_installed():
        missing("axe-core", "npm install")
    return [f"{where}: {fault}" for fault in probe(page, profile) + axe(page)]


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_pages_about_people_are_laid_out_well(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """Search, enrolment with and without faults, a person with everything open, paper."""
    page = signed_in(open_page(*size), world, "longcheng-manager", "/staff/people")
    faults = _faults(page, "people")
    page.fill("#text", "zyl")
    page.press("#text", "Enter")
    page.wait_for_load_state()
    faults += _faults(page, "found")
    page.goto("/staff/people/enrol")
    faults += _faults(page, "enrol")
    for box in page.query_selector_all("details"):
        box.evaluate("one => { one.open = true; }")
    page.fill("#national_id", "110105194912310020")
    page.fill("#name", "李秀英")
    page.click(".enrol button.button-primary")
    page.wait_for_load_state()
    faults += _faults(page, "enrol with a fault")
    page.goto(f"/staff/people/{world.people['allergic']}")
    faults += _faults(page, "person")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    faults += _faults(page, "person, all open")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false; })")
    page.click(".person-doors button.button-primary")
    page.wait_for_load_state()
    faults += _faults(page, "paper")

    assert faults == []


def test_somebody_is_enrolled_by_keyboard_and_readers_alone(open_page: OpenPage, world: World) -> None:
    """Name, ID reader, no phone, card reader, yes, done: the presses of a person are counted."""
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff/people/enrol")
    presses = 0

    def person(key: str) -> None:
        nonlocal presses
        presses += 1
        page.keyboard.press(key)

    expect(page.locator("#name")).to_be_focused()
    page.keyboard.insert_text("李秀英")
    person("Enter")
    page.keyboard.type(EXAMPLE_ID)
    page.keyboard.press("Enter")  # the reader's own
    expect(page.locator("#id-said")).to_have_text("1949 年 12 月 31 日生 · 女 · 76 岁")
    person("Enter")
    page.keyboard.type("6222000000009999")
    page.keyboard.press("Enter")
    expect(page.locator("#consent")).to_be_focused()
    person("Space")
    person("Enter")
    page.wait_for_url("**/staff/people/*?done=enrolled")

    assert presses <= MOST_KEYS
    expect(page.locator(".person-facts")).to_contain_text("1949")


def test_an_id_number_is_judged_while_it_is_typed(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff/people/enrol")
    said = page.locator("#id-said")
    for typed, words in (
        ("1101051949", "还差 8 位"),
        ("110105194912310020", "有一位输错了，请对照证件再看一遍"),
        ("11010519490230002x", "里面的出生日期不对，请对照证件第 7 到 14 位"),
        ("１１０１０５１９４９１２３１００２ｘ", "1949 年 12 月 31 日生 · 女 · 76 岁"),
        ("110105491231002", "1949 年 12 月 31 日生 · 女 · 76 岁"),
    ):
        page.fill("#national_id", typed)
        expect(said).to_have_text(words)


def test_somebody_is_enrolled_without_scripts(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(800, 1280, script=False), world, "longcheng-staff", "/staff/people/enrol")
    page.fill("#name", "李秀英")
    page.fill("#national_id", EXAMPLE_ID)
    page.check("#consent")
    page.click(".enrol button.button-primary")

    page.wait_for_url("**/staff/people/*?done=enrolled")


@pytest.mark.long
def test_addresses_and_merges_are_laid_out_well(open_page: OpenPage, world: World) -> None:
    page = signed_in(open_page(1440, 900), world, "officer", "/office")
    faults: list[str] = []
    moved = f"/office/residence?moved={world.people['elder82']}"
    for path in ("/office/residence", moved, "/office/merges", f"/office/merges?kept={world.people['elder82']}"):
        page.goto(path)
        faults += _faults(page, path, "desk")

    assert faults == []
