"""Questions about a day's menu, answered in one or two Core statements: orders wait for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, SQLModel, col

from menus.errors import MenuClosed, MenuNotPublished, NotOnMenu
from menus.food import FoodKind
from menus.models import Menu, MenuItem, MenuStatus


@dataclass(frozen=True, slots=True)
class ItemForOrder:
    """One line of a published menu as an order sees it. `allergens` of a set meal are those of all its dishes."""

    id: int
    menu_id: int
    kind: FoodKind
    set_meal_id: int | None
    name: str
    name_en: str
    course: str
    price_fen: int
    half_price_fen: int | None
    diet_tags: tuple[str, ...]
    allergens: tuple[str, ...]
    left_halves: int
    sold_out: bool


@dataclass(frozen=True, slots=True)
class MenuHead:
    """A menu without its lines. `dearest_set_fen` is None when it offers no set meal."""

    id: int
    status: MenuStatus
    recommended_item_id: int | None
    dearest_set_fen: int | None
    version: int


@dataclass(frozen=True, slots=True)
class MenuForOrder:
    """What an order needs of a menu: `items` are the lines asked for, by id; fen."""

    id: int
    dearest_set_fen: int | None
    items: dict[int, ItemForOrder]


# Tables, not classes: what is asked for every order skips the object layer.
_MENU = SQLModel.metadata.tables[str(Menu.__tablename__)]
_ITEM = SQLModel.metadata.tables[str(MenuItem.__tablename__)]
_AT = (
    _MENU.c.kitchen_id == bindparam("kitchen"),
    _MENU.c.day == bindparam("day"),
    _MENU.c.meal == bindparam("meal"),
)
_SET = _ITEM.alias("set_meal_item")
_DEAREST = (
    select(func.max(_SET.c.price_fen)).where(_SET.c.menu_id == _MENU.c.id, _SET.c.kind == "set").scalar_subquery()
)
# Built once: on the path of every order.
_HEAD = select(
    _MENU.c.id,
    _MENU.c.status,
    _MENU.c.recommended_item_id,
    _DEAREST,
    _MENU.c.version,
).where(*_AT)
_LINE = (
    select(
        _ITEM.c.id,
        _ITEM.c.menu_id,
        _ITEM.c.kind,
        _ITEM.c.set_meal_id,
        _ITEM.c.name,
        _ITEM.c.name_en,
        _ITEM.c.course,
        _ITEM.c.price_fen,
        _ITEM.c.half_price_fen,
        _ITEM.c.diet_tags,
        _ITEM.c.allergens,
        _ITEM.c.left_halves,
        _ITEM.c.sold_out,
        _MENU.c.status,
        _DEAREST.label("dearest_set_fen"),
    )
    .join(_MENU, _MENU.c.id == _ITEM.c.menu_id)
    .where(*_AT, _ITEM.c.id == bindparam("item"))
)


def menu_head(session: Session, kitchen_id: str, day: date, meal: str) -> MenuHead | None:
    """The menu of one kitchen, day and meal; None when nobody has planned one."""
    row = session.execute(_HEAD, {"kitchen": kitchen_id, "day": day, "meal": meal}).first()
    if row is None:
        return None
    menu_id, status, recommended, dearest_fen, version = row
    return MenuHead(menu_id, MenuStatus(status), recommended, dearest_fen, version)


def menu_for_order(
    session: Session, kitchen_id: str, day: date, meal: str, item_ids: Collection[int], *, closed_too: bool = False
) -> MenuForOrder:
    """The menu with the lines asked for; `closed_too` for meals that were eaten and are written down afterwards.

    Raises:
        MenuNotPublished: no menu, or still a draft.
        MenuClosed: the meal is over.
        NotOnMenu: one of the ids is not on this menu.
    """
    at = {"kitchen": kitchen_id, "day": day, "meal": meal}
    # one by one: an order has few lines, and a list of unknown length would have to be compiled each time
    asked = (session.execute(_LINE, {**at, "item": item_id}).first() for item_id in item_ids)
    rows = [row for row in asked if row is not None]
    if rows:
        if not (closed_too and rows[0].status == MenuStatus.CLOSED):
            check_open(MenuStatus(rows[0].status))
    else:
        head = menu_head(session, kitchen_id, day, meal)
        check_open(head.status if head else MenuStatus.DRAFT)
    found = {row[0]: _item(row) for row in rows}
    for item_id in item_ids:
        if item_id not in found:
            raise NotOnMenu(item_id)
    return MenuForOrder(rows[0].menu_id, rows[0].dearest_set_fen, found)


def _item(row: Sequence[Any]) -> ItemForOrder:
    item_id, menu_id, kind, set_meal_id, name, name_en, course, price, half, tags, allergens, left, sold_out = row[:13]
    return ItemForOrder(
        item_id,
        menu_id,
        kind,
        set_meal_id,
        name,
        name_en,
        course,
        price,
        half,
        tuple(tags),
        tuple(allergens),
        left,
        sold_out,
    )


def check_open(status: MenuStatus) -> None:
    """Raises: MenuNotPublished, MenuClosed."""
    if status is MenuStatus.DRAFT:
        raise MenuNotPublished
    if status is MenuStatus.CLOSED:
        raise MenuClosed


def item_kitchen(session: Session, item_id: int) -> tuple[str, MenuStatus, str]:
    """Kitchen, menu status and name of one line.

    Raises:
        NotOnMenu: there is no such line.
    """
    row = session.execute(
        select(col(Menu.kitchen_id), col(Menu.status), col(MenuItem.name))
        .join(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(col(MenuItem.id) == item_id)
    ).first()
    if row is None:
        raise NotOnMenu(item_id)
    return row[0], MenuStatus(row[1]), row[2]
