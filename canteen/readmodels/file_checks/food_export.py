"""Dishes and menus as files that can be brought in again unchanged."""

from collections import defaultdict
from datetime import date

from sqlmodel import Session, col, select

from canteen.tables import words
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.tables.words import Words, shown
from menus.models import Dish, Menu, MenuItem, MenuItemPart
from menus.service_days import MEAL_ORDER, MealPeriod


def dish_rows(session: Session, kitchen_id: str, language: str) -> list[tuple[str | int, ...]]:
    """Every dish (prices in fen) on offer, in the order of the import's columns."""
    dishes = session.exec(
        select(Dish)
        .where(col(Dish.kitchen_id) == kitchen_id, col(Dish.retired_at).is_(None))
        .order_by(col(Dish.course), col(Dish.name), col(Dish.key))
    ).all()
    found: list[tuple[str | int, ...]] = []
    for dish in dishes:
        values: dict[str, str | int] = {
            "name": dish.name,
            "course": shown(words.COURSES, dish.course, language),
            "price": dish.price_fen,
            "half_price": "" if dish.half_price_fen is None else dish.half_price_fen,
            "diet_tags": _listed(words.DIET, dish.diet_tags, language),
            "allergens": _listed(words.ALLERGENS, dish.allergens, language),
            "ingredients": dish.ingredients,
            "name_en": dish.name_en,
            "form": dish.form,
            "colour": dish.colour,
            "key": dish.key,
        }
        found.append(tuple(values.get(column.key, "") for column in COLUMNS[ImportKind.DISHES]))
    return found


def menu_rows(session: Session, kitchen_id: str, first: date, last: date, language: str) -> list[tuple[str | int, ...]]:
    """Every line of every menu from `first` to `last` (prices in fen), in the order of the import's columns."""
    rows = session.execute(
        select(Menu, MenuItem)
        .join(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day).between(first, last))
    ).all()
    parts: dict[int, list[str]] = defaultdict(list)
    for part in session.exec(
        select(MenuItemPart)
        .where(col(MenuItemPart.menu_item_id).in_([item.id for _, item in rows]))
        .order_by(col(MenuItemPart.menu_item_id), col(MenuItemPart.position))
    ):
        parts[part.menu_item_id].append(part.name)
    ordered = sorted(rows, key=lambda row: (row[0].day, MEAL_ORDER[MealPeriod(row[0].meal)], row[1].position))
    found: list[tuple[str | int, ...]] = []
    for menu, item in ordered:
        values: dict[str, str | int] = {
            "day": menu.day.isoformat(),
            "meal": shown(words.MEALS, menu.meal, language),
            "item": item.name,
            "kind": shown(words.ITEM_KINDS, item.kind, language),
            "portions": item.planned_halves // 2,
            "price": item.price_fen,
            "parts": "、".join(parts[item.id or 0]),
            "recommended": shown(words.YES_NO, "yes", language) if menu.recommended_item_id == item.id else "",
        }
        found.append(tuple(values.get(column.key, "") for column in COLUMNS[ImportKind.MENUS]))
    return found


def _listed(known: Words, keys: list[str], language: str) -> str:
    return "、".join(shown(known, key, language) for key in known if key in keys)
