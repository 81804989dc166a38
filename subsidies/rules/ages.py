"""Age in completed years on a given day, with the day of switching as a parameter of the rule set."""

from datetime import date, timedelta

from subsidies.rules.language import AgeSwitch, BornOn29February


def anniversary(born: date, year: int, leap: BornOn29February) -> date:
    """The birthday in `year`; someone born on 29 February has it on the stated day of a short year."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28) if leap == "february_28" else date(year, 3, 1)


def switching_day(born: date, year: int, turns: AgeSwitch, leap: BornOn29February) -> date:
    """The day in or after `year` from which the age reached that year counts."""
    birthday = anniversary(born, year, leap)
    if turns == "birthday":
        return birthday
    if turns == "day_after":
        return birthday + timedelta(days=1)
    if turns == "first_of_month":
        return birthday.replace(day=1)
    if turns == "first_of_year":
        return date(year, 1, 1)
    return (birthday.replace(day=1) + timedelta(days=32)).replace(day=1)


def age_on(born: date, day: date, turns: AgeSwitch = "birthday", leap: BornOn29February = "march_1") -> int:
    """Completed years on `day`; never below 0."""
    age = day.year - born.year
    if switching_day(born, day.year, turns, leap) > day:
        age -= 1
    return max(age, 0)
