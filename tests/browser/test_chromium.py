"""The browser that the other tests use: real, Chinese, and unable to leave this machine."""

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
def test_chromium_shows_chinese_and_stays_at_home(page: Page) -> None:
    """A page that asks for a foreign picture does not get it."""
    page.set_content("<h1>暖餐</h1>")

    assert page.inner_text("h1") == "暖餐"
    assert page.evaluate("fetch('http://example.org/').then(() => 'reached', () => 'refused')") == "refused"
