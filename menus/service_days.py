"""Meal periods and the business day (Asia/Shanghai)."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class MealPeriod(StrEnum):
    """餐次."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


def business_day(now: datetime) -> date:
    """The local date in Asia/Shanghai at the aware instant `now`."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return now.astimezone(LOCAL).date()
