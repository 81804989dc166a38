"""The dishes and kinds of set meal a kitchen can put on a menu."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from menus.diet import ALLERGENS, COURSES, DIET_TAGS
from menus.errors import DishRefused, DishUnknown
from menus.food import Food, PriceNote, note_price
from menus.models import Dish, SetMeal

MOST_FEN = 100_000
"""No dish of a community canteen costs more than 1,000 yuan: a slip of the finger."""


@dataclass(frozen=True, slots=True)
class DishSpec:
    """A dish as the manager describes it. `form` is the shape of its picture."""

    key: str
    name: str
    course: str
    price_fen: int
    form: str
    name_en: str = ""
    colour: str = ""
    half_price_fen: int | None = None
    diet_tags: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    ingredients: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class SetMealSpec:
    """A kind of set meal. `slots` are the courses in it."""

    key: str
    name: str
    price_fen: int
    name_en: str = ""
    diet_tags: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    is_demo: bool = False


def put_dish(session: Session, kitchen_id: str, spec: DishSpec, *, note: PriceNote | None = None) -> int:
    """Add the dish, or change the one with the same key; menus already planned keep what they say.

    With a `note` a change of price goes into its history.

    Raises:
        DishRefused: a field nobody could sell by.
    """
    _check(spec.name, spec.price_fen, spec.diet_tags)
    if spec.course not in COURSES:
        raise DishRefused(field="course")
    if any(key not in ALLERGENS for key in spec.allergens):
        raise DishRefused(field="allergens")
    if spec.half_price_fen is not None and not 0 < spec.half_price_fen <= spec.price_fen:
        raise DishRefused(field="half_price_fen")
    row = session.exec(select(Dish).where(Dish.kitchen_id == kitchen_id, Dish.key == spec.key)).first()
    before = None if row is None else (row.price_fen, row.half_price_fen)
    if row is None:
        row = Dish(kitchen_id=kitchen_id, key=spec.key, name=spec.name, course=spec.course, form=spec.form, price_fen=0)
        session.add(row)
    row.name, row.name_en, row.course, row.form, row.colour = (
        spec.name,
        spec.name_en,
        spec.course,
        spec.form,
        spec.colour,
    )
    row.price_fen, row.half_price_fen = spec.price_fen, spec.half_price_fen
    row.diet_tags, row.allergens = list(spec.diet_tags), list(spec.allergens)
    row.ingredients, row.is_demo, row.retired_at = spec.ingredients, spec.is_demo, None
    session.flush()
    dish_id = _id(row.id)
    if note is not None:
        after = (spec.price_fen, spec.half_price_fen)
        note_price(session, Food(kitchen_id, "dish", dish_id), note, before=before, after=after)
    return dish_id


def put_set_meal(session: Session, kitchen_id: str, spec: SetMealSpec, *, note: PriceNote | None = None) -> int:
    """Add the kind of set meal, or change the one with the same key; `note` as for dishes.

    Raises:
        DishRefused: a field nobody could sell by.
    """
    _check(spec.name, spec.price_fen, spec.diet_tags)
    if any(slot not in COURSES for slot in spec.slots):
        raise DishRefused(field="slots")
    row = session.exec(select(SetMeal).where(SetMeal.kitchen_id == kitchen_id, SetMeal.key == spec.key)).first()
    before = None if row is None else (row.price_fen, None)
    if row is None:
        row = SetMeal(kitchen_id=kitchen_id, key=spec.key, name=spec.name, price_fen=0)
        session.add(row)
    row.name, row.name_en, row.price_fen = spec.name, spec.name_en, spec.price_fen
    row.diet_tags, row.slots = list(spec.diet_tags), list(spec.slots)
    row.is_demo, row.retired_at = spec.is_demo, None
    session.flush()
    set_id = _id(row.id)
    if note is not None:
        note_price(session, Food(kitchen_id, "set", set_id), note, before=before, after=(spec.price_fen, None))
    return set_id


def dishes_by_key(session: Session, kitchen_id: str, keys: Iterable[str]) -> dict[str, Dish]:
    """The dishes by key, retired or not.

    Raises:
        DishUnknown: one of the keys is none of this kitchen's.
    """
    wanted = set(keys)
    rows = session.exec(select(Dish).where(Dish.kitchen_id == kitchen_id, col(Dish.key).in_(wanted))).all()
    found = {row.key: row for row in rows}
    _check_all(wanted, found)
    return found


def set_meals_by_key(session: Session, kitchen_id: str, keys: Iterable[str]) -> dict[str, SetMeal]:
    """The kinds of set meal by key, retired or not.

    Raises:
        DishUnknown: one of the keys is none of this kitchen's.
    """
    wanted = set(keys)
    rows = session.exec(select(SetMeal).where(SetMeal.kitchen_id == kitchen_id, col(SetMeal.key).in_(wanted))).all()
    found = {row.key: row for row in rows}
    _check_all(wanted, found)
    return found


def _check(name: str, price_fen: int, diet_tags: tuple[str, ...]) -> None:
    if not name.strip() or len(name) > 40:
        raise DishRefused(field="name")
    if not 0 < price_fen <= MOST_FEN:
        raise DishRefused(field="price_fen")
    if any(key not in DIET_TAGS for key in diet_tags):
        raise DishRefused(field="diet_tags")


def _check_all(wanted: set[str], found: dict[str, Dish] | dict[str, SetMeal]) -> None:
    for key in sorted(wanted):
        if key not in found:
            raise DishUnknown(key=key)


def _id(value: int | None) -> int:
    if value is None:
        raise AssertionError("flushed rows have an id")
    return value
