"""Meal periods and the business day (Asia/Shanghai)."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class MealPeriod(StrEnum):
    """餐次, in the order of the day."""

    BREAKFAST = "breakfast"
    """早餐."""
    LUNCH = "lunch"
    """午餐."""
    DINNER = "dinner"
    """晚餐."""


MEAL_ORDER = {meal: place for place, meal in enumerate(MealPeriod)}


def business_day(now: datetime) -> date:
    """The local date in Asia/Shanghai at the aware instant `now`."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return now.astimezone(LOCAL).date()


def instant(day: date, local: time) -> datetime:
    """The aware UTC instant at which the clocks in Asia/Shanghai show `local` on `day`."""
    return datetime.combine(day, local, LOCAL).astimezone(UTC)
