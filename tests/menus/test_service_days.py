"""The business day is the date on the clocks of Jilin."""

from datetime import UTC, date, datetime, time

import pytest

from menus.service_days import MEAL_ORDER, MealPeriod, business_day, instant


@pytest.mark.parametrize(
    "now,day",
    [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_shanghai(now: datetime, day: date) -> None:
    assert business_day(now) == day


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        business_day(datetime(2026, 11, 23, 12))  # noqa: DTZ001 - that is the point


def test_local_times_are_eight_hours_ahead() -> None:
    assert instant(date(2026, 11, 23), time(10, 30)) == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def test_meals_come_in_the_order_of_the_day() -> None:
    assert sorted(MealPeriod, key=MEAL_ORDER.__getitem__) == ["breakfast", "lunch", "dinner"]
