"""Reads the demo catalogue: dishes, kinds of set meal, the weekly pattern, known residents and name lists.

Files are read at the first call, never at import; a misspelt key or a wrong type raises `msgspec.ValidationError`.
"""

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")

WHOLE_MEAL_FORMS = frozenset({"dumplings", "noodles"})
"""Forms that are a meal by themselves: a plain staple slot never takes one."""


class Dish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dish of the demo; prices in fen for a full and a half portion."""

    key: str
    name: str
    name_en: str
    course: str
    form: str
    """Which archetype picture stands for it (示意图)."""
    colour: str
    """Main ingredient, which colours that picture."""
    price_fen: int
    half_price_fen: int | None = None
    meals: tuple[str, ...]
    diet_tags: tuple[str, ...]
    allergens: tuple[str, ...]
    ingredients: str


class Slot(msgspec.Struct, frozen=True):
    """One place on the tray: the courses that may fill it, and the forms when only some may."""

    courses: tuple[str, ...]
    forms: tuple[str, ...]

    def takes(self, dish: Dish) -> bool:
        if dish.course not in self.courses:
            return False
        return dish.form in self.forms if self.forms else dish.form not in WHOLE_MEAL_FORMS


class SetMeal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of set meal; the dishes behind it change by day, the price in fen does not."""

    key: str
    name: str
    name_en: str
    price_fen: int
    meals: tuple[str, ...]
    canteens: tuple[str, ...]
    diet_tags: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def places(self) -> tuple[Slot, ...]:
        return tuple(_slot(text) for text in self.slots)

    @property
    def courses(self) -> tuple[str, ...]:
        """One course a slot: what a kitchen writes down about the kind."""
        return tuple(place.courses[0] for place in self.places)

    def allows(self, dish: Dish) -> bool:
        """Whether the dish carries every diet tag this kind promises."""
        return set(self.diet_tags) <= set(dish.diet_tags)


class Week(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one canteen plans for one meal period, Monday to Sunday."""

    canteen: str
    meal: str
    daily: tuple[str, ...]
    by_weekday: tuple[str, str, str, str, str, str, str]
    dishes: dict[str, int]
    set_portions: tuple[int, int]
    dish_portions: dict[str, int]

    def set_keys(self, weekday: int) -> tuple[str, ...]:
        """Kinds planned on `weekday` (0 is Monday), the recommended one first."""
        extra = self.by_weekday[weekday]
        return (*self.daily, extra) if extra else self.daily


class FixedSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parts of one set on one day of the cycle (1 to 28), written down instead of rotated."""

    canteen: str
    day: int
    meal: str
    set: str
    parts: tuple[str, ...]


class _DishFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dishes: tuple[Dish, ...]


class _SetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sets: tuple[SetMeal, ...]


class _WeekFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weeks: tuple[Week, ...]
    fixed: tuple[FixedSet, ...]


@cache
def dishes() -> dict[str, Dish]:
    """Every dish by key, in the order of the file: by course, then as a cook would list them."""
    return {dish.key: dish for dish in read("dishes.toml", _DishFile).dishes}


@cache
def set_meals() -> dict[str, SetMeal]:
    """Every kind of set meal by key."""
    return {kind.key: kind for kind in read("sets.toml", _SetFile).sets}


@cache
def weeks() -> dict[tuple[str, str], Week]:
    """The weekly pattern by (canteen, meal)."""
    return {(week.canteen, week.meal): week for week in read("week.toml", _WeekFile).weeks}


@cache
def fixed_sets() -> tuple[FixedSet, ...]:
    return read("week.toml", _WeekFile).fixed


def read(name: str, shape: type[T]) -> T:
    """Decode one TOML file of this folder.

    Raises: msgspec.ValidationError when the file does not have the shape.
    """
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=shape)


def _slot(text: str) -> Slot:
    courses, _, forms = text.partition("/")
    return Slot(tuple(courses.split("|")), tuple(forms.split("|")) if forms else ())
