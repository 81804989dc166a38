"""The four-week cycle of a kitchen: what it cooks on each weekday of weeks 1 to 4, as data the manager writes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from menus.errors import CycleWeekUnknown
from menus.food import FoodKind
from menus.models import CycleLine, MenuCycle
from menus.planning import PlannedLine
from menus.top_ups import LaterPortions

WEEKS = 4
DAYS = 7

MealOfWeek = tuple[int, str]
"""Weekday from 1 (Monday), and the meal."""


@dataclass(frozen=True, slots=True)
class CycleMenu:
    """One meal of the cycle. `recommended` is a key of one of its lines, `later` are more portions of some of them."""

    lines: tuple[PlannedLine, ...]
    recommended: str | None
    later: tuple[LaterPortions, ...] = ()


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def week_of(session: Session, kitchen_id: str, day: date) -> int | None:
    """Which week of the cycle `day` falls into, 1 to 4; None while the kitchen has no cycle."""
    first = session.execute(select(col(MenuCycle.first_monday)).where(col(MenuCycle.kitchen_id) == kitchen_id)).scalar()
    return None if first is None else (monday_of(day) - first).days // DAYS % WEEKS + 1


def kept_weeks(session: Session, kitchen_id: str) -> frozenset[int]:
    """The weeks of the cycle that hold anything."""
    rows = session.execute(select(col(CycleLine.week)).where(col(CycleLine.kitchen_id) == kitchen_id).distinct())
    return frozenset(rows.scalars())


def read_week(session: Session, kitchen_id: str, week: int) -> dict[MealOfWeek, CycleMenu]:
    """What the cycle says for one week.

    Raises:
        CycleWeekUnknown: not 1 to 4.
    """
    _check(week)
    lines: dict[MealOfWeek, list[PlannedLine]] = defaultdict(list)
    recommended: dict[MealOfWeek, str] = {}
    later: dict[MealOfWeek, list[LaterPortions]] = defaultdict(list)
    for row in session.execute(
        select(CycleLine)
        .where(col(CycleLine.kitchen_id) == kitchen_id, col(CycleLine.week) == week)
        .order_by(col(CycleLine.weekday), col(CycleLine.meal), col(CycleLine.position))
    ).scalars():
        at = (row.weekday, row.meal)
        kind: FoodKind = "set" if row.kind == "set" else "dish"
        lines[at].append(PlannedLine(kind, row.key, row.portions, None, tuple(row.parts)))
        later[at] += [LaterPortions(kind, row.key, time.fromisoformat(when), more) for when, more in row.top_ups]
        if row.is_recommended:
            recommended[at] = row.key
    return {at: CycleMenu(tuple(found), recommended.get(at), tuple(later[at])) for at, found in lines.items()}


def keep_week(
    session: Session, kitchen_id: str, week: int, menus: Mapping[MealOfWeek, CycleMenu], *, monday: date
) -> int:
    """Write these meals as week `week`, in place of what it held; how many lines. Prices are not kept.

    The first week ever kept says where the cycle stands: `monday` is then a Monday of that week.

    Raises:
        CycleWeekUnknown: not 1 to 4.
    """
    _check(week)
    begun = session.get(MenuCycle, kitchen_id)
    if begun is None:
        session.execute(
            insert(MenuCycle).values(kitchen_id=kitchen_id, first_monday=monday_of(monday) - timedelta(weeks=week - 1))
        )
    session.execute(
        delete(CycleLine)
        .where(col(CycleLine.kitchen_id) == kitchen_id, col(CycleLine.week) == week)
        .execution_options(synchronize_session=False)
    )
    rows = [row for at, menu in menus.items() for row in _rows(kitchen_id, week, at, menu)]
    if rows:
        session.execute(insert(CycleLine.__table__), rows)  # type: ignore[attr-defined]
    return len(rows)


def _rows(kitchen_id: str, week: int, at: MealOfWeek, menu: CycleMenu) -> Sequence[dict[str, object]]:
    return [
        {
            "kitchen_id": kitchen_id,
            "week": week,
            "weekday": at[0],
            "meal": at[1],
            "position": position,
            "kind": line.kind,
            "key": line.key,
            "portions": line.portions,
            "parts": list(line.parts),
            "is_recommended": line.key == menu.recommended,
            "top_ups": [
                (later.at.isoformat("minutes"), later.portions)
                for later in menu.later
                if (later.kind, later.key) == (line.kind, line.key)
            ],
        }
        for position, line in enumerate(menu.lines)
    ]


def _check(week: int) -> None:
    if not 1 <= week <= WEEKS:
        raise CycleWeekUnknown(week=week)
