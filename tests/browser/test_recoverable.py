"""A death learned late, in a real Chromium: told by the community, proposed by the subdistrict, approved by civil affairs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _faults(page: Page) -> list[str]:
    """With every fold open: what is folded away has no place yet."""
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true })")
    found = probe(page, "desk") + (axe(page) if axe_is_installed() else [])
    return [f"{page.url} {page.viewport_size}: {what}" for what in found]


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_meals_after_a_death_are_put_right_by_two_people(
    open_page: OpenPage, world: World, size: tuple[int, int]
) -> None:
    """Each page lies well; whoever proposed sees no button to approve."""
    served = world.place("elder82", "soft", method="cash")
    world.collect(served.pickup_code, take_cash=True)
    at = f"/office/residents/{world.people['elder82']}"
    community = signed_in(open_page(*size), world, "community", at)
    faults = _faults(community)
    community.select_option("form[action$='/status'] [name=status]", "deceased")
    community.fill("form[action$='/status'] [name=since]", "2026-11-23")
    community.click("form[action$='/status'] button")
    expect(community.locator(".banner").first).to_be_visible()

    subdistrict = signed_in(open_page(*size), world, "subdistrict", "/office/recoverable")
    faults += _faults(subdistrict)
    subdistrict.get_by_role("link", name="张玉兰").first.click()
    faults += _faults(subdistrict)
    subdistrict.fill("form[action$='/adjustment'] [name=reason]", "家属今天来报")
    subdistrict.click("form[action$='/adjustment'] button")
    subdistrict.wait_for_url("**/recoverable?done=proposed")
    faults += _faults(subdistrict)
    expect(subdistrict.locator("form[action^='/office/recoverable/']")).to_have_count(0)

    officer = signed_in(open_page(*size), world, "officer", "/office/recoverable")
    faults += _faults(officer)
    officer.locator("form[action^='/office/recoverable/'] button").first.click()
    officer.wait_for_url("**/recoverable?done=approved")
    faults += _faults(officer)
    expect(officer.get_by_text("批准了")).to_be_visible()

    assert faults == []


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_a_category_is_approved_by_a_second_person(open_page: OpenPage, world: World, size: tuple[int, int]) -> None:
    """Entered by an officer on the file, approved by the subdistrict from its list."""
    at = f"/office/residents/{world.people['elder82']}"
    officer = signed_in(open_page(*size), world, "officer", at)
    faults = _faults(officer)
    form = officer.locator(f"form[action='{at}/categories']")
    form.locator("[name=category]").select_option("low_income")
    form.locator("[name=evidence]").fill("低保证 尾号 0007")
    form.locator("button").click()
    officer.wait_for_url("**?done=category")
    faults += _faults(officer)
    officer.goto("/office/categories")
    faults += _faults(officer)

    subdistrict = signed_in(open_page(*size), world, "subdistrict", "/office/categories")
    faults += _faults(subdistrict)
    subdistrict.click("button[value=approve]")
    subdistrict.wait_for_url("**?done=approved")
    faults += _faults(subdistrict)

    assert faults == []
