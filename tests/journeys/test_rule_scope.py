"""A new version for fewer canteens: whoever publishes it is told where nothing would decide any more, and says so."""

import html
from collections.abc import Iterator
from datetime import date

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from subsidies.published import in_force
from tests.journeys.office_browser import words
from tests.journeys.test_rule_drafts import Desk, second
from tests.support.world import World

EVERYWHERE = 'areas = ["jilin/changyi", "jilin/longtan", "jilin/chuanying", "jilin/fengman"]'
LEFT = "水韵社区社区食堂：2026-12-01 起没有方案"
TICK = "我知道水韵社区社区食堂从那天起没有方案，照样发布"


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def lin(client: TestClient[Litestar], world: World) -> Desk:
    """With a draft of the next version, from 1 December."""
    desk = Desk(client, world, "officer")
    desk.start(how="version", **{"from": "1"})
    return desk


def narrowed(desk: Desk) -> str:
    """For Longcheng's subdistrict only, the examples with it."""
    rewrite(desk, 'canteen_area = "jilin/fengman/taishan/shuiyun"', 'canteen_area = "jilin/fengman/jianhua/longcheng"')
    return rewrite(desk, EVERYWHERE, 'areas = ["jilin/fengman/jianhua"]')


def rewrite(desk: Desk, old: str, new: str) -> str:
    """Change the text; the words of the page after it."""
    text = html.unescape(desk.get(desk.draft).text.partition('<pre class="document">')[2].partition("</pre>")[0])
    assert old in text
    return words(desk.change("file", text=text.replace(old, new)))


def decides(world: World, canteen: str, day: date) -> str:
    """Which version decides there, as `jilin-2024@1`; nothing where none does."""
    community = f"jilin/fengman/{'jianhua' if canteen == 'longcheng' else 'taishan'}/{canteen}"
    found = world.database.read_sync(in_force, canteen, community, day, examples_decide=False)
    return found.label if found else ""


def test_fewer_canteens_are_published_only_by_saying_which_go_without(lin: Desk, world: World) -> None:
    """Its author is told, and so is whoever publishes; without the tick nothing happens, with it what was said."""
    author = narrowed(lin)
    assert LEFT in author
    assert "改适用食堂" in author
    lin.step("submit")
    shen = second(lin, world)
    assert TICK in words(shen.get(lin.draft))

    refused = shen.step("publish")
    assert refused.status_code == 409
    assert "有食堂会没有方案" in words(refused)
    other = shen.step("publish", leaves="longcheng")
    assert other.status_code == 409
    assert decides(world, "longcheng", date(2026, 12, 1)) == "jilin-2024@1"
    published = shen.step("publish", leaves="shuiyun")

    assert "已发布" in words(published)
    assert decides(world, "longcheng", date(2026, 12, 1)) == "jilin-2024@2"
    assert decides(world, "shuiyun", date(2026, 11, 30)) == "jilin-2024@1"
    assert decides(world, "shuiyun", date(2026, 12, 1)) == ""


def test_as_wide_as_before_nothing_is_asked(lin: Desk) -> None:
    """The same place in other words is no narrower."""
    both = 'areas = ["jilin/fengman/jianhua", "jilin/fengman/taishan"]'
    for where in ('canteens = ["longcheng", "shuiyun"]', both):
        now = rewrite(lin, EVERYWHERE, where)
        assert "没有方案，在那里" not in now, where
        rewrite(lin, where, EVERYWHERE)


def test_a_last_day_after_which_the_old_version_would_have_gone_on_is_said(lin: Desk) -> None:
    said = rewrite(lin, "effective_from = 2026-12-01", "effective_from = 2026-12-01\neffective_to = 2027-11-30")

    assert "2027-11-30 是它的最后一天" in said


def test_a_real_set_stands_in_for_an_example(lin: Desk) -> None:
    """In a demo both stand; where the example ends the published set decides."""
    lin.start(how="version", **{"from": "2"})

    assert "没有方案，在那里" not in rewrite(lin, 'areas = ["jilin/fengman"]', 'areas = ["jilin/fengman/jianhua"]')
