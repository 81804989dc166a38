"""How many walk-ins may come? Stated plainly: the median of the last four same weekdays, with the numbers it came from.

A walk-in is a portion collected that nobody had ordered by the cut-off of phones, or that was sold at the window. Set meals are
counted by their kind; single dishes by their course, shared evenly between the dishes of that course on offer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import HALVES, MealOrder, OrderLine
from canteen.orders.status import OrderStatus
from canteen.sites import hours
from menus.models import Menu, MenuItem, MenuStatus
from menus.portions import FULL

WEEKS = 4

Group = tuple[str, str]
"""("set", id of the kind of set meal) or ("dish", course)."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected walk-in portions of one line, half a portion rounded up; `median` before. `days`: what it is the median of."""

    portions: int
    median: float
    days: tuple[tuple[date, float], ...]


def group_of(kind: str, set_meal_id: int | None, course: str) -> Group:
    """What a line of a menu is compared with on other days."""
    return ("set", str(set_meal_id)) if kind == "set" else ("dish", course)


def walk_in_forecast(session: Session, kitchen_id: str, day: date, meal: str) -> dict[Group, Forecast]:
    """By group, for one line of it; a group no earlier menu had is absent: nobody can tell."""
    found: dict[Group, list[tuple[date, float]]] = {}
    for weeks in range(1, WEEKS + 1):
        earlier = day - timedelta(weeks=weeks)
        for group, portions in _walk_ins(session, kitchen_id, earlier, meal).items():
            found.setdefault(group, []).append((earlier, portions))
    return {group: _forecast(days) for group, days in found.items()}


def cutoffs(session: Session, canteen_ids: Iterable[str], day: date, meal: str) -> dict[str, datetime]:
    """Until when each canteen's phones could order that meal; those that did not serve it are absent."""
    return {
        canteen_id: served.phone_cutoff_at
        for canteen_id in canteen_ids
        for served in hours.serving(session, canteen_id, day)
        if served.meal == meal
    }


def _forecast(days: list[tuple[date, float]]) -> Forecast:
    middle = median(portions for _, portions in days)
    return Forecast(int(middle + 0.5), middle, tuple(days))


def _walk_ins(session: Session, kitchen_id: str, day: date, meal: str) -> dict[Group, float]:
    """Walk-in portions a line of that day: each line of a group has its even share."""
    lines = session.execute(
        select(col(MenuItem.id), col(MenuItem.kind), col(MenuItem.set_meal_id), col(MenuItem.course))
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(
            col(Menu.kitchen_id) == kitchen_id,
            col(Menu.day) == day,
            col(Menu.meal) == meal,
            col(Menu.status) != MenuStatus.DRAFT.value,
        )
    ).all()
    if not lines:
        return {}
    groups = {item_id: group_of(kind, set_meal, course) for item_id, kind, set_meal, course in lines}
    rows = session.execute(
        select(
            col(OrderLine.menu_item_id),
            col(MealOrder.canteen_id),
            col(MealOrder.channel),
            col(MealOrder.placed_at),
            func.sum(HALVES),
        )
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .where(col(OrderLine.menu_item_id).in_(list(groups)), col(MealOrder.status) == OrderStatus.COLLECTED.value)
        .group_by(
            col(OrderLine.menu_item_id), col(MealOrder.canteen_id), col(MealOrder.channel), col(MealOrder.placed_at)
        )
    ).all()
    until = cutoffs(session, {row[1] for row in rows}, day, meal)
    total = dict.fromkeys(groups.values(), 0.0)
    for item_id, canteen_id, channel, placed_at, halves in rows:
        cutoff = until.get(canteen_id)
        if channel == "window" or cutoff is None or placed_at >= cutoff:
            total[groups[item_id]] += int(halves) / FULL
    share = {group: sum(1 for other in groups.values() if other == group) for group in total}
    return {group: portions / share[group] for group, portions in total.items()}
