"""What would this person like without choosing? The kind of set meal they collected most, as it is today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from canteen.orders.models import MealOrder, OrderLine
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.readmodels.day_menu import DayMenu, MenuLine
from menus.diet import Clash, clashes, fit
from menus.models import SetMeal

LAST_MEALS = 20
"""How far back the habit is read, in collected meals of this period."""
FEWEST_MEALS = 3
"""Fewer collected meals are no habit yet."""

FIRM = frozenset({"halal"})
"""Instructions that nobody wants to be tempted away from."""

# Tables, not classes: what is asked for every order skips the object layer.
_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)]
_L = SQLModel.metadata.tables[str(OrderLine.__tablename__)]
_S = SQLModel.metadata.tables[str(SetMeal.__tablename__)]
_LATEST = (
    select(_O.c.id, _O.c.day)
    .where(
        _O.c.resident_id == bindparam("resident"),
        _O.c.meal == bindparam("meal"),
        _O.c.status == "collected",
    )
    .order_by(_O.c.day.desc(), _O.c.placed_at.desc())
    .limit(LAST_MEALS)
)
_KINDS = (
    select(_L.c.order_id, _S.c.key)
    .join(_S, _S.c.id == _L.c.set_meal_id)
    .where(_L.c.order_id.in_(bindparam("orders", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class UsualMeal:
    """What K1 offers first. "replaced": the usual one is sold out, named by `replaced_name`.

    `clashes`: instructions it does not meet, because no set meal meets them all; the page tells them before ordering.
    """

    item: MenuLine
    title_key: Literal["usual", "recommended", "replaced"]
    replaced_name: str | None = None
    replaced_name_en: str | None = None
    clashes: tuple[Clash, ...] = ()


def usual_meal(
    session: Session, menu: DayMenu, resident_id: str | None, notes: DietNotes = NOTHING
) -> UsualMeal | None:
    """The usual meal of a resident, or today's recommendation (for a guest too).

    Never one with an allergen to avoid, never one that is not 清真 for those who asked for it. Where no set meal meets
    every other instruction, the best of them comes with its `clashes`. None when nothing is left: the page then opens
    the menu.
    """
    suited = [item for item in menu.sets if not clashes([item], notes.allergies, notes.instructions)]
    favourite = _favourite(_habit(session, resident_id, menu.meal), suited)
    on_sale = [item for item in suited if not item.sold_out]
    if favourite is None:
        best = max(on_sale, key=lambda item: _recommendation(item, menu, notes.instructions), default=None)
        return _second_best(menu, notes) if best is None else UsualMeal(best, "recommended")
    if not favourite.sold_out:
        return UsualMeal(favourite, "usual")
    nearest = max(on_sale, key=lambda item: _nearness(item, favourite, notes.instructions), default=None)
    if nearest is None:
        return _second_best(menu, notes)
    return UsualMeal(nearest, "replaced", favourite.name, favourite.name_en)


def _habit(session: Session, resident_id: str | None, meal: str) -> tuple[str, ...]:
    """Kinds of set meal, most collected first, ties by the latest; empty when there is no habit yet."""
    if resident_id is None:
        return ()
    latest = [row[0] for row in session.execute(_LATEST, {"resident": resident_id, "meal": meal})]
    if len(latest) < FEWEST_MEALS:
        return ()
    recency = {order_id: place for place, order_id in enumerate(latest)}
    meals: dict[str, set[int]] = {}
    for order_id, key in session.execute(_KINDS, {"orders": latest}):
        meals.setdefault(key, set()).add(recency[order_id])
    return tuple(sorted(meals, key=lambda key: (-len(meals[key]), min(meals[key]))))


def _favourite(habit: Sequence[str], suited: Sequence[MenuLine]) -> MenuLine | None:
    """The first kind of the habit that is on today's menu and does not clash today."""
    offered = {item.key: item for item in suited}
    return next((offered[key] for key in habit if key in offered), None)


def _second_best(menu: DayMenu, notes: DietNotes) -> UsualMeal | None:
    """What breaks the fewest instructions, when every set meal on sale breaks one."""
    firm = [key for key in notes.instructions if key in FIRM]
    safe = [item for item in menu.sets if not item.sold_out and not clashes([item], notes.allergies, firm)]
    found = [UsualMeal(item, "recommended", clashes=clashes([item], (), notes.instructions)) for item in safe]
    return min(
        found,
        key=lambda meal: (len(meal.clashes), tuple(-fact for fact in _recommendation(meal.item, menu, ()))),
        default=None,
    )


def _recommendation(item: MenuLine, menu: DayMenu, instructions: Collection[str]) -> tuple[int, bool]:
    return fit(item, instructions), item.id == menu.recommended_id


def _nearness(item: MenuLine, wanted: MenuLine, instructions: Collection[str]) -> tuple[int, int, int, int]:
    """Fits the person as well, is as soft or light, has the same courses, costs about the same."""
    courses = [part.course for part in wanted.parts]
    same = 0
    for part in item.parts:
        if part.course in courses:
            courses.remove(part.course)
            same += 1
    return (
        fit(item, instructions),
        len(set(item.diet_tags) & set(wanted.diet_tags)),
        same - abs(len(item.parts) - len(wanted.parts)),
        -abs(item.price_fen - wanted.price_fen),
    )
