"""Statutory holidays and make-up workdays: data, seeded from a calendar library, editable."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Literal

from chinese_calendar import Holiday as Feast
from chinese_calendar import constants
from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, SQLModel, col

from canteen.sites.models import Holiday

DayKind = Literal["workday", "rest_day", "holiday", "makeup_workday"]

# Tables, not classes: what is asked for every order skips the object layer.
_HOLIDAY = SQLModel.metadata.tables[str(Holiday.__tablename__)]
_KIND = select(_HOLIDAY.c.kind).where(_HOLIDAY.c.day == bindparam("day"))
FIRST_SEEDED_YEAR = 2024


def day_kind(session: Session, day: date) -> DayKind:
    """What sort of day it is. A year nobody has entered is told by its weekdays; see `missing_years`."""
    return kind_of(day, session.execute(_KIND, {"day": day}).scalar())


def kind_of(day: date, kind: str | None) -> DayKind:
    """The same from what was entered for the day, None for nothing."""
    if kind == "holiday":
        return "holiday"
    if kind == "makeup_workday":
        return "makeup_workday"
    return "rest_day" if day.weekday() >= 5 else "workday"


def missing_years(session: Session, today: date) -> tuple[int, ...]:
    """Years from this one to the year in 60 days that have no holiday entered: to be warned about."""
    years = range(today.year, (today + timedelta(days=60)).year + 1)
    return tuple(year for year in years if not _has_year(session, year))


def seed_holidays(session: Session) -> int:
    """Enter what the calendar library knows, year by year; a year already entered by hand is left alone.

    Returns the number of days added.
    """
    added = 0
    for year in _known_years():
        if _has_year(session, year):
            continue
        rows = [{"day": day, "kind": kind, "name": name} for day, kind, name in _days(year)]
        session.execute(insert(Holiday), rows)
        added += len(rows)
    return added


def _has_year(session: Session, year: int) -> bool:
    count = session.execute(
        select(func.count()).where(col(Holiday.day) >= date(year, 1, 1), col(Holiday.day) <= date(year, 12, 31))
    ).scalar_one()
    return bool(count)


@cache
def _known_years() -> tuple[int, ...]:
    return tuple(sorted({day.year for day in constants.holidays if day.year >= FIRST_SEEDED_YEAR}))


def _days(year: int) -> Iterator[tuple[date, str, str]]:
    names = {feast.value: feast.chinese for feast in Feast}
    for day, name in sorted(constants.holidays.items()):
        if day.year == year:
            yield day, "holiday", names.get(name, name)
    for day, name in sorted(constants.workdays.items()):
        if day.year == year:
            yield day, "makeup_workday", f"{names.get(name, name)}调休"
