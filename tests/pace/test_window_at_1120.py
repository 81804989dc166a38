"""Thirty people at the window in a real browser: nobody waits three seconds and the page never goes away."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, col, func, select

from canteen.orders.models import MealOrder
from tests.benchmarks.window import MOST_S, open_window, prepare, run
from tests.support.server import serving
from tests.support.world import World

pytestmark = pytest.mark.browser


def _collected(world: World) -> int:
    def count(session: Session) -> int:
        query = select(func.count()).select_from(MealOrder).where(col(MealOrder.status) == "collected")
        return int(session.execute(query).scalar_one())

    return world.database.read_sync(count)


def test_thirty_mixed_people_wait_less_than_three_seconds_each(chromium: Browser, world: World) -> None:
    """The server in a process of its own. Wrong, lost and doubled cards, no card, short balance, sold out, a guest."""
    queue = prepare(world)
    with serving(world.data_dir / "server", environment=world.environment()) as server:
        page = chromium.new_page(base_url=server.url, locale="zh-CN", viewport={"width": 1280, "height": 800})
        stayed = open_window(page)

        served = run(page, queue)

        assert stayed()
        page.close()
    assert len(served) == 30
    assert [(one.person.kind, one.state) for one in served if one.state != one.person.ends] == []
    assert [one.person.kind for one in served if one.person.says not in one.said] == []
    assert [(one.person.kind, one.seconds) for one in served if one.seconds > MOST_S] == []
    eaten_before = 3
    assert _collected(world) == 28 + eaten_before
