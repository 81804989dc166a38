"""The four-week menu cycle: which sets and dishes a demo canteen plans on a date.

The whole cycle of a canteen is worked out once, day by day, taking the dish that was served longest ago; so it is
the same on every machine and repeats every 28 days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from zlib import crc32

from canteen.demo.catalogue import (
    WHOLE_MEAL_FORMS,
    Dish,
    SetMeal,
    Slot,
    Week,
    dishes,
    fixed_sets,
    set_meals,
    weeks,
)

CYCLE_DAYS = 28
FIRST_MONDAY = date(2026, 11, 23)
"""Day 1 of a cycle; every 28 days before and after it is day 1 again."""
COURSES = ("meat", "half_meat", "veg", "cold", "staple", "soup", "drink")
MEALS = ("lunch", "dinner", "breakfast")
"""Worked out in this order: lunch has first choice of the day's dishes."""
MOST_DISHES = 14
"""Single dishes a meal sells at most; a dish beyond that is only served in its set."""


@dataclass(frozen=True, slots=True)
class PlannedDish:
    """A dish sold by itself, with the portions cooked for that."""

    dish_key: str
    portions: int


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """A set with its dishes of the day; its portions are counted apart from the single dishes."""

    set_key: str
    portions: int
    parts: tuple[str, ...]

    @property
    def allergens(self) -> frozenset[str]:
        """The union over the parts."""
        return frozenset(allergen for part in self.parts for allergen in dishes()[part].allergens)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One canteen, one day, one meal period."""

    items: tuple[PlannedDish, ...]
    sets: tuple[PlannedSet, ...]
    recommended: str


def plan(canteen: str, day: date, meal: str) -> DayPlan:
    """The plan of any date, past or future.

    Raises: KeyError for a canteen or a meal period without a weekly pattern.
    """
    weeks()[canteen, meal]
    return _cycle(canteen)[cycle_day(day) - 1, meal]


def cycle_day(day: date) -> int:
    """1 (a Monday) to 28 (a Sunday)."""
    return (day - FIRST_MONDAY).days % CYCLE_DAYS + 1


@dataclass(slots=True)
class _Kitchen:
    """When each dish was last cooked (day of the cycle from 0), while the cycle is worked out."""

    canteen: str
    last_served: dict[str, int] = field(default_factory=dict)

    def best(self, candidates: Iterable[Dish]) -> Dish | None:
        """The dish that waited longest, so none of today's while another fits; ties fall by a fixed shuffle."""
        return min(candidates, key=self._turn, default=None)

    def _turn(self, dish: Dish) -> tuple[int, int]:
        shuffle = crc32(f"{self.canteen}/{dish.key}".encode())
        return self.last_served.get(dish.key, -1), shuffle


@cache
def _cycle(canteen: str) -> dict[tuple[int, str], DayPlan]:
    kitchen = _Kitchen(canteen)
    plans: dict[tuple[int, str], DayPlan] = {}
    for index in range(CYCLE_DAYS):
        for meal in MEALS:
            day_plan, cooked = _plan_meal(kitchen, weeks()[canteen, meal], index)
            plans[index, meal] = day_plan
            kitchen.last_served.update(dict.fromkeys(cooked, index))
    return plans


def _plan_meal(kitchen: _Kitchen, week: Week, index: int) -> tuple[DayPlan, list[str]]:
    cooked: list[str] = []
    planned: list[PlannedSet] = []
    for position, key in enumerate(week.set_keys(index % 7)):
        parts = _fixed_parts(week, index, key) or _fill(kitchen, week, set_meals()[key], cooked)
        cooked.extend(part for part in parts if part not in cooked)
        planned.append(PlannedSet(key, week.set_portions[min(position, 1)], parts))
    _add_single_dishes(kitchen, week, cooked)
    sold = sorted(cooked[:MOST_DISHES], key=lambda key: COURSES.index(dishes()[key].course))
    items = tuple(PlannedDish(key, week.dish_portions.get(dishes()[key].course, 20)) for key in sold)
    return DayPlan(items, tuple(planned), week.daily[0]), cooked


def _fixed_parts(week: Week, index: int, key: str) -> tuple[str, ...]:
    place = (week.canteen, index + 1, week.meal, key)
    return next(
        (fixed.parts for fixed in fixed_sets() if (fixed.canteen, fixed.day, fixed.meal, fixed.set) == place), ()
    )


def _fill(kitchen: _Kitchen, week: Week, kind: SetMeal, cooked: list[str]) -> tuple[str, ...]:
    parts: list[str] = []
    for slot in kind.places:
        parts.append(_choose(kitchen, week, kind, slot, cooked=cooked, parts=parts))
    return tuple(parts)


def _choose(kitchen: _Kitchen, week: Week, kind: SetMeal, slot: Slot, *, cooked: list[str], parts: list[str]) -> str:
    """A dish already in the pot when the meal has enough of that course, else the one whose turn it is.

    Raises: LookupError when no dish of the catalogue fits: a mistake in the data, found by the tests.
    """
    fitting = [
        dish
        for dish in dishes().values()
        if week.meal in dish.meals and slot.takes(dish) and kind.allows(dish) and dish.key not in parts
    ]
    in_pot = [dish for dish in fitting if dish.key in cooked]
    enough = sum(week.dishes.get(course, 1) for course in slot.courses)
    have = sum(dishes()[key].course in slot.courses for key in cooked + parts)
    if in_pot and (have >= enough or len({*cooked, *parts}) >= MOST_DISHES):
        # The dish cooked last belongs to the previous set: two sets side by side then differ most.
        return in_pot[len(parts) % len(in_pot)].key
    chosen = kitchen.best([dish for dish in fitting if dish.key not in cooked] or fitting)
    if chosen is None:
        raise LookupError(f"no dish of {slot.courses} {slot.forms} fits {kind.key} at {week.meal}")
    return chosen.key


def _add_single_dishes(kitchen: _Kitchen, week: Week, cooked: list[str]) -> None:
    for course, least in week.dishes.items():
        while len(cooked) < MOST_DISHES and sum(dishes()[key].course == course for key in cooked) < least:
            fitting = (
                dish
                for dish in dishes().values()
                if dish.course == course and week.meal in dish.meals and dish.key not in cooked
            )
            chosen = kitchen.best(dish for dish in fitting if dish.form not in WHOLE_MEAL_FORMS)
            if chosen is None:
                break
            cooked.append(chosen.key)
