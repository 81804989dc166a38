"""The kiosk in a real Chromium, as tall and as wide screen, in large type and in English: laid out well, and usable."""

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Page, expect

from canteen.people.diet_notes import DietNotes
from canteen.usecases.change_resident import ResidentChange, change_resident
from tests.browser.conftest import OpenPage
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.world import ACTOR, CARDS, World

pytestmark = pytest.mark.browser
HOME = "/kiosk/longcheng"
UPRIGHT, WIDE = (1080, 1920), (1920, 1080)
LARGE, ENGLISH = "?large=1", "?lang=en"
_EVERY = [(size, look) for size in (UPRIGHT, WIDE) for look in ("", LARGE, ENGLISH)]


def _looks(*now: tuple[tuple[int, int], str]) -> list[ParameterSet]:
    """Every screen and look; those not in `now` wait for `make test-all`, where minutes do not count."""
    return [pytest.param(*one, marks=() if one in now else pytest.mark.long) for one in _EVERY]


def read(page: Page, digits: str) -> None:
    """What the reader types: digits at once, Enter, wherever the focus is; in one go, or a busy machine types too slowly."""
    page.evaluate(
        """codes => codes.forEach(code => window.dispatchEvent(new KeyboardEvent("keydown", {code, bubbles: true})))""",
        [*(f"Digit{digit}" for digit in digits), "Enter"],
    )


def tap(page: Page, who: str) -> None:
    """A card at the reader, and the page that answers it."""
    read(page, CARDS[who])
    page.wait_for_url("**/usual*")


def looked_at(page: Page) -> list[str]:
    """Everything either checker finds on the page as it stands."""
    where = page.url.partition("/kiosk")[2] or "/"
    found = probe(page, "kiosk") + (axe(page) if axe_is_installed() else [])
    return [f"{where}: {what}" for what in found]


@pytest.mark.parametrize("size, look", _looks((UPRIGHT, LARGE)))
def test_every_kiosk_page_is_laid_out_well(open_page: OpenPage, size: tuple[int, int], look: str) -> None:
    """Nothing clipped, covered, small, close or squeezed; nothing scrolls; WCAG 2.2 AA."""
    page = open_page(*size)
    page.goto(HOME + look)
    found = looked_at(page)
    page.goto(f"{HOME}/number")
    found += looked_at(page)
    page.goto(HOME)
    tap(page, "elder82")
    page.goto(f"{HOME}/usual{look}")
    found += looked_at(page)
    for path in ("/family", "/mine", "/mine?show=1", "/menu?tab=sets", "/menu?tab=meat", "/menu?tab=staple"):
        page.goto(HOME + path)
        found += looked_at(page)
    page.locator(".tile").first.click()
    page.locator('a[href$="/check"]').click()
    found += looked_at(page)
    page.locator(".kiosk-actions .button-primary").click()
    page.wait_for_url("**/done")
    page.evaluate("window.print = () => {}")
    page.locator("x-print button").click()
    found += looked_at(page)
    page.goto(f"{HOME}/usual")
    found += looked_at(page)
    page.goto(f"{HOME}/card")
    found += looked_at(page)
    page.goto(f"{HOME}/help")

    assert found + looked_at(page) == []


@pytest.mark.parametrize("look", [LARGE, pytest.param(ENGLISH, marks=pytest.mark.long)])
def test_price_and_every_warning_are_in_sight_on_a_wide_screen(open_page: OpenPage, world: World, look: str) -> None:
    """Everything that can be said against a meal is said, and what it costs stays below it."""
    notes = DietNotes(("soft", "low_salt", "low_sugar", "vegetarian"))
    change = ResidentChange(world.people["allergic"], diet=notes)
    world.database.write_sync(change_resident, change, now=world.now, actor=ACTOR, sealer=world.sealer)
    page = open_page(*WIDE)
    page.goto(HOME)
    tap(page, "allergic")
    page.goto(f"{HOME}/usual{look}")

    assert page.locator(".meal-clash").count() == 1
    for part in (".meal-clash", ".pay"):
        box = page.locator(part).last.bounding_box()
        frame = page.locator(".meal").bounding_box()
        assert box is not None
        assert frame is not None
        assert frame["y"] <= box["y"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    assert looked_at(page) == []


@pytest.mark.parametrize("size, look", _looks((WIDE, ENGLISH)))
def test_guest_pages_are_laid_out_well(open_page: OpenPage, size: tuple[int, int], look: str) -> None:
    """The canteen that is open to everyone has one button more, and other words at the end."""
    page = open_page(*size)
    page.goto("/kiosk/shuiyun" + look)
    found = looked_at(page)
    page.locator('form[action$="/guest"] button').click()
    page.wait_for_url("**/menu")
    page.locator(".tile").first.click()
    page.locator('a[href$="/check"]').click()
    found += looked_at(page)
    page.locator(".kiosk-actions .button-primary").click()
    page.wait_for_url("**/done")

    assert found + looked_at(page) == []


def test_card_covers_itself(open_page: OpenPage) -> None:
    """Ten seconds after it was asked for, and without a touch."""
    page = open_page(*UPRIGHT)
    page.clock.install()
    page.goto(HOME)
    tap(page, "elder82")
    page.get_by_role("link", name="我的卡").click()
    page.get_by_role("link", name="看一看").click()
    expect(page.get_by_text("200 元")).to_be_visible()
    page.clock.run_for(11_000)

    expect(page.get_by_role("link", name="看一看")).to_be_visible()
    expect(page.get_by_text("200 元")).to_have_count(0)


def test_ticket_is_the_only_thing_on_paper(open_page: OpenPage) -> None:
    """Nothing of the screen around it, and it fits a roll of 80 mm on one page."""
    page = open_page(*UPRIGHT)
    page.goto(HOME)
    tap(page, "elder82")
    page.get_by_role("button", name="就吃这个").click()
    page.wait_for_url("**/done")
    expect(page.locator(".ticket")).to_be_hidden()
    page.emulate_media(media="print")

    expect(page.locator(".ticket-number")).to_have_text("A 01")
    expect(page.locator(".kiosk-main")).to_be_hidden()
    assert page.pdf(width="80mm", height="160mm").count(b"/Type /Page\n") == 1


def test_help_that_does_not_come_is_called_again(open_page: OpenPage) -> None:
    """After a minute the elder is told so; the staff's tablet rings by itself."""
    page = open_page(*UPRIGHT)
    page.clock.install()
    page.goto(HOME)
    page.get_by_role("button", name="求助").click()
    expect(page.get_by_text("工作人员马上来")).to_be_visible()
    expect(page.get_by_text("又叫了一次")).to_be_hidden()
    page.clock.run_for(61_000)

    expect(page.get_by_text("又叫了一次")).to_be_visible()


def test_reader_and_one_touch_give_a_number(open_page: OpenPage) -> None:
    """Card, 就吃这个, number: at least 240 px tall, and scannable."""
    page = open_page(*UPRIGHT)
    page.goto(HOME)
    tap(page, "elder82")
    page.get_by_role("button", name="就吃这个").click()

    number = page.locator(".pickup-number")
    expect(number).to_have_text("A 01")
    assert number.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 240
    expect(page.locator(".done-qr svg")).to_be_visible()


def test_nobody_touching_wipes_the_screen(open_page: OpenPage) -> None:
    """After a minute it asks, half a minute later it is the next elder's."""
    page = open_page(*UPRIGHT)
    page.clock.install()
    page.goto(HOME)
    tap(page, "elder82")
    page.clock.run_for(61_000)
    expect(page.get_by_text("您还在吗？")).to_be_visible()
    page.clock.run_for(31_000)

    page.wait_for_url(f"**{HOME}")
    expect(page.get_by_text("张奶奶")).to_have_count(0)


def test_large_type_is_kept_and_wiped(open_page: OpenPage) -> None:
    """大字 holds through the visit and is gone for the next one."""
    page = open_page(*UPRIGHT)
    page.goto(HOME)
    tap(page, "elder82")
    page.get_by_role("link", name="大字").click()
    page.get_by_role("link", name="看看别的菜").click()
    expect(page.locator("html[data-large]")).to_have_count(1)
    page.get_by_role("button", name="退出").click()

    page.wait_for_url(f"**{HOME}")
    expect(page.locator("html[data-large]")).to_have_count(0)


def test_digits_on_the_screen_type_a_card(open_page: OpenPage, world: World) -> None:
    """没带卡, with fingers only."""
    page = open_page(*UPRIGHT)
    page.goto(HOME)
    page.get_by_role("link", name="没带卡").click()
    for digit in CARDS["elder82"]:
        page.get_by_role("button", name=digit, exact=True).click()
    page.locator(".kiosk-actions .button-primary").click()

    expect(page.get_by_role("heading", name="张奶奶，您好")).to_be_visible()
    assert world.people["elder82"] not in page.content()


def test_whole_lunch_without_scripts(open_page: OpenPage) -> None:
    """A card number typed, one touch, the number."""
    page = open_page(*UPRIGHT, script=False)
    page.goto(f"{HOME}/number")
    page.locator("#number").fill(CARDS["elder82"])
    page.locator(".kiosk-actions .button-primary").click()
    page.get_by_role("button", name="就吃这个").click()

    expect(page.locator(".pickup-number")).to_have_text("A 01")


def test_a_torn_read_is_not_sent(open_page: OpenPage) -> None:
    """A pause in the middle leaves the tail of a number, perhaps somebody else's card: tap again."""
    page = open_page(*UPRIGHT)
    page.goto(HOME)

    page.keyboard.type(CARDS["elder82"][:8])
    page.wait_for_timeout(200)
    read(page, CARDS["elder82"][8:])
    page.wait_for_timeout(300)

    assert page.url.endswith(HOME)
