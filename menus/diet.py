"""What people may not or do not want to eat, and where a line of the menu clashes with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

DIET_TAGS = (
    "soft",
    "low_salt",
    "low_sugar",
    "low_oil",
    "halal",
    "vegetarian",
    "boneless",
    "high_protein",
    "warm",
)
ALLERGENS = ("peanut", "egg", "milk", "soy", "wheat", "fish", "shellfish", "nuts", "sesame")
INFERRED = ("soft", "low_salt", "low_sugar", "low_oil", "vegetarian", "boneless")
"""What a set meal is when every dish in it is. 清真 is promised, never inferred."""
COURSES = ("meat", "half_meat", "veg", "staple", "soup", "cold", "drink")

_COOKED = frozenset({"meat", "half_meat", "veg", "cold", ""})
_ALL = frozenset({*COURSES, ""})
# Where the lack of a tag matters. A bowl of rice is soft enough and boils without salt; a preference (高蛋白, 温补) is
# never broken. Set meals have course "" and carry their own tags.
_MATTERS_FOR: dict[str, frozenset[str]] = {
    "soft": _COOKED,
    "low_salt": _COOKED,
    "low_oil": _COOKED,
    "low_sugar": _ALL - {"veg", "soup"},
    "halal": _ALL,
    "vegetarian": _ALL,
    "boneless": _ALL,
}


class Eatable(Protocol):
    """Any view of a line: of the menu, of an order."""

    @property
    def name(self) -> str: ...
    @property
    def course(self) -> str: ...
    @property
    def diet_tags(self) -> Collection[str]: ...
    @property
    def allergens(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Clash:
    """One line against one wish. An allergy must be confirmed explicitly, an instruction is only told."""

    kind: Literal["allergy", "instruction"]
    key: str
    item_name: str


def clashes(items: Iterable[Eatable], allergies: Collection[str], instructions: Collection[str]) -> tuple[Clash, ...]:
    """Every clash, allergies first, in the order of the lines."""
    lines = list(items)
    found = [Clash("allergy", key, line.name) for line in lines for key in line.allergens if key in allergies]
    found += [Clash("instruction", key, line.name) for line in lines for key in instructions if not meets(line, key)]
    return tuple(found)


def meets(line: Eatable, key: str) -> bool:
    """Whether a line may be given to somebody who asked for `key`."""
    if key in line.diet_tags or line.course not in _MATTERS_FOR.get(key, ()):
        return True
    return key == "boneless" and "fish" not in line.allergens


def fit(line: Eatable, instructions: Collection[str]) -> int:
    """How many of the instructions and preferences a line meets; more is better."""
    return sum(1 for key in instructions if key in line.diet_tags)


def known(keys: Iterable[str], among: Collection[str]) -> tuple[str, ...]:
    """The keys that exist, each once, in the order of `among`."""
    asked = set(keys)
    return tuple(key for key in among if key in asked)
