"""The kitchen's book: its dishes and kinds of set meal, each with its photo, where it is planned, what it cost before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlmodel import Session, col

from canteen.readmodels.audit_page import names_of
from menus.diet import COURSES
from menus.food import Food, FoodKind, planned_on, row_of
from menus.models import Dish, FoodPhoto, FoodPrice, MenuStatus, SetMeal

PAGE = 24


@dataclass(frozen=True, slots=True)
class FoodLine:
    """One dish or set meal in a list. Prices in fen; `slots` are the courses of a set meal."""

    id: int
    kind: FoodKind
    key: str
    name: str
    name_en: str
    course: str
    form: str
    colour: str
    price_fen: int
    half_price_fen: int | None
    diet_tags: tuple[str, ...]
    allergens: tuple[str, ...]
    ingredients: str
    slots: tuple[str, ...]
    is_retired: bool
    photo_id: str | None
    photo_on: date | None


@dataclass(frozen=True, slots=True)
class FoodFilter:
    """`course` empty: all; `text` anywhere in the name or the ingredients."""

    text: str = ""
    course: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FoodList:
    """One page of the book; `page` from 1."""

    lines: tuple[FoodLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One change of price, in fen. `from_fen` None: it came into the book with `to_fen`."""

    at: datetime
    by: str
    from_fen: int | None
    to_fen: int
    from_half_fen: int | None
    to_half_fen: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FoodPage:
    """One dish or set meal: `drafts` and `published` count the menus not over that hold it."""

    food: FoodLine
    drafts: int
    published: int
    prices: tuple[PriceLine, ...]


def dish_list(session: Session, kitchen_id: str, wanted: FoodFilter, page: int = 1) -> FoodList:
    """A page of dishes, by course and name."""
    order = (_course_order(), col(Dish.name), col(Dish.id))
    conditions = _conditions(Dish, kitchen_id, wanted)
    if wanted.course:
        conditions.append(col(Dish.course) == wanted.course)
    total = session.execute(select(func.count()).select_from(Dish).where(*conditions)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = session.execute(_dishes().where(*conditions).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()
    return FoodList(tuple(_dish(*row) for row in rows), total, page, pages)


def all_dishes(session: Session, kitchen_id: str) -> tuple[FoodLine, ...]:
    """Everything still offered, for choosing and for tables."""
    conditions = _conditions(Dish, kitchen_id, FoodFilter())
    rows = session.execute(_dishes().where(*conditions).order_by(_course_order(), col(Dish.name), col(Dish.id))).all()
    return tuple(_dish(*row) for row in rows)


def set_list(session: Session, kitchen_id: str, wanted: FoodFilter) -> FoodList:
    """Every kind of set meal: there are few."""
    conditions = _conditions(SetMeal, kitchen_id, wanted)
    rows = session.execute(_sets().where(*conditions).order_by(col(SetMeal.name), col(SetMeal.id))).all()
    return FoodList(tuple(_set(*row) for row in rows), len(rows), 1, 1)


def food_page(session: Session, food: Food) -> FoodPage:
    """One of them, retired or not.

    Raises:
        menus.errors.DishUnknown: this kitchen has no such row.
    """
    row_of(session, food)
    if food.kind == "dish":
        line = _dish(*session.execute(_dishes().where(col(Dish.id) == food.id)).one())
    else:
        line = _set(*session.execute(_sets().where(col(SetMeal.id) == food.id)).one())
    planned = planned_on(session, food)
    return FoodPage(
        line,
        planned.get(MenuStatus.DRAFT, 0),
        planned.get(MenuStatus.PUBLISHED, 0),
        _prices(session, food),
    )


def _prices(session: Session, food: Food) -> tuple[PriceLine, ...]:
    of = col(FoodPrice.dish_id) if food.kind == "dish" else col(FoodPrice.set_meal_id)
    rows = session.execute(
        select(FoodPrice).where(of == food.id).order_by(col(FoodPrice.at).desc(), col(FoodPrice.id).desc())
    ).scalars()
    found = list(rows)
    names = names_of(session, {row.by for row in found})
    return tuple(
        PriceLine(
            row.at,
            names.get(row.by, row.by),
            row.from_fen,
            row.to_fen,
            row.from_half_fen,
            row.to_half_fen,
            row.reason,
        )
        for row in found
    )


def _conditions(table: type[Dish] | type[SetMeal], kitchen_id: str, wanted: FoodFilter) -> list[ColumnElement[bool]]:
    retired = col(table.retired_at)
    found: list[ColumnElement[bool]] = [
        col(table.kitchen_id) == kitchen_id,
        retired.is_not(None) if wanted.retired else retired.is_(None),
    ]
    if wanted.text:
        fields: list[Any] = [col(table.name), col(table.name_en)]
        if table is Dish:
            fields.append(col(Dish.ingredients))
        found.append(or_(*(field.icontains(wanted.text, autoescape=True) for field in fields)))
    return found


def _course_order() -> ColumnElement[int]:
    return case({course: place for place, course in enumerate(COURSES)}, value=col(Dish.course), else_=len(COURSES))


def _dishes() -> Select[Dish, str | None, date | None]:
    return select(Dish, col(FoodPhoto.id), col(FoodPhoto.taken_on)).outerjoin(
        FoodPhoto, col(FoodPhoto.dish_id) == col(Dish.id)
    )


def _sets() -> Select[SetMeal, str | None, date | None]:
    return select(SetMeal, col(FoodPhoto.id), col(FoodPhoto.taken_on)).outerjoin(
        FoodPhoto, col(FoodPhoto.set_meal_id) == col(SetMeal.id)
    )


def _dish(row: Dish, photo_id: str | None, photo_on: date | None) -> FoodLine:
    return FoodLine(
        row.id or 0,
        "dish",
        row.key,
        row.name,
        row.name_en,
        row.course,
        row.form,
        row.colour,
        row.price_fen,
        row.half_price_fen,
        tuple(row.diet_tags),
        tuple(row.allergens),
        row.ingredients,
        (),
        row.retired_at is not None,
        photo_id,
        photo_on,
    )


def _set(row: SetMeal, photo_id: str | None, photo_on: date | None) -> FoodLine:
    return FoodLine(
        row.id or 0,
        "set",
        row.key,
        row.name,
        row.name_en,
        "",
        "tray",
        "",
        row.price_fen,
        None,
        tuple(row.diet_tags),
        (),
        "",
        tuple(row.slots),
        row.retired_at is not None,
        photo_id,
        photo_on,
    )
