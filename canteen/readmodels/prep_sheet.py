"""备餐单: what to cook when pre-orders close. Numbers only: no names, no illness; walk-ins apart, with where they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderLine
from canteen.orders.status import OPEN, OrderStatus
from canteen.people import diet_notes
from canteen.people.sealed import Sealer
from canteen.readmodels.walk_ins import Forecast, cutoffs, group_of, walk_in_forecast
from canteen.sites import hours, places
from menus import kitchen_counts
from menus.diet import meets
from menus.models import Dish, Menu, MenuItem, MenuStatus
from menus.portions import FULL

_STANDS = (*(status.value for status in OPEN), OrderStatus.COLLECTED.value)


@dataclass(frozen=True, slots=True)
class PrepDish:
    """One dish to cook, set meals taken apart. Portions, as in `PrepLine`; `expected` None: no line with it has a past."""

    name: str
    name_en: str
    ordered: float
    since: float
    expected: int | None
    planned: float
    wishes: tuple[tuple[str, float], ...]
    """Instruction and for how many of the ordered portions; only where the dish is not made like that anyway."""

    @property
    def total(self) -> float:
        """To be cooked: what was ordered, and walk-ins as expected, or as many as have come already when those are more."""
        return self.ordered + max(self.since, self.expected or 0)


@dataclass(frozen=True, slots=True)
class PrepLine:
    """One line of the menu: ordered by the cut-off, ordered since, and what is expected of walk-ins and why."""

    name: str
    name_en: str
    kind: str
    course: str
    ordered: float
    since: float
    planned: float
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class PrepGroup:
    """What a forecast is for: one kind of set meal, or every single dish of a course (`lines` of them)."""

    first: PrepLine
    lines: int
    ordered: float
    since: float


@dataclass(frozen=True, slots=True)
class PrepNote:
    """Words for the cook on one order, by its number."""

    pickup_number: str
    dishes: tuple[tuple[str, str], ...]
    """Name and English name."""
    note: str


@dataclass(frozen=True, slots=True)
class PrepSheet:
    """`cutoff_at`: until when phones order (None: the canteen does not serve this meal); `is_closed`: that has passed.

    `printed_at` is the last print after the cut-off: one before it lacks what came in between.
    """

    dishes: tuple[PrepDish, ...]
    lines: tuple[PrepLine, ...]
    notes: tuple[PrepNote, ...]
    orders: int
    cutoff_at: datetime | None
    is_closed: bool
    printed_at: datetime | None

    @property
    def groups(self) -> tuple[PrepGroup, ...]:
        """The lines as they are forecast: set meals one by one, single dishes by course."""
        found: dict[str, list[PrepLine]] = {}
        for line in self.lines:
            found.setdefault(f"set {line.name}" if line.kind == "set" else line.course, []).append(line)
        return tuple(
            PrepGroup(lines[0], len(lines), sum(line.ordered for line in lines), sum(line.since for line in lines))
            for lines in found.values()
        )


@dataclass(frozen=True, slots=True)
class _Ordered:
    order_id: str
    pickup_number: str
    resident_id: str | None
    item_id: int
    portions: float
    note: str
    by_cutoff: bool


def prep_sheet(session: Session, kitchen_id: str, day: date, meal: str, *, now: datetime, sealer: Sealer) -> PrepSheet:
    """What stands ordered at `now`, dish by dish, and what walk-ins may add."""
    points = places.canteens_of_kitchen(session, kitchen_id)
    until = cutoffs(session, points, day, meal)
    cutoff = max(until.values(), default=None)
    items = session.execute(_items(kitchen_id, day, meal)).all()
    dishes_in = kitchen_counts.dishes_of(session, items[0].menu_id) if items else {}
    ordered = _ordered(session, [row.id for row in items], until)
    past = walk_in_forecast(session, kitchen_id, day, meal)
    lines = []
    for row in items:
        mine = [line for line in ordered if line.item_id == row.id]
        lines.append(
            PrepLine(
                row.name,
                row.name_en,
                row.kind,
                row.course,
                sum(line.portions for line in mine if line.by_cutoff),
                sum(line.portions for line in mine if not line.by_cutoff),
                row.planned_halves / FULL,
                past.get(group_of(row.kind, row.set_meal_id, row.course)),
            )
        )
    by_cutoff = [line for line in ordered if line.by_cutoff]
    wishes, notes = _wishes(session, by_cutoff, {row.id: (row.name, row.name_en) for row in items}, sealer)
    return PrepSheet(
        dishes=_dishes(session, {row.id: line for row, line in zip(items, lines, strict=True)}, dishes_in, wishes),
        lines=tuple(lines),
        notes=notes,
        orders=len({line.order_id for line in by_cutoff}),
        cutoff_at=cutoff,
        is_closed=cutoff is not None and now >= cutoff,
        printed_at=_printed(session, kitchen_id, day, meal, cutoff),
    )


def prep_is_due(session: Session, canteen_id: str, day: date, meal: str, now: datetime) -> bool:
    """Pre-orders have closed, the meal goes on, and the sheet is not on paper yet."""
    kitchen_id = places.canteen(session, canteen_id).kitchen_id
    served = next((served for served in hours.serving(session, canteen_id, day) if served.meal == meal), None)
    if served is None or not served.phone_cutoff_at <= now < served.closes_at:
        return False
    status = session.execute(
        select(col(Menu.status)).where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day) == day, col(Menu.meal) == meal)
    ).scalar()
    return status == MenuStatus.PUBLISHED and _printed(session, kitchen_id, day, meal, served.phone_cutoff_at) is None


def _printed(session: Session, kitchen_id: str, day: date, meal: str, cutoff: datetime | None) -> datetime | None:
    printed = kitchen_counts.last_printed(session, kitchen_id, day, meal)
    return printed if printed is not None and (cutoff is None or printed >= cutoff) else None


_COLUMNS: tuple[Any, ...] = (
    col(MenuItem.id),
    col(MenuItem.menu_id),
    col(MenuItem.kind),
    col(MenuItem.set_meal_id),
    col(MenuItem.course),
    col(MenuItem.name),
    col(MenuItem.name_en),
    col(MenuItem.planned_halves),
)


def _items(kitchen_id: str, day: date, meal: str) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day) == day, col(Menu.meal) == meal)
        .order_by(col(MenuItem.position), col(MenuItem.id))
    )


def _ordered(session: Session, item_ids: list[int], until: dict[str, datetime]) -> list[_Ordered]:
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.pickup_number),
            col(MealOrder.resident_id),
            col(MealOrder.canteen_id),
            col(MealOrder.channel),
            col(MealOrder.placed_at),
            col(OrderLine.menu_item_id),
            col(OrderLine.quantity),
            col(OrderLine.portion),
            col(OrderLine.note),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(MealOrder.id))
        .where(col(OrderLine.menu_item_id).in_(item_ids), col(MealOrder.status).in_(_STANDS))
        .order_by(col(MealOrder.canteen_id), col(MealOrder.number_index), col(OrderLine.position))
    )
    found = []
    for order_id, number, resident, canteen_id, channel, placed_at, item_id, quantity, portion, note in rows:
        cutoff = until.get(canteen_id)
        by_cutoff = channel != "window" and (cutoff is None or placed_at < cutoff)
        portions = quantity * (0.5 if portion == "half" else 1)
        found.append(_Ordered(order_id, number, resident, item_id, portions, note, by_cutoff))
    return found


def _wishes(
    session: Session, ordered: list[_Ordered], names: dict[int, tuple[str, str]], sealer: Sealer
) -> tuple[dict[int, dict[str, float]], tuple[PrepNote, ...]]:
    """Instructions by line with their portions; words for the cook by order."""
    counts: dict[int, dict[str, float]] = {}
    notes: dict[str, PrepNote] = {}
    asked = {
        resident: diet_notes.read(session, sealer, resident)
        for resident in {line.resident_id for line in ordered if line.resident_id is not None}
    }
    words: dict[str, list[str]] = {}
    dishes: dict[str, list[tuple[str, str]]] = {}
    for line in ordered:
        mine = asked.get(line.resident_id or "", diet_notes.NOTHING)
        for key in mine.instructions:
            of_line = counts.setdefault(line.item_id, {})
            of_line[key] = of_line.get(key, 0) + line.portions
        said = words.setdefault(line.order_id, [mine.note] if mine.note else [])
        said += [line.note] if line.note else []
        dishes.setdefault(line.order_id, []).append(names[line.item_id])
    for line in ordered:
        if words[line.order_id] and line.order_id not in notes:
            note = "；".join(dict.fromkeys(words[line.order_id]))
            notes[line.order_id] = PrepNote(line.pickup_number, tuple(dishes[line.order_id]), note)
    return counts, tuple(notes.values())


def _dishes(
    session: Session, lines: dict[int, PrepLine], dishes_in: dict[int, list[int]], wishes: dict[int, dict[str, float]]
) -> tuple[PrepDish, ...]:
    """Every dish once, in the order the menu names it; instructions only where the dish is not made like that anyway."""
    known = {
        dish.id: dish
        for dish in session.execute(
            select(Dish).where(col(Dish.id).in_({dish for found in dishes_in.values() for dish in found}))
        ).scalars()
    }
    cooked: dict[int, list[int]] = {}
    for item_id in lines:
        for dish_id in dishes_in.get(item_id, []):
            cooked.setdefault(dish_id, []).append(item_id)
    found = []
    for dish_id, items in cooked.items():
        dish = known[dish_id]
        expected = [line.forecast.portions for line in map(lines.__getitem__, items) if line.forecast is not None]
        asked: dict[str, float] = {}
        for item_id in items:
            for key, portions in wishes.get(item_id, {}).items():
                asked[key] = asked.get(key, 0) + portions
        found.append(
            PrepDish(
                dish.name,
                dish.name_en,
                sum(lines[item_id].ordered for item_id in items),
                sum(lines[item_id].since for item_id in items),
                sum(expected) if expected else None,
                sum(lines[item_id].planned for item_id in items),
                tuple((key, count) for key, count in sorted(asked.items()) if not meets(dish, key)),
            )
        )
    return tuple(found)
