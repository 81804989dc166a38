"""Age on the meal date, by the switching day the rule set names."""

from datetime import date

import pytest

from subsidies.rules.ages import age_on
from subsidies.rules.language import AgeSwitch, BornOn29February

BORN = date(1956, 6, 16)


@pytest.mark.parametrize(
    "turns, last_day_69",
    [
        ("birthday", date(2026, 6, 15)),
        ("day_after", date(2026, 6, 16)),
        ("first_of_month", date(2026, 5, 31)),
        ("first_of_next_month", date(2026, 6, 30)),
        ("first_of_year", date(2025, 12, 31)),
    ],
)
def test_seventy_begins_on_the_switching_day_and_not_before(turns: AgeSwitch, last_day_69: date) -> None:
    assert age_on(BORN, last_day_69, turns) == 69
    assert age_on(BORN, date.fromordinal(last_day_69.toordinal() + 1), turns) == 70


@pytest.mark.parametrize(
    "leap, day, age",
    [
        ("february_28", date(2025, 2, 27), 88),
        ("february_28", date(2025, 2, 28), 89),
        ("march_1", date(2025, 2, 28), 88),
        ("march_1", date(2025, 3, 1), 89),
        ("february_28", date(2024, 2, 28), 87),
        ("february_28", date(2024, 2, 29), 88),
        ("march_1", date(2024, 2, 29), 88),
    ],
)
def test_born_on_29_february_has_a_stated_day_in_short_years(leap: BornOn29February, day: date, age: int) -> None:
    assert age_on(date(1936, 2, 29), day, "birthday", leap) == age


def test_december_birthdays_switch_in_january_when_the_next_month_counts() -> None:
    assert age_on(date(1956, 12, 20), date(2026, 12, 31), "first_of_next_month") == 69
    assert age_on(date(1956, 12, 20), date(2027, 1, 1), "first_of_next_month") == 70
    assert age_on(date(1956, 12, 31), date(2026, 12, 31), "day_after") == 69
    assert age_on(date(1956, 12, 31), date(2027, 1, 1), "day_after") == 70


def test_where_nothing_is_said_the_birthday_counts_and_1_march_in_short_years() -> None:
    assert [age_on(BORN, date(2026, 6, day)) for day in (15, 16)] == [69, 70]
    assert [age_on(date(1936, 2, 29), day) for day in (date(2025, 2, 28), date(2025, 3, 1))] == [88, 89]


def test_a_child_on_the_day_of_birth_is_zero() -> None:
    assert age_on(date(2026, 11, 23), date(2026, 11, 23), "day_after") == 0
