"""The auditor's derivation of an order: rules by title with reasons, counters before and after, version and digest."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.journeys.office_browser import OfficeBrowser, words
from tests.support.world import World


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def test_every_rule_considered_stands_in_words(world: World, client: TestClient[Litestar]) -> None:
    """Titles, not keys; why each applied or did not; the counter of that very meal; codes only below the fold."""
    order = world.place("elder82", "soft", method="cash")

    page = words(OfficeBrowser(client, world, "auditor").get(f"/office/orders/{order.id}"))

    above, _, below = page.partition("带编号的原文")
    for told in (
        "80–89岁6元一餐 示例 适用 分摊零头归区级财政 15.00 9.00",
        "用餐当日82岁，规则的年龄段为60-69",
        "80–89岁6元一餐 11月23日 星期一 午餐 0 1 1",
        "其中本人餐 15.00 元；出资 9.00 元，自付 6.00 元",
        "fengman-example@1",
    ):
        assert told in above, told
    assert "age-60-69" not in above
    assert "age-60-69" in below


def test_a_rounded_percent_says_who_gained_and_who_took_the_odd_fen(world: World, client: TestClient[Litestar]) -> None:
    order = world.place("elder75", "light", method="cash")

    page = words(OfficeBrowser(client, world, "auditor").get(f"/office/orders/{order.id}"))

    assert "不足一分的归就餐人" in page


def test_a_second_meal_says_which_counter_was_used_up(world: World, client: TestClient[Litestar]) -> None:
    """The period as people say it."""
    world.place("elder82", "soft", method="cash")
    order = world.place("elder82", "light", method="cash")

    page = words(OfficeBrowser(client, world, "auditor").get(f"/office/orders/{order.id}"))

    assert "次数已用完：11月23日 星期一 午餐 已用1，限1" in page


def test_it_reads_in_english_too(world: World, client: TestClient[Litestar]) -> None:
    order = world.place("elder82", "soft", method="cash")
    auditor = OfficeBrowser(client, world, "auditor")
    auditor.post("/language", lang="en", back="/office")

    page = words(auditor.get(f"/office/orders/{order.id}"))

    assert "80–89: a meal for 6 yuan" in page
    assert "aged 82 on the meal date, the band is 60-69" in page
    assert "did not apply" in page
