"""When a canteen serves, and which meal it is now."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, delete

from canteen.db.database import Database
from canteen.sites.errors import CanteenShut, MealNotServed, NoMealAhead
from canteen.sites.hours import (
    current_or_next_meal,
    day_kind,
    is_open_day,
    meal_hours,
    next_open_days,
    serving,
)
from canteen.sites.models import ClosingDay, ServiceHours

MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    """That time of day in Jilin, November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).replace(hour=hour - 8)


def shut(session: Session, day: date) -> None:
    """Close Longcheng for a day."""
    session.add(ClosingDay(canteen_id="longcheng", day=day, reason="检修"))


def test_hours_are_instants(database: Database) -> None:
    breakfast, lunch, dinner = database.read_sync(serving, "longcheng", MONDAY)

    assert (breakfast.opens_at, breakfast.closes_at) == (datetime(2026, 11, 22, 22, 30, tzinfo=UTC), at(8, 30))
    assert (lunch.opens_at, lunch.closes_at, lunch.phone_cutoff_at) == (at(10, 30), at(13), at(10))
    assert dinner.meal == "dinner"


@pytest.mark.parametrize(
    "now,meal,is_serving,day",
    [
        (at(10, 29), "lunch", False, 23),
        (at(10, 30), "lunch", True, 23),
        (at(12, 59), "lunch", True, 23),
        (at(13), "dinner", False, 23),
        (at(18, 29), "dinner", True, 23),
        (at(18, 30), "breakfast", False, 24),
        (at(23, 59), "breakfast", False, 24),
    ],
)
def test_meal_of_the_moment(database: Database, now: datetime, meal: str, is_serving: bool, day: int) -> None:
    found = database.read_sync(current_or_next_meal, "longcheng", now)

    assert (found.meal, found.is_serving, found.day) == (meal, is_serving, date(2026, 11, day))


def test_phones_look_past_a_meal_whose_cutoff_has_passed(database: Database) -> None:
    before = database.read_sync(current_or_next_meal, "longcheng", at(9, 59), by_phone=True)
    after = database.read_sync(current_or_next_meal, "longcheng", at(10), by_phone=True)

    assert (before.meal, after.meal) == ("lunch", "dinner")


def test_a_closing_day_is_skipped_at_one_canteen_only(database: Database) -> None:
    database.write_sync(shut, MONDAY)

    assert not database.read_sync(is_open_day, "longcheng", MONDAY)
    assert database.read_sync(is_open_day, "shuiyun", MONDAY)
    assert database.read_sync(current_or_next_meal, "longcheng", at(11)).day == date(2026, 11, 24)
    assert database.read_sync(next_open_days, "longcheng", MONDAY, 2) == (date(2026, 11, 24), date(2026, 11, 25))
    with pytest.raises(CanteenShut):
        database.read_sync(meal_hours, "longcheng", MONDAY, "lunch")


def test_a_meal_without_hours_is_not_served(database: Database) -> None:
    def no_dinner(session: Session) -> None:
        session.execute(delete(ServiceHours).where(col(ServiceHours.meal) == "dinner"))

    database.write_sync(no_dinner)

    with pytest.raises(MealNotServed):
        database.read_sync(meal_hours, "longcheng", MONDAY, "dinner")


def test_a_canteen_without_hours_has_no_meal_ahead(database: Database) -> None:
    with pytest.raises(NoMealAhead):
        database.read_sync(current_or_next_meal, "moon", at(11))


@pytest.mark.parametrize(
    "day,kind",
    [
        (date(2026, 11, 23), "workday"),
        (date(2026, 11, 28), "rest_day"),
        (date(2026, 10, 1), "holiday"),
        (date(2026, 10, 10), "makeup_workday"),
        (date(2031, 10, 1), "workday"),
        (date(2031, 10, 4), "rest_day"),
    ],
)
def test_day_kinds(database: Database, day: date, kind: str) -> None:
    """Source: 国务院办公厅关于2026年部分节假日安排的通知; a year nobody has entered is told by its weekdays."""
    assert database.read_sync(day_kind, day) == kind
