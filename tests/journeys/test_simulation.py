"""O9: an officer tries other figures on past meals; nothing in force changes."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from canteen.readmodels.rule_sets import rule_sets
from tests.journeys.office_browser import OfficeBrowser, words
from tests.support.world import World

PAGE = "/office/simulation"


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def lunches(world: World) -> None:
    """The one of 82 pays 6 of 15, the one of 92 nothing."""
    for who in ("elder82", "elder92"):
        order = world.place(who, "soft")
        world.collect(order.pickup_code, take_cash=True)


def _rules(world: World) -> str:
    lines = world.database.read_sync(rule_sets, today=world.day)
    return str(next(line.id for line in lines if line.code == "fengman-example"))


def _path(page: str, title: str) -> str:
    """Name of the first figure under a rule's title."""
    found = re.search(rf"<legend>{title}.*?name=\"(figure-[^\"]+price)\"", page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("lunches")
def test_a_dearer_price_shows_who_pays_more_and_what_is_saved(world: World, client: TestClient[Litestar]) -> None:
    """From 6 to 8 yuan for 80 to 89: one meal dearer, two yuan saved, the other as it was; as a table too."""
    officer = OfficeBrowser(client, world, "officer")
    rules = _rules(world)
    page = officer.get(f"{PAGE}?rules={rules}")
    months = {"rules": rules, "from": "2026-11", "to": "2026-11"}

    answer = officer.post(PAGE, page=PAGE, **months, **{_path(page.text, "80–89岁6元一餐"): "8"})

    told = words(answer)
    assert "少付 0 人，共 0.00 元" in told
    assert "多付 1 人，共 2.00 元" in told
    assert "−2.00" in told
    assert "测算，不影响现行方案" in told
    answer = officer.post(PAGE, page=PAGE, export="csv", **months, **{_path(page.text, "80–89岁6元一餐"): "8"})
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1:] for row in table if row[0] == "合计"] == [["合计", "2", "24.00", "22.00", "-2.00", "0", "1"]]


@pytest.mark.usefixtures("lunches")
def test_as_published_nothing_differs(world: World, client: TestClient[Litestar]) -> None:
    officer = OfficeBrowser(client, world, "officer")

    answer = officer.post(PAGE, page=PAGE, rules=_rules(world), **{"from": "2026-12", "to": "2026-10"})

    assert "不变 2 人" in words(answer)


def test_a_figure_that_cannot_be_used_is_marked_and_the_others_stay(world: World, client: TestClient[Litestar]) -> None:
    officer = OfficeBrowser(client, world, "officer")
    rules = _rules(world)
    path = _path(officer.get(f"{PAGE}?rules={rules}").text, "80–89岁6元一餐")

    answer = officer.post(PAGE, page=PAGE, rules=rules, **{"from": "2026-11", "to": "2026-11", path: "六元"})

    assert answer.status_code == 422
    assert "这个数字不能用" in words(answer)
    assert 'value="六元"' in answer.text


def test_months_without_meals_say_so(world: World, client: TestClient[Litestar]) -> None:
    officer = OfficeBrowser(client, world, "officer")

    answer = officer.post(PAGE, page=PAGE, rules=_rules(world), **{"from": "2025-01", "to": "2025-02"})

    assert "没有取走的饭" in words(answer)
