"""Dishes chosen so far, on any screen where an elder chooses: `12` is menu line 12, `12h` a half portion of it."""

from collections.abc import Mapping

from canteen.readmodels.quote import MOST_OF_A_KIND, LineWish

COURSES: Mapping[str, frozenset[str]] = {
    "meat": frozenset({"meat", "half_meat"}),
    "veg": frozenset({"veg", "cold"}),
    "staple": frozenset({"staple", "soup", "drink"}),
}
"""Single dishes as they are shown together."""
TABS = ("sets", *COURSES)
MOST_LINES = 5
"""What a check page shows without scrolling, in large type too."""


def stepped(lines: Mapping[str, int], step: str) -> dict[str, int]:
    """The basket after one press: `12:more`, `12:less`, `12:half`, `12h:full`."""
    key, _, what = step.partition(":")
    basket = dict(lines)
    count = basket.get(key, 0)
    if what in {"half", "full"} and count:
        del basket[key]
        other = f"{key}h" if what == "half" else key.removesuffix("h")
        basket[other] = min(basket.get(other, 0) + count, MOST_OF_A_KIND)
    elif what in {"more", "less"} and _is_line(key.removesuffix("h")) and (count or what == "more"):
        basket[key] = min(count + (1 if what == "more" else -1), MOST_OF_A_KIND)
    return {name: number for name, number in basket.items() if number > 0}


def written(lines: tuple[LineWish, ...]) -> str:
    """Lines as one field of a form, `12=2 13h=1`: a second press then asks for the very same."""
    return " ".join(f"{line.item_id}{'h' if line.portion == 'half' else ''}={line.quantity}" for line in lines)


def read(text: str) -> tuple[LineWish, ...]:
    """What `written` wrote; anything else is left out."""
    found = []
    for word in text.split()[: 2 * MOST_LINES]:
        key, _, count = word.partition("=")
        number = key.removesuffix("h")
        if _is_line(number) and _is_line(count):
            found.append(LineWish(int(number), int(count), "half" if key.endswith("h") else "full"))
    return tuple(found)


def _is_line(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
