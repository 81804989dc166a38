"""For browser tests: the real server on the small world, and pages of given sizes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.server import RunningServer, start_server
from tests.support.world import World

OpenPage = Callable[..., Page]


@pytest.fixture
def world_server(world: World, tmp_path: Path) -> Iterator[RunningServer]:
    """The real server on this test's own world, in demo mode."""
    server = start_server(tmp_path / "data", environment=world.environment())
    yield server
    server.stop()


@pytest.fixture
def open_page(chromium: Browser, world_server: RunningServer) -> Iterator[OpenPage]:
    """`open_page(1080, 1920)`: a page of that size in a context of its own; `script=False` switches scripts off."""
    contexts = []

    def make(width: int, height: int, *, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=world_server.url,
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
