"""The month's meals, the sheets, the calls and the erasures in a real browser: laid out well at every size, in both languages."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from canteen.usecases.dispute_meal import MealWord, dispute_meal
from canteen.usecases.draw_calls import draw_calls
from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.support.missing import missing
from tests.support.phone import PIN, give_pin
from tests.support.world import ACTOR, CARDS, World

pytestmark = [pytest.mark.browser, pytest.mark.long]
DECEMBER = datetime(2026, 12, 1, 1, tzinfo=UTC)
MONTH = "2026-11"


def _faults(page: Page, where: str, profile: Profile) -> list[str]:
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    if not axe_is_installed():
        missing("axe-core", "npm install")
    return [f"{where}: {fault}" for fault in probe(page, profile) + axe(page)]


def _eaten(world: World) -> str:
    """Two meals at Longcheng, one of them disputed, and the list drawn; whose meal is not disputed."""
    for who in ("elder82", "elder92"):
        order = world.place(who, "soft", method="cash")
        world.collect(order.pickup_code, take_cash=True)
        if who == "elder92":
            word = MealWord(world.people[who], order.id, theirs=False, how="office")
            world.database.write_sync(dispute_meal, word, now=world.now, actor=ACTOR)
    world.database.write_sync(draw_calls, "longcheng", MONTH, now=DECEMBER, actor="job:draw-calls")
    return world.people["elder82"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_office_pages(open_page: OpenPage, world: World, size: tuple[int, int], language: str) -> None:
    """Calls, one call, somebody's meals, erasures with the form that asks."""
    who = _eaten(world)
    page = signed_in(open_page(*size), world, "officer", "/office")
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    faults = []
    for path in (
        f"/office/calls?month={MONTH}",
        f"/office/calls/{MONTH}/longcheng/1",
        f"/office/residents/{world.people['elder92']}/meals?month={MONTH}",
        f"/office/erasures?who={who}",
    ):
        page.goto(path)
        faults += _faults(page, path, "desk")

    assert faults == []


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_staff_pages(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """What somebody says at the counter, and the sheets: one a page on paper."""
    who = _eaten(world)
    page = signed_in(open_page(*size), world, "longcheng-staff", f"/staff/people/{who}/meals")
    faults = _faults(page, "meals", "touch")
    page.goto(f"/staff/slips?month={MONTH}")
    faults += _faults(page, "slips", "touch")
    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")

    assert faults == []
    assert pages == 2


@pytest.mark.parametrize("size", [(375, 700), (320, 640)])
def test_the_phone(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """In the largest letters too; one touch and the page says what happens next."""
    _eaten(world)
    give_pin(world, "elder82")
    page = open_page(*size)
    page.goto("/m/longcheng/signin")
    page.fill("[name=number]", CARDS["elder82"])
    page.fill("[name=pin]", PIN)
    page.press("[name=pin]", "Enter")
    page.wait_for_url("**/m/longcheng")
    page.goto("/m/longcheng/meals")
    faults = _faults(page, "before", "phone")
    page.get_by_text("这顿不是我吃的").click()
    page.get_by_text("社区会去查").wait_for()
    faults += _faults(page, "after", "phone")
    page.goto("/m/longcheng/settings")
    page.click("button[name=text_size][value='4']")
    page.wait_for_load_state()
    page.goto("/m/longcheng/meals")
    faults += _faults(page, "largest", "phone")

    assert faults == []
