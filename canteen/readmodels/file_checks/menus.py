"""Menus for days to come beside the kitchen's book and the menus that stand. Only drafts are made or replaced."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from canteen.readmodels.file_checks.checked import CheckedRow, Difference, FileCheck
from canteen.tables.models import Verdict
from canteen.tables.words import nearest, plain
from menus.models import Dish, Menu, MenuItem, MenuItemPart, MenuStatus, SetMeal
from menus.planning import PlannedLine
from subsidies.money import format_yuan

MOST_DAYS_AHEAD = 120
MOST_MENUS = 200


@dataclass(frozen=True)
class Standing:
    """A menu there is. `lines`: (kind, key) → (portions, price in fen, dish keys inside)."""

    id: int
    status: MenuStatus
    lines: dict[tuple[str, str], tuple[int, int, tuple[str, ...]]]
    recommended: tuple[str, str] | None
    version: int


Food = dict[str, dict[str, Dish | SetMeal]]
"""Kind → plain name or key → the row."""


def check_menus(session: Session, check: FileCheck, kitchen_id: str, *, today: date) -> None:
    """Judge every line; lines of one day and meal share their verdict, for a draft is replaced whole."""
    food = _food(session, kitchen_id)
    meals: dict[tuple[str, str], list[CheckedRow]] = defaultdict(list)
    for row in check.rows:
        _check_alone(check, row, food, today)
        meals[str(row.values.get("day", "")), str(row.values.get("meal", ""))].append(row)
    menus = standing_menus(session, kitchen_id, [day for day, _ in meals if day])
    for place, ((day, meal), rows) in enumerate(meals.items()):
        if not day or not meal:
            continue
        _check_together(check, rows)
        if place >= MOST_MENUS:
            check.fault(rows[0], "day", "too-many-menus", most=MOST_MENUS)
        there = menus.get((day, meal))
        if there is not None and there.status is not MenuStatus.DRAFT:
            for row in rows:
                check.fault(row, "day", "menu-published" if there.status is MenuStatus.PUBLISHED else "menu-closed")
        if any(row.is_bad for row in rows):
            continue
        for row in rows:
            row.target, row.seen = f"{day}/{meal}", seen(there)
        if there is not None:
            _compare(rows, there, food)


def planned(rows: list[CheckedRow]) -> tuple[tuple[PlannedLine, ...], str | None]:
    """The lines of one menu as the planner takes them, and the key of the recommended one."""
    lines = tuple(
        PlannedLine(
            "set" if row.values["kind"] == "set" else "dish",
            str(row.values["key"]),
            int(str(row.values["portions"])),
            price_fen=int(str(row.values["price"])) if "price" in row.values else None,
            parts=_parts(row),
        )
        for row in rows
    )
    recommended = [str(row.values["key"]) for row in rows if row.values.get("recommended") == "yes"]
    return lines, recommended[0] if recommended else None


def seen(there: Standing | None) -> str:
    """Changes with the menu."""
    return "" if there is None else hashlib.sha256(repr(there).encode()).hexdigest()[:32]


def standing_menus(session: Session, kitchen_id: str, days: list[str]) -> dict[tuple[str, str], Standing]:
    """The menus of these days, by day and meal."""
    wanted = [date.fromisoformat(day) for day in sorted(set(days))]
    menus = session.exec(select(Menu).where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day).in_(wanted))).all()
    ids = [menu.id for menu in menus]
    items = session.exec(select(MenuItem).where(col(MenuItem.menu_id).in_(ids)).order_by(col(MenuItem.position))).all()
    dishes = {dish.id: dish.key for dish in session.exec(select(Dish).where(col(Dish.kitchen_id) == kitchen_id))}
    sets = {row.id: row.key for row in session.exec(select(SetMeal).where(col(SetMeal.kitchen_id) == kitchen_id))}
    parts: dict[int, list[str]] = defaultdict(list)
    for part in session.exec(
        select(MenuItemPart)
        .where(col(MenuItemPart.menu_item_id).in_([item.id for item in items]))
        .order_by(col(MenuItemPart.position))
    ):
        parts[part.menu_item_id].append(dishes[part.dish_id])
    found: dict[tuple[str, str], Standing] = {}
    for menu in menus:
        own = [item for item in items if item.menu_id == menu.id]
        keys = {
            item.id: (item.kind, sets[item.set_meal_id] if item.kind == "set" else dishes[item.dish_id]) for item in own
        }
        lines = {keys[item.id]: (item.planned_halves // 2, item.price_fen, tuple(parts[item.id or 0])) for item in own}
        key = (menu.day.isoformat(), menu.meal)
        best = keys.get(menu.recommended_item_id)
        found[key] = Standing(menu.id or 0, MenuStatus(menu.status), lines, best, menu.version)
    return found


def _food(session: Session, kitchen_id: str) -> Food:
    found: Food = {"dish": {}, "set": {}}
    offered: list[tuple[str, Dish | SetMeal]] = [
        ("dish", dish)
        for dish in session.exec(select(Dish).where(col(Dish.kitchen_id) == kitchen_id, col(Dish.retired_at).is_(None)))
    ]
    offered += [
        ("set", row)
        for row in session.exec(
            select(SetMeal).where(col(SetMeal.kitchen_id) == kitchen_id, col(SetMeal.retired_at).is_(None))
        )
    ]
    for kind, row in offered:
        found[kind][plain(row.name)] = found[kind][plain(row.key)] = row
    return found


def _check_alone(check: FileCheck, row: CheckedRow, food: Food, today: date) -> None:
    values = row.values
    row.label = str(values.get("item", ""))
    day = values.get("day")
    if isinstance(day, str):
        ahead = (date.fromisoformat(day) - today).days
        if ahead < 0:
            check.fault(row, "day", "day-over", value=day)
        elif ahead > MOST_DAYS_AHEAD:
            check.fault(row, "day", "day-far", value=day, most=MOST_DAYS_AHEAD)
    item = values.get("item")
    if not isinstance(item, str):
        return
    kinds = [kind for kind in ("set", "dish") if plain(item) in food[kind] and values.get("kind", kind) == kind]
    if len(kinds) == 2:
        check.fault(row, "kind" if "kind" in check.titles else "item", "dish-or-set", value=item)
    elif not kinds:
        names = [found.name for rows in food.values() for found in rows.values()]
        meant = nearest(item, names)
        check.fault(row, "item", "food-near" if meant else "food", value=item, meant=meant or "")
    else:
        values["kind"], values["key"] = kinds[0], food[kinds[0]][plain(item)].key
        _check_parts(check, row, food)
    if values.get("price") == 0:
        check.fault(row, "price", "price-range", most=1_000)


def _check_parts(check: FileCheck, row: CheckedRow, food: Food) -> None:
    names = row.values.get("parts")
    if not isinstance(names, list):
        return
    if row.values["kind"] == "dish":
        check.fault(row, "parts", "parts-of-dish")
        return
    keys = []
    for name in names:
        dish = food["dish"].get(plain(name))
        if dish is None:
            meant = nearest(name, [known.name for known in food["dish"].values()])
            check.fault(row, "parts", "food-near" if meant else "food", value=name, meant=meant or "")
        else:
            keys.append(dish.key)
    row.values["part_keys"] = keys


def _check_together(check: FileCheck, rows: list[CheckedRow]) -> None:
    first: dict[tuple[str, str], int] = {}
    recommended: int | None = None
    for row in rows:
        if "key" not in row.values:
            continue
        other = first.setdefault((str(row.values["kind"]), str(row.values["key"])), row.line)
        if other != row.line:
            check.fault(row, "item", "twice-in-file", line=other)
        if row.values.get("recommended") == "yes":
            if recommended is not None:
                check.fault(row, "recommended", "recommended-twice", line=recommended)
            recommended = recommended or row.line


def _compare(rows: list[CheckedRow], there: Standing, food: Food) -> None:
    """What each line changes on its menu; a line that stands and is not in the file is told with the first one."""
    wanted: set[tuple[str, str]] = set()
    for row in rows:
        kind, key = str(row.values["kind"]), str(row.values["key"])
        wanted.add((kind, key))
        line = there.lines.get((kind, key))
        usual = food[kind][plain(key)].price_fen
        price = int(str(row.values.get("price", usual)))
        portions = int(str(row.values["portions"]))
        if line is None:
            row.differences.append(Difference("item", "", row.label))
            continue
        if line[0] != portions:
            row.differences.append(Difference("portions", str(line[0]), str(portions)))
        if line[1] != price:
            row.differences.append(Difference("price", format_yuan(line[1]), format_yuan(price)))
        if line[2] != _parts(row):
            row.differences.append(Difference("parts", str(len(line[2])), str(len(_parts(row)))))
        is_best = there.recommended == (kind, key)
        if (row.values.get("recommended") == "yes") != is_best:
            row.differences.append(Difference("recommended", "yes" if is_best else "no", "no" if is_best else "yes"))
    for kind, key in there.lines.keys() - wanted:
        known = food[kind].get(plain(key))
        rows[0].differences.append(Difference("item", known.name if known else key, ""))
    changed = any(row.differences for row in rows)
    for row in rows:
        row.verdict = Verdict.CHANGE if changed else Verdict.SAME


def _parts(row: CheckedRow) -> tuple[str, ...]:
    keys = row.values.get("part_keys")
    return tuple(keys) if isinstance(keys, list) else ()
