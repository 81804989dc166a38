"""What the food side refuses, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None


class MenuError(Exception):
    """Base of every expected refusal in `menus`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "menus.refused"

    def __init__(self, **data: Fact) -> None:
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class SoldOut(MenuError):
    """Fewer portions are left than asked for, or the line was taken off sale. `left` counts whole portions."""

    code = "menus.sold-out"

    def __init__(self, item_id: int, name: str, left: int) -> None:
        self.item_id = item_id
        self.name = name
        self.left = left
        super().__init__(item_id=item_id, name=name, left=left)


class NotOnMenu(MenuError):
    """The line is not on this kitchen's menu of that day and meal."""

    code = "menus.not-on-menu"

    def __init__(self, item_id: int) -> None:
        self.item_id = item_id
        super().__init__(item_id=item_id)


class MenuNotPublished(MenuError):
    """No menu yet for that day and meal, or it is still a draft."""

    code = "menus.not-published"


class MenuClosed(MenuError):
    """The meal is over: nothing is ordered and nothing changes."""

    code = "menus.closed"


class MenuAlreadyPublished(MenuError):
    """A published menu keeps its lines and prices; only portions, sold-out and new lines may come."""

    code = "menus.already-published"


class MenuEmpty(MenuError):
    """A menu without a single line is not published."""

    code = "menus.empty"


class PriceNotPositive(MenuError):
    """A line of a menu costs nothing or less; `data["name"]`."""

    code = "menus.price-not-positive"


class DishUnknown(MenuError):
    """No dish or set meal of this kitchen has the key, or it is retired; `data["key"]`."""

    code = "menus.dish-unknown"


class DishRefused(MenuError):
    """A dish or set meal with an unknown course, tag or allergen, an empty name or a wrong price; `data["field"]`."""

    code = "menus.dish-refused"


class PortionsRefused(MenuError):
    """Portions below zero, above 5,000, or below what is already ordered; `data["least"]`, `data["most"]`."""

    code = "menus.portions-refused"


class LineTwice(MenuError):
    """The same dish or set meal stands twice on one plan; `data["key"]`."""

    code = "menus.line-twice"


class DishNameTaken(MenuError):
    """Another dish or set meal of this kitchen, still offered, has the same name; `data["name"]`."""

    code = "menus.name-taken"


class DishRetired(DishUnknown):
    """A plan holds what the kitchen no longer offers; `data["key"]`, `data["name"]`."""

    code = "menus.dish-retired"


class PhotoTooLarge(MenuError):
    """More bytes than a phone's photo has; `data["most_mb"]`."""

    code = "menus.photo-too-large"


class PhotoUnreadable(MenuError):
    """No JPEG, PNG or WebP, or a broken one."""

    code = "menus.photo-unreadable"


class PhotoPixels(MenuError):
    """Too many pixels to be a photo (a bomb), or too few to be seen."""

    code = "menus.photo-pixels"


class TopUpRefused(MenuError):
    """More portions at a moment that has passed or lies outside the meal, of a line not on the plan; `data["field"]`."""

    code = "menus.top-up-refused"


class CycleWeekUnknown(MenuError):
    """The cycle has weeks 1 to 4."""

    code = "menus.cycle-week"


class PriceMoved(MenuError):
    """Somebody changed the price since the page was read; `data["name"]`, `data["price_fen"]` is the price now."""

    code = "menus.price-moved"


class CountTooLate(MenuError):
    """Dishes are counted on their own day or the one after; `data["day"]`."""

    code = "menus.count-too-late"
