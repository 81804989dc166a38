"""For browser tests: the real server on the small world, and pages of given sizes."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from canteen.app import create_app
from canteen.clock import move_demo_clock
from canteen.db.database import Database
from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.settings import Settings
from tests.support.apps import give_back, take_app
from tests.support.served import served
from tests.support.world import SECRET, World

OpenPage = Callable[..., Page]


def signed_in(page: Page, world: World, username: str, to: str) -> Page:
    """The page at `to`, after one of the demo accounts has signed in there."""
    add_demo_accounts(world.database, datetime.now(UTC))
    page.goto(f"/signin?next={to}")
    page.fill("#username", username)
    page.fill("#password", DEMO_PASSWORD)
    page.click("main form:has(#username) button")
    page.wait_for_url(lambda url: urlsplit(url).path.startswith(to))  # not the `next=` of the sign-in page
    return page


@pytest.fixture
def world_server(world: World) -> Iterator[str]:
    """The address of this test's own world, in demo mode."""
    app = take_app(world.settings(), jobs=True)
    with served(app) as url:
        yield url
    give_back(app, jobs=True)


def _pages(chromium: Browser, url: str) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def make(width: int, height: int, *, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(chromium: Browser, world_server: str) -> Iterator[OpenPage]:
    """`open_page(1080, 1920)`: a page of that size in a context of its own; `script=False` switches scripts off."""
    yield from _pages(chromium, world_server)


@pytest.fixture(scope="session")
def standing_server(_sqlite_template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server on one small world for all tests that only look."""
    folder = tmp_path_factory.mktemp("standing")
    shutil.copy(_sqlite_template.data_dir / "canteen.sqlite3", folder / "canteen.sqlite3")
    url = f"sqlite:///{folder / 'canteen.sqlite3'}"
    database = Database(url)
    database.write_sync(move_demo_clock, _sqlite_template.now, real_at=datetime.now(UTC))
    database.close()
    with served(create_app(Settings(database_url=url, data_dir=folder, secret_key=SECRET, demo=True))) as address:
        yield address


@pytest.fixture
def look_at(chromium: Browser, standing_server: str) -> Iterator[OpenPage]:
    """As `open_page`, on the server that all tests share."""
    yield from _pages(chromium, standing_server)
