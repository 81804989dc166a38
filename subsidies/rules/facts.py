"""What a decision may see: a diner, a meal, the counters so far. Frozen on the order as JSON, so no name and no id."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import Struct

RegisterLevel = Literal["none", "other", "city", "district", "subdistrict", "community"]
"""Innermost level at which the household register (户籍) lies inside the scheme's own area."""
MealKind = Literal["breakfast", "lunch", "dinner"]
DayKind = Literal["workday", "rest_day", "holiday", "makeup_workday"]
ResidentStatus = Literal["active", "suspended", "moved", "deceased", "institution"]
Ending = Literal["cancelled", "expired", "not_collected"]
"""How an order ends without a meal: taken back by the diner, never paid, or paid and not fetched."""
Way = Literal["dine_in", "delivery", "take_away"]
CounterUnit = Literal["meals", "fen"]


class HeldCategory(Struct, frozen=True, gc=False):
    """A category on the eligibility file. Both dates count: `valid_to` is the last good day, None is open-ended."""

    key: str
    valid_from: date
    valid_to: date | None = None


class Diner(Struct, frozen=True, gc=False):
    """The person a meal is for. Areas are paths like `jilin/fengman/jianhua/longcheng`, "" when unknown."""

    born: date | None = None
    register: RegisterLevel = "none"
    register_area: str = ""
    living_area: str = ""
    residence_confirmed: bool = False
    status: ResidentStatus = "active"
    categories: tuple[HeldCategory, ...] = ()


class MealLine(Struct, frozen=True, gc=False):
    """One line of the order; `unit_fen` is the list price of one, `quantity` is at least 1."""

    item: str
    kind: Literal["set", "dish"]
    unit_fen: int
    quantity: int = 1


class Meal(Struct, frozen=True, gc=False):
    """The order as the rules see it. `date` is the meal's business day; `ordered_at` is aware.

    `dearest_set_fen` is the price of the day's dearest set at this canteen, None when it offers none.
    The delivery fee is part of the list price but never counts for a threshold or a benefit.
    """

    canteen: str
    canteen_area: str
    date: date
    meal: MealKind
    ordered_at: datetime
    day_kind: DayKind
    lines: tuple[MealLine, ...]
    dine_in: bool = True
    delivery_fee_fen: int = 0
    dearest_set_fen: int | None = None
    taken_away: bool = False

    @property
    def way(self) -> Way:
        """Where it is eaten, or how it gets there."""
        return "dine_in" if self.dine_in else "take_away" if self.taken_away else "delivery"


class CounterKey(Struct, frozen=True, gc=False):
    """One entitlement counter: `period` is `2026-11-23`, `2026-11-23/lunch`, `2026-W48` (Mon–Sun), `2026-11` or `2026`.

    `cap` is the limit that held for this decision, in `unit`; `canteen` is "" when all canteens share the counter.
    Name, period and canteen identify it; the cap may change with age or version while the count goes on.
    """

    name: str
    period: str
    cap: int
    canteen: str = ""
    unit: CounterUnit = "meals"

    @property
    def id(self) -> str:
        """`fengman.meal|2026-11-23/lunch|` – the identity without the cap."""
        return f"{self.name}|{self.period}|{self.canteen}"


class Used(Struct, frozen=True, gc=False):
    """Counter id (`CounterKey.id`) → already used before this meal; a missing counter is 0."""

    counters: dict[str, int] = {}

    @classmethod
    def of(cls, used: "Mapping[CounterKey, int] | Used") -> "Used":
        """The same reading whichever way the caller holds it."""
        return used if isinstance(used, Used) else cls({key.id: count for key, count in used.items()})


class FrozenInputs(Struct, frozen=True, gc=False):
    """All that is needed to decide again years later. `diner` is None for a guest."""

    diner: Diner | None
    meal: Meal
    used: Used

    def to_json(self) -> bytes:
        """Field order is fixed and counters are sorted: equal inputs give equal bytes."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def from_json(cls, text: bytes | str) -> "FrozenInputs":
        """Raises: msgspec.ValidationError when the text is not frozen inputs."""
        return msgspec.json.decode(text, type=cls)


def freeze(diner: Diner | None, meal: Meal, used: "Mapping[CounterKey, int] | Used") -> FrozenInputs:
    """The inputs of one decision, ready to be stored on the order."""
    return FrozenInputs(diner, meal, Used.of(used))
