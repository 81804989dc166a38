"""The four weeks a kitchen cooks by."""

from datetime import date, time, timedelta

import pytest

from canteen.db.database import Database
from menus import cycle
from menus.cycle import CycleMenu
from menus.errors import CycleWeekUnknown
from menus.top_ups import LaterPortions
from tests.canteen.building import LINES

MONDAY = date(2026, 11, 23)
LATER = (LaterPortions("dish", "ribs", time(11, 30), 40), LaterPortions("dish", "ribs", time(12, 0), 10))
LUNCH = CycleMenu(LINES, "light", LATER)


def test_a_kept_week_is_read_as_it_was(database: Database) -> None:
    """Lines in their order with dishes, portions and what comes later; prices are never kept."""
    database.write_sync(cycle.keep_week, "longcheng", 2, {(1, "lunch"): LUNCH}, monday=MONDAY)

    assert database.read_sync(cycle.read_week, "longcheng", 2) == {(1, "lunch"): LUNCH}
    assert database.read_sync(cycle.read_week, "longcheng", 1) == {}
    assert database.read_sync(cycle.read_week, "shuiyun", 2) == {}
    assert database.read_sync(cycle.kept_weeks, "longcheng") == {2}


def test_keeping_a_week_again_replaces_it(database: Database) -> None:
    database.write_sync(cycle.keep_week, "longcheng", 1, {(1, "lunch"): LUNCH, (2, "lunch"): LUNCH}, monday=MONDAY)
    database.write_sync(cycle.keep_week, "longcheng", 1, {(3, "dinner"): LUNCH}, monday=MONDAY)

    assert set(database.read_sync(cycle.read_week, "longcheng", 1)) == {(3, "dinner")}


@pytest.mark.parametrize("later, week", [(0, 3), (6, 3), (7, 4), (14, 1), (21, 2), (28, 3), (-7, 2), (-1, 2)])
def test_the_first_week_kept_says_where_the_cycle_stands(database: Database, later: int, week: int) -> None:
    """Every 28 days it begins again, backwards too; a second week moves nothing."""
    database.write_sync(cycle.keep_week, "longcheng", 3, {(1, "lunch"): LUNCH}, monday=MONDAY)
    database.write_sync(cycle.keep_week, "longcheng", 1, {(1, "lunch"): LUNCH}, monday=MONDAY)

    assert database.read_sync(cycle.week_of, "longcheng", MONDAY + timedelta(days=later)) == week


def test_a_kitchen_without_a_cycle_has_no_week(database: Database) -> None:
    assert database.read_sync(cycle.week_of, "longcheng", MONDAY) is None


@pytest.mark.parametrize("week", [0, 5, -1])
def test_there_are_four_weeks(database: Database, week: int) -> None:
    with pytest.raises(CycleWeekUnknown):
        database.write_sync(cycle.keep_week, "longcheng", week, {}, monday=MONDAY)
