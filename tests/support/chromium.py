"""A real Chromium for the browser tests, the machine's own (Playwright's download is never used)."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.support.missing import missing

HOW_TO_GET_IT = "apt-get install chromium fonts-noto-cjk (or CHROMIUM=/path/to/chrome)"
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--font-render-hinting=none",
    # Whatever a page asks for, only this machine answers.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_PATHS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def executable() -> Path | None:
    """Where Chromium is: the CHROMIUM variable, the PATH, the places of macOS; None when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if Path(named).exists() else None
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((Path(path) for path in _MAC_PATHS if Path(path).exists()), None)


def launch(playwright: Playwright, *extra: str) -> Browser:
    """Headless; `extra` are further command-line switches, such as a fake camera."""
    found = executable()
    if found is None:
        missing("Chromium", HOW_TO_GET_IT)
    # The sandbox of Chromium refuses to work for root.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *sandbox, *extra])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; each test takes its own context."""
    if executable() is None:
        missing("Chromium", HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[BrowserContext]:
    """Cookies and storage of this test's own, in Chinese, in the canteen's time zone."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """A blank page that gives up after 10 s instead of Playwright's 30."""
    browser_context.set_default_timeout(10_000)
    return browser_context.new_page()
