"""What another week, or the cycle, would put into a week of menus, and what of it cannot come along."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.readmodels.menu_admin import planned_menu
from canteen.readmodels.week_plan import WeekPlan
from canteen.sites import hours
from canteen.sites.places import CanteenView
from menus import cycle
from menus.cycle import CycleMenu, MealOfWeek, monday_of
from menus.models import Dish, SetMeal
from menus.planning import PlannedLine
from menus.service_days import MealPeriod, instant
from menus.top_ups import LaterPortions


@dataclass(frozen=True, slots=True)
class NotLater:
    """More portions that are not planned again; `why`: gone (the line), passed (the moment), hours (after the meal)."""

    name: str
    at: time
    portions: int
    why: str


@dataclass(frozen=True, slots=True)
class Takeover:
    """What would go into one meal. `missing` are names of what was left out because it is no longer offered."""

    day: date
    meal: MealPeriod
    lines: tuple[PlannedLine, ...]
    recommended: str | None
    later: tuple[LaterPortions, ...]
    missing: tuple[str, ...]
    not_later: tuple[NotLater, ...]


def from_week(session: Session, plan: WeekPlan, kitchen_id: str, source: date, now: datetime) -> tuple[Takeover, ...]:
    """What the week of `source` would put into the meals of `plan` that are still open, at the usual prices."""
    shift = plan.monday - monday_of(source)
    wanted = [
        (_Into(meal.day, meal.meal, meal.closes_at), planned_menu(session, kitchen_id, meal.day - shift, meal.meal))
        for meal in plan.meals
        if meal.is_open
    ]
    return _offered(session, kitchen_id, [(into, menu.to_copy()) for into, menu in wanted], now)


def from_day(
    session: Session, canteen: CanteenView, day: date, meal: MealPeriod, *, source: date, now: datetime
) -> Takeover:
    """What the same meal of `source` would put into this one.

    Raises:
        sites.errors.CanteenShut, MealNotServed: nothing is served then.
    """
    into = _Into(day, meal, hours.meal_hours(session, canteen.id, day, meal).closes_at)
    menu = planned_menu(session, canteen.kitchen_id, source, meal)
    return _offered(session, canteen.kitchen_id, [(into, menu.to_copy())], now)[0]


def from_cycle(session: Session, plan: WeekPlan, kitchen_id: str, week: int, now: datetime) -> tuple[Takeover, ...]:
    """What week `week` of the cycle would put into them.

    Raises:
        menus.errors.CycleWeekUnknown: not 1 to 4.
    """
    kept = cycle.read_week(session, kitchen_id, week)
    nothing = CycleMenu((), None)
    wanted = [
        (_Into(meal.day, meal.meal, meal.closes_at), kept.get((meal.day.isoweekday(), meal.meal.value), nothing))
        for meal in plan.meals
        if meal.is_open
    ]
    return _offered(session, kitchen_id, wanted, now)


def to_keep(session: Session, plan: WeekPlan, kitchen_id: str) -> dict[MealOfWeek, CycleMenu]:
    """The week as the cycle would keep it."""
    kept: dict[MealOfWeek, CycleMenu] = {}
    for meal in plan.meals:
        menu = planned_menu(session, kitchen_id, meal.day, meal.meal)
        if menu.lines:
            kept[meal.day.isoweekday(), meal.meal.value] = menu.to_copy()
    return kept


@dataclass(frozen=True, slots=True)
class _Into:
    day: date
    meal: MealPeriod
    closes_at: datetime


def _offered(
    session: Session, kitchen_id: str, wanted: Sequence[tuple[_Into, CycleMenu]], now: datetime
) -> tuple[Takeover, ...]:
    """The same without what is retired: a line goes, and so does a dish inside a set meal; a set without dishes goes."""
    names, gone = _names(session, kitchen_id)
    found = []
    for into, menu in wanted:
        missing: dict[str, None] = {}
        lines = []
        for line in menu.lines:
            food = (line.kind, line.key)
            if food in gone:
                missing[names[food]] = None
                continue
            parts = tuple(part for part in line.parts if ("dish", part) not in gone)
            missing |= {names["dish", part]: None for part in line.parts if ("dish", part) in gone}
            if parts or not line.parts:
                lines.append(replace(line, parts=parts))
        come = {(line.kind, line.key) for line in lines}
        recommended = menu.recommended if menu.recommended in {key for _, key in come} else None
        later, not_later = [], []
        for more in menu.later:
            if why := _why_not(into, more, come, now):
                not_later.append(NotLater(names[more.kind, more.key], more.at, more.portions, why))
            else:
                later.append(more)
        found.append(
            Takeover(into.day, into.meal, tuple(lines), recommended, tuple(later), tuple(missing), tuple(not_later))
        )
    return tuple(found)


def _why_not(into: _Into, more: LaterPortions, come: Collection[tuple[str, str]], now: datetime) -> str:
    if (more.kind, more.key) not in come:
        return "gone"
    at = instant(into.day, more.at)
    return "hours" if at >= into.closes_at else "passed" if at <= now else ""


def _names(session: Session, kitchen_id: str) -> tuple[dict[tuple[str, str], str], frozenset[tuple[str, str]]]:
    """(kind, key) → name of everything in a kitchen's book; which of it is no longer offered."""
    names: dict[tuple[str, str], str] = {}
    gone = set()
    tables: tuple[tuple[str, type[Dish] | type[SetMeal]], ...] = (("dish", Dish), ("set", SetMeal))
    for kind, table in tables:
        for key, name, retired_at in session.execute(
            select(col(table.key), col(table.name), col(table.retired_at)).where(col(table.kitchen_id) == kitchen_id)
        ):
            names[kind, key] = name
            if retired_at is not None:
                gone.add((kind, key))
    return names, frozenset(gone)
