"""A day's menu from plan to close: draft → published → closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, SQLModel, col, select

from menus.dishes import dishes_by_key, set_meals_by_key
from menus.errors import (
    DishRetired,
    DishUnknown,
    LineTwice,
    MenuAlreadyPublished,
    MenuClosed,
    MenuEmpty,
    PriceNotPositive,
)
from menus.food import FoodKind
from menus.food_facts import set_allergens, set_tags
from menus.models import Dish, Menu, MenuItem, MenuItemPart, MenuStatus, SetMeal
from menus.portions import FULL, check_portions, set_planned, touch

# Built once: a week of menus is planned in one go. Tables, not classes: the unit of work has no part in it.
_ITEM = SQLModel.metadata.tables[str(MenuItem.__tablename__)]
_INSERT_ITEM = insert(_ITEM).returning(_ITEM.c.id, sort_by_parameter_order=True)
_INSERT_PART = insert(SQLModel.metadata.tables[str(MenuItemPart.__tablename__)])


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line to be: `portions` are whole; `parts` are the dish keys of a set meal; no price means its usual one.

    A half price is only read beside a price; without one the usual half price stays, unless it is more than the whole.
    """

    kind: FoodKind
    key: str
    portions: int
    price_fen: int | None = None
    parts: tuple[str, ...] = ()
    half_price_fen: int | None = None


def plan(
    session: Session,
    kitchen_id: str,
    day: date,
    meal: str,
    *,
    lines: Sequence[PlannedLine],
    recommended: str | None = None,
) -> int:
    """Write the plan and return the menu's id. `recommended` is the key of a set meal (or dish) on it.

    A draft is replaced whole. On a published menu the portions of lines already there follow the plan and new lines
    are added; nothing is removed and no price changes.

    Raises:
        MenuClosed: the meal is over.
        MenuAlreadyPublished: a published line would change its price.
        DishUnknown: a key is none of this kitchen's, or the recommended line is not on the plan.
        DishRetired: a new line, or every line of a draft, must still be offered; published ones stay whatever comes.
        LineTwice: a key stands twice.
        PortionsRefused: out of range, or below what is ordered.
        PriceNotPositive: a price of nothing or less.
    """
    _check_lines(lines, recommended)
    set_keys = [line.key for line in lines if line.kind == "set"]
    sets = set_meals_by_key(session, kitchen_id, set_keys)
    dish_keys = [line.key for line in lines if line.kind == "dish"] + [key for line in lines for key in line.parts]
    dishes = dishes_by_key(session, kitchen_id, dish_keys)
    menu = session.exec(select(Menu).where(Menu.kitchen_id == kitchen_id, Menu.day == day, Menu.meal == meal)).first()
    if menu is None:
        menu = Menu(kitchen_id=kitchen_id, day=day, meal=meal)
        session.add(menu)
        session.flush()
    menu_id = _id(menu)
    if menu.status == MenuStatus.CLOSED:
        raise MenuClosed
    standing: dict[tuple[str, int], MenuItem] = {}
    if menu.status == MenuStatus.DRAFT:
        _hold_draft(session, menu_id)
        _empty(session, menu_id)
    else:
        items = session.exec(select(MenuItem).where(MenuItem.menu_id == menu_id)).all()
        standing = {(item.kind, item.set_meal_id or item.dish_id or 0): item for item in items}
    item_ids: dict[str, int] = {}
    added: list[tuple[PlannedLine, SetMeal | Dish, int]] = []
    for place, line in enumerate(lines, start=len(standing)):
        source = sets[line.key] if line.kind == "set" else dishes[line.key]
        item = standing.get((line.kind, source.id or 0))
        if item is None:
            added.append((line, source, place))
        else:
            item_ids[line.key] = _id(item)
            _change(session, item_ids[line.key], item.price_fen, line)
    if added:
        _check_offered(source for _, source, _ in added)
        _check_offered(dishes[key] for line, _, _ in added for key in line.parts)
        item_ids |= _add(session, menu_id, added, dishes)
    recommended_id = menu.recommended_item_id if standing else None
    if recommended is not None:
        recommended_id = item_ids[recommended]
    session.execute(
        update(Menu)
        .where(col(Menu.id) == menu_id)
        .values(recommended_item_id=recommended_id)
        .execution_options(synchronize_session=False)
    )
    touch(session, menu_id)
    session.expire(menu)
    return menu_id


def publish(session: Session, menu_id: int, *, now: datetime) -> bool:
    """Put a draft on kiosks and phones; returns whether it was one. Publishing twice is harmless.

    Raises:
        MenuClosed: the meal is over.
        MenuEmpty: no line.
        PriceNotPositive: a line costs nothing.
        DishRetired: a line, or a dish in a set meal, is no longer offered.
    """
    menu = session.exec(select(Menu).where(Menu.id == menu_id)).one()
    if menu.status == MenuStatus.CLOSED:
        raise MenuClosed
    if menu.status == MenuStatus.PUBLISHED:
        return False
    for key, name in retired_on(session, menu_id):
        raise DishRetired(key=key, name=name)
    prices = session.execute(
        select(col(MenuItem.name), col(MenuItem.price_fen)).where(MenuItem.menu_id == menu_id)
    ).all()
    if not prices:
        raise MenuEmpty
    for name, price_fen in prices:
        if price_fen <= 0:
            raise PriceNotPositive(name=name)
    menu.status, menu.published_at, menu.version = MenuStatus.PUBLISHED, now, menu.version + 1
    session.flush()
    return True


def close(session: Session, menu_id: int, *, now: datetime) -> bool:
    """End the menu for good; returns whether it was still open. A draft closes too: that meal was not served."""
    menu = session.exec(select(Menu).where(Menu.id == menu_id)).one()
    if menu.status == MenuStatus.CLOSED:
        return False
    menu.status, menu.closed_at, menu.version = MenuStatus.CLOSED, now, menu.version + 1
    session.flush()
    return True


def retired_on(session: Session, menu_id: int) -> tuple[tuple[str, str], ...]:
    """(key, name) of what stands on the menu and is no longer offered: lines, and dishes inside set meals."""
    dishes = select(col(MenuItem.dish_id)).where(MenuItem.menu_id == menu_id, col(MenuItem.dish_id).is_not(None))
    parts = (
        select(col(MenuItemPart.dish_id))
        .join(MenuItem, col(MenuItem.id) == col(MenuItemPart.menu_item_id))
        .where(MenuItem.menu_id == menu_id)
    )
    sets = select(col(MenuItem.set_meal_id)).where(MenuItem.menu_id == menu_id, col(MenuItem.set_meal_id).is_not(None))
    found = session.exec(
        select(Dish.key, Dish.name).where(
            col(Dish.retired_at).is_not(None), col(Dish.id).in_(dishes) | col(Dish.id).in_(parts)
        )
    ).all()
    kinds = session.exec(
        select(SetMeal.key, SetMeal.name).where(col(SetMeal.retired_at).is_not(None), col(SetMeal.id).in_(sets))
    ).all()
    return (*((key, name) for key, name in kinds), *((key, name) for key, name in found))


def _hold_draft(session: Session, menu_id: int) -> None:
    """Keep the draft a draft until this transaction ends: somebody may be publishing it.

    Raises:
        MenuAlreadyPublished: somebody was quicker.
    """
    held = session.execute(
        update(Menu)
        .where(col(Menu.id) == menu_id, col(Menu.status) == MenuStatus.DRAFT.value)
        .values(version=col(Menu.version) + 1)
        .returning(col(Menu.id))
        .execution_options(synchronize_session=False)
    ).first()
    if held is None:
        raise MenuAlreadyPublished(key="")


def _check_offered(sources: Iterable[SetMeal | Dish]) -> None:
    for source in sources:
        if source.retired_at is not None:
            raise DishRetired(key=source.key, name=source.name)


def _check_lines(lines: Sequence[PlannedLine], recommended: str | None) -> None:
    seen: set[tuple[str, str]] = set()
    for line in lines:
        if (line.kind, line.key) in seen:
            raise LineTwice(key=line.key)
        seen.add((line.kind, line.key))
        check_portions(line.portions)
        if line.price_fen is not None and line.price_fen <= 0:
            raise PriceNotPositive(name=line.key)
    if recommended is not None and recommended not in {key for _, key in seen}:
        raise DishUnknown(key=recommended)


def _empty(session: Session, menu_id: int) -> None:
    ids = select(col(MenuItem.id)).where(MenuItem.menu_id == menu_id)
    session.execute(delete(MenuItemPart).where(col(MenuItemPart.menu_item_id).in_(ids)))
    session.execute(delete(MenuItem).where(col(MenuItem.menu_id) == menu_id))


def _change(session: Session, item_id: int, price_fen: int, line: PlannedLine) -> None:
    if line.price_fen is not None and line.price_fen != price_fen:
        raise MenuAlreadyPublished(key=line.key)
    set_planned(session, item_id, line.portions)


def _add(
    session: Session,
    menu_id: int,
    added: Sequence[tuple[PlannedLine, SetMeal | Dish, int]],
    dishes: dict[str, Dish],
) -> dict[str, int]:
    """Insert new lines, each with its position; returns their ids by key."""
    rows = [
        _item(menu_id, line, source, [dishes[key] for key in line.parts], position=place)
        for line, source, place in added
    ]
    ids = session.execute(_INSERT_ITEM, rows).scalars().all()
    parts = [
        _part(item_id, place, dishes[key])
        for item_id, (line, _, _) in zip(ids, added, strict=True)
        for place, key in enumerate(line.parts)
    ]
    if parts:
        session.execute(_INSERT_PART, parts)
    return {line.key: item_id for item_id, (line, _, _) in zip(ids, added, strict=True)}


def _item(
    menu_id: int, line: PlannedLine, source: SetMeal | Dish, parts: list[Dish], *, position: int
) -> dict[str, object]:
    is_dish = isinstance(source, Dish)
    return {
        "menu_id": menu_id,
        "kind": line.kind,
        "dish_id": source.id if is_dish else None,
        "set_meal_id": None if is_dish else source.id,
        "name": source.name,
        "name_en": source.name_en,
        "course": source.course if isinstance(source, Dish) else "",
        "form": source.form if isinstance(source, Dish) else "tray",
        "colour": source.colour if isinstance(source, Dish) else "",
        "price_fen": line.price_fen or source.price_fen,
        "half_price_fen": _half(line, source) if isinstance(source, Dish) else None,
        "diet_tags": list(source.diet_tags) if isinstance(source, Dish) else set_tags(source.diet_tags, parts),
        "allergens": list(source.allergens) if isinstance(source, Dish) else set_allergens(parts),
        "planned_halves": line.portions * FULL,
        "left_halves": line.portions * FULL,
        "sold_out": False,
        "made_portions": 0,
        "position": position,
    }


def _half(line: PlannedLine, dish: Dish) -> int | None:
    if line.price_fen is None:
        return dish.half_price_fen
    half = dish.half_price_fen if line.half_price_fen is None else line.half_price_fen
    return half if half is None or half <= line.price_fen else None


def _part(item_id: int, position: int, dish: Dish) -> dict[str, object]:
    return {
        "menu_item_id": item_id,
        "position": position,
        "dish_id": dish.id,
        "name": dish.name,
        "name_en": dish.name_en,
        "form": dish.form,
        "colour": dish.colour,
        "course": dish.course,
        "diet_tags": list(dish.diet_tags),
    }


def _id(row: Menu | MenuItem) -> int:
    if row.id is None:
        raise AssertionError("flushed rows have an id")
    return row.id
