"""What does a canteen serve at one meal? For kiosk, phone, window and programs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, bindparam, func, select
from sqlmodel import Session, SQLModel

from canteen.sites import hours, places
from canteen.sites.places import CanteenView
from menus.models import Dish, FoodPhoto, Menu, MenuItem, MenuItemPart, MenuStatus, SetMeal
from menus.portions import FULL
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class MenuPart:
    """A dish inside a set meal today."""

    name: str
    name_en: str
    course: str
    form: str
    colour: str
    diet_tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line for sale. `left`, `planned` and `made` are whole portions; `allergens` of a set are those of its dishes.

    `sold_out` is what everybody sees; `off_sale` says that somebody took the line off by hand.
    """

    id: int
    kind: Literal["dish", "set"]
    key: str
    name: str
    name_en: str
    course: str
    form: str
    colour: str
    price_fen: int
    half_price_fen: int | None
    left: int
    left_halves: int
    planned: int
    made: int
    sold_out: bool
    off_sale: bool
    diet_tags: tuple[str, ...]
    allergens: tuple[str, ...]
    parts: tuple[MenuPart, ...]
    photo_id: str | None = None
    """The kitchen's own photo, and the day it was put up; without one the drawing stands for it."""
    photo_on: date | None = None


@dataclass(frozen=True, slots=True)
class DayMenu:
    """A menu with the hours it is served in. `status` None: nobody has planned one. Instants are aware UTC."""

    canteen: CanteenView
    day: date
    meal: MealPeriod
    id: int | None
    status: MenuStatus | None
    items: tuple[MenuLine, ...]
    recommended_id: int | None
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime
    version: int

    @property
    def sets(self) -> tuple[MenuLine, ...]:
        """The set meals, in the manager's order."""
        return tuple(item for item in self.items if item.kind == "set")

    @property
    def dishes(self) -> tuple[MenuLine, ...]:
        """The single dishes, in the manager's order."""
        return tuple(item for item in self.items if item.kind == "dish")

    def item(self, item_id: int | None) -> MenuLine | None:
        """The line with this id, if it is on the menu."""
        return next((item for item in self.items if item.id == item_id), None)


# Tables, not classes: what is asked for every order skips the object layer.
_M = SQLModel.metadata.tables[str(Menu.__tablename__)]
_I = SQLModel.metadata.tables[str(MenuItem.__tablename__)]
_D = SQLModel.metadata.tables[str(Dish.__tablename__)]
_S = SQLModel.metadata.tables[str(SetMeal.__tablename__)]
_P = SQLModel.metadata.tables[str(MenuItemPart.__tablename__)]
_F = SQLModel.metadata.tables[str(FoodPhoto.__tablename__)]
_OF_SET = _F.alias("set_photo")
_MENU = select(_M.c.id, _M.c.status, _M.c.recommended_item_id, _M.c.version).where(
    _M.c.kitchen_id == bindparam("kitchen"), _M.c.day == bindparam("day"), _M.c.meal == bindparam("meal")
)
_ITEMS: Select[Any] = (
    select(
        *_I.c,
        _D.c.key.label("dish_key"),
        _S.c.key.label("set_key"),
        func.coalesce(_F.c.id, _OF_SET.c.id).label("photo_id"),
        func.coalesce(_F.c.taken_on, _OF_SET.c.taken_on).label("photo_on"),
    )
    .outerjoin(_D, _D.c.id == _I.c.dish_id)
    .outerjoin(_S, _S.c.id == _I.c.set_meal_id)
    .outerjoin(_F, _F.c.dish_id == _I.c.dish_id)
    .outerjoin(_OF_SET, _OF_SET.c.set_meal_id == _I.c.set_meal_id)
    .where(_I.c.menu_id == bindparam("menu"))
    .order_by(_I.c.position, _I.c.id)
)
_PARTS: Select[Any] = (
    select(*_P.c)
    .join(_I, _I.c.id == _P.c.menu_item_id)
    .where(_I.c.menu_id == bindparam("menu"))
    .order_by(_P.c.menu_item_id, _P.c.position)
)


def day_menu(session: Session, canteen_id: str, day: date, meal: str, *, with_draft: bool = False) -> DayMenu:
    """The menu of one meal; a draft has no lines unless `with_draft` (the manager's page).

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
        sites.errors.CanteenShut, MealNotServed: nothing is served then.
    """
    canteen = places.canteen(session, canteen_id)
    served = hours.meal_hours(session, canteen_id, day, meal)
    head = session.execute(_MENU, {"kitchen": canteen.kitchen_id, "day": day, "meal": meal}).first()
    menu_id, status, recommended_id, version = head or (None, None, None, 0)
    hidden = status == MenuStatus.DRAFT and not with_draft
    return DayMenu(
        canteen=canteen,
        day=day,
        meal=served.meal,
        id=menu_id,
        status=None if status is None else MenuStatus(status),
        items=() if menu_id is None or hidden else _lines(session, menu_id),
        recommended_id=recommended_id,
        opens_at=served.opens_at,
        closes_at=served.closes_at,
        phone_cutoff_at=served.phone_cutoff_at,
        version=version,
    )


def menu_now(session: Session, canteen_id: str, now: datetime, *, by_phone: bool = False) -> DayMenu:
    """The menu being served, or of the next meal to come; `by_phone` the next that a phone may still order.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
        sites.errors.NoMealAhead: it has no hours.
    """
    at = hours.current_or_next_meal(session, canteen_id, now, by_phone=by_phone)
    return day_menu(session, canteen_id, at.day, at.meal)


def menu_for_program(session: Session, canteen_id: str, day: date | None, meal: str | None, now: datetime) -> DayMenu:
    """The menu of `day` and `meal`; what is left out is taken from the current or next meal.

    Raises as `day_menu` and `menu_now` do.
    """
    if day is not None and meal is not None:
        return day_menu(session, canteen_id, day, meal)
    places.canteen(session, canteen_id)
    at = hours.current_or_next_meal(session, canteen_id, now)
    if meal is None and day is not None and day != at.day:
        meals = hours.serving(session, canteen_id, day)
        meal = meals[0].meal if meals else at.meal
    return day_menu(session, canteen_id, day or at.day, meal or at.meal)


def _lines(session: Session, menu_id: int) -> tuple[MenuLine, ...]:
    parts: dict[int, list[MenuPart]] = {}
    for row in session.execute(_PARTS, {"menu": menu_id}):
        part = MenuPart(row.name, row.name_en, row.course, row.form, row.colour, tuple(row.diet_tags))
        parts.setdefault(row.menu_item_id, []).append(part)
    return tuple(_line(row, tuple(parts.get(row.id, ()))) for row in session.execute(_ITEMS, {"menu": menu_id}))


def _line(row: Row[Any], parts: tuple[MenuPart, ...]) -> MenuLine:
    smallest = FULL if row.half_price_fen is None else 1
    return MenuLine(
        id=row.id,
        kind=row.kind,
        key=row.dish_key or row.set_key,
        name=row.name,
        name_en=row.name_en,
        course=row.course,
        form=row.form,
        colour=row.colour,
        price_fen=row.price_fen,
        half_price_fen=row.half_price_fen,
        left=0 if row.sold_out else row.left_halves // FULL,
        left_halves=row.left_halves,
        planned=row.planned_halves // FULL,
        made=row.made_portions,
        sold_out=row.sold_out or row.left_halves < smallest,
        off_sale=row.sold_out,
        diet_tags=tuple(row.diet_tags),
        allergens=tuple(row.allergens),
        parts=parts,
        photo_id=row.photo_id,
        photo_on=row.photo_on,
    )
