"""The doors of the house in a real Chromium: front page, sign-in, pairing, devices are laid out well."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.support.world import World

pytestmark = pytest.mark.browser


def _found(page: Page, profile: Profile) -> list[str]:
    found = probe(page, profile) + (axe(page) if axe_is_installed() else [])
    return [f"{page.url}: {what}" for what in found]


def test_doors_are_laid_out_well(open_page: OpenPage, world: World) -> None:
    """On the smallest phone, where lines break first; nothing clipped, covered, small or close; WCAG 2.2 AA."""
    page = open_page(320, 640)
    found = []
    for path in ("/", "/signin", "/pair"):
        page.goto(path)
        found += _found(page, "public")
    signed_in(page, world, "admin", "/devices")
    found += _found(page, "desk")

    assert found == []
