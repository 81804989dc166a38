"""The phone in a real Chromium: laid out well at every size, in large type and in English; the QR is there without a line."""

import io
import re
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from menus.service_days import MealPeriod
from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.canteen.building import LINES
from tests.support.phone import PIN, give_pin, slip_for
from tests.support.world import ACTOR, CARDS, World

pytestmark = pytest.mark.browser
HOME = "/m/longcheng"
LOOKS = [
    ((320, 640), "1", "zh"),
    ((414, 896), "4", "zh"),
    pytest.param((375, 812), "1", "zh", marks=pytest.mark.long),
    pytest.param((375, 812), "3", "zh", marks=pytest.mark.long),
    pytest.param((320, 640), "1", "en", marks=pytest.mark.long),
]
"""The smallest phone and the largest type; the rest with `make test-all`."""
TOMORROW = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _tomorrow(world: World) -> None:
    """At ten to eleven phones order for the next day: its menu is out."""
    for canteen in ("longcheng", "shuiyun"):
        wanted = MenuPlan(canteen, TOMORROW, MealPeriod.LUNCH, LINES, "light")
        world.database.write_sync(plan_menu, wanted, now=world.now, actor=ACTOR)
        day = MenuOf(canteen, TOMORROW, MealPeriod.LUNCH)
        world.database.write_sync(publish_menu, day, now=world.now, actor=ACTOR)
    give_pin(world, "elder82")


def looked_at(page: Page) -> list[str]:
    """Everything either checker finds on the page as it stands."""
    where = page.url.partition("/m/")[2] or "/"
    found = probe(page, "phone") + (axe(page) if axe_is_installed() else [])
    return [f"{where}: {what}" for what in found]


def _sign_in(page: Page) -> None:
    page.goto(f"{HOME}/signin")
    page.fill("#number", CARDS["elder82"])
    page.fill("#pin", PIN)
    page.locator("#signin button").click()
    page.wait_for_url(f"**{HOME}")


def _show_as(page: Page, size: str, language: str) -> None:
    base = page.evaluate("location.origin")
    page.context.add_cookies(
        [{"name": "text_size", "value": size, "url": base}, {"name": "lang", "value": language, "url": base}]
    )


@pytest.mark.long
@pytest.mark.parametrize("size, text_size, language", LOOKS)
def test_every_phone_page_is_laid_out_well(
    open_page: OpenPage, world: World, size: tuple[int, int], text_size: str, language: str
) -> None:
    """Nothing clipped, covered, small, close or squeezed; WCAG 2.2 AA."""
    page = open_page(*size)
    page.goto(HOME)
    _show_as(page, text_size, language)
    found = []
    for path in ("", "/signin", "/slip", "/settings", "/menu?day=2026-11-24&meal=lunch"):
        page.goto(HOME + path)
        found += looked_at(page)
    page.goto(f"{HOME}/slip?code={slip_for(world, 'elder92').replace(' ', '')}")
    found += looked_at(page)
    page.locator(".phone-actions .button-primary").click()
    page.fill("#pin", "123456")
    page.locator("main form button").click()
    page.locator(".banner-warn:visible").wait_for()
    found += looked_at(page)
    _sign_in(page)
    _show_as(page, text_size, language)
    page.goto(HOME)
    found += looked_at(page)
    page.goto(f"{HOME}/menu")
    page.locator("button.tile").nth(0).click()
    page.wait_for_url(re.compile("#dish-"))
    page.locator("button.tile").nth(3).click()
    page.locator(".tile-chosen").nth(1).wait_for()
    found += looked_at(page)
    page.locator(".phone-actions .button-primary").click()
    page.wait_for_url("**/check*")
    found += looked_at(page)
    page.locator('form[action$="/order"] button').click()
    page.wait_for_url("**/orders/*")
    found += looked_at(page)
    for path in ("", "/account", "/settings", "/pin"):
        page.goto(HOME + path)
        found += looked_at(page)

    assert found == []


def test_code_is_there_without_a_line(open_page: OpenPage) -> None:
    """Order, line down, open again: number and QR from the phone's own store, how old they are, and no button that fails."""
    page = open_page(375, 812)
    _sign_in(page)
    page.locator('form[action$="/order"] button').click()
    page.wait_for_url("**/orders/*")
    number = page.locator(".pickup-number").inner_text()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_function(
        "async () => (await (await caches.open('nuancan-orders-1')).keys()).length === 1"
        " && (await (await caches.open('nuancan-parts-1')).keys()).length > 5"
    )
    order = page.url
    page.context.set_offline(True)
    page.goto(order.partition("?")[0])

    expect(page.locator(".pickup-number")).to_have_text(number)
    expect(page.get_by_text("现在没有网")).to_be_visible()
    expect(page.get_by_text("没有网时不能取消")).to_be_visible()
    expect(page.locator('form[action$="/cancel"]')).to_be_hidden()
    assert len(_code(page)) == 20
    assert probe(page, "phone") == []
    page.goto(f"{HOME}/account")
    expect(page.get_by_text("现在连不上网")).to_be_visible()
    page.get_by_role("link", name=f"打开取餐码 {number}").click()
    expect(page.locator(".pickup-number")).to_have_text(number)

    page.context.set_offline(False)
    expect(page.get_by_text("现在没有网")).to_be_hidden()  # it renews itself
    page.goto(f"{HOME}/settings")
    page.locator('form[action$="/signout"] button').click()
    page.wait_for_url("**signed-out")
    assert page.evaluate("caches.open('nuancan-orders-1').then((c) => c.keys()).then((k) => k.length)") == 0


def _code(page: Page) -> str:
    picture = Image.open(io.BytesIO(page.locator(".pickup-code").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_everything_works_without_scripts(open_page: OpenPage) -> None:
    """Sign in, choose, order, take back: an old browser reads no module."""
    page = open_page(375, 812, script=False)
    _sign_in(page)
    page.goto(f"{HOME}/menu")
    page.locator("button.tile").first.click()
    page.locator(".phone-actions .button-primary").click()
    page.locator('form[action$="/order"] button').click()
    page.wait_for_url("**/orders/*")
    expect(page.locator(".pickup-code svg")).to_be_visible()
    page.locator('form[action$="/cancel"] button').click()

    expect(page.get_by_text("已经取消")).to_be_visible()


@pytest.mark.parametrize("canteen", [pytest.param("longcheng", marks=pytest.mark.long), "shuiyun"])
def test_poster_is_one_page_and_its_code_leads_to_the_phone_pages(
    open_page: OpenPage, world: World, canteen: str
) -> None:
    """Read from the paper, as a phone would."""
    page = open_page(1280, 800)
    signed_in(page, world, f"{canteen}-staff", "/staff/poster")
    base = page.evaluate("location.origin")
    found = probe(page, "touch") + (axe(page) if axe_is_installed() else [])
    picture = Image.open(io.BytesIO(page.locator(".poster-qr").screenshot()))
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")

    assert codes == [f"{base}/m/{canteen}"]
    assert pages == 1
    assert found == []


@pytest.mark.long
def test_text_reaches_thirty_pixels(open_page: OpenPage) -> None:
    """MIIT: main text from 18, up to at least 30; four steps, each larger, kept for the next page."""
    page = open_page(375, 812)
    page.goto(f"{HOME}/settings")
    sizes = []
    for step in ("标准", "大", "特大", "最大"):
        page.get_by_role("button", name=step, exact=True).click()
        page.wait_for_load_state()
        page.goto(HOME)
        sizes.append(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
        page.goto(f"{HOME}/settings")

    assert sizes == sorted(sizes)
    assert sizes[0] >= 18
    assert sizes[-1] >= 30
