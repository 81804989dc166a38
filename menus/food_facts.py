"""What a set meal is because of its dishes, and how a corrected dish reaches menus that are already planned.

Name, picture and price of a planned line stay: a menu is a record. What somebody must not eat does not wait.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlalchemy import select, update
from sqlmodel import Session, col

from menus.diet import INFERRED, meets
from menus.models import Dish, Menu, MenuItem, MenuItemPart, MenuStatus, SetMeal
from menus.portions import touch


class _Part(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def course(self) -> str: ...
    @property
    def diet_tags(self) -> list[str]: ...
    @property
    def allergens(self) -> list[str]: ...


def set_tags(own: Collection[str], parts: Sequence[_Part]) -> list[str]:
    """The set's own tags first, then what every dish in it happens to be today."""
    tags = list(own)
    has_fish = any("fish" in dish.allergens for dish in parts)
    tags += [
        tag
        for tag in INFERRED
        if parts and tag not in tags and all(meets(dish, tag) for dish in parts) and (tag != "boneless" or has_fish)
    ]
    return tags


def set_allergens(parts: Sequence[_Part]) -> list[str]:
    """The union over the dishes."""
    return sorted({key for dish in parts for key in dish.allergens})


def spread(session: Session, dish: Dish) -> int:
    """Carry the dish's allergens and diet tags to every menu that is not over, into set meals too; how many menus."""
    changed: set[int] = set()
    lines = session.execute(
        select(MenuItem)
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(col(MenuItem.dish_id) == dish.id, col(Menu.status) != MenuStatus.CLOSED.value)
    ).scalars()
    for line in lines:
        if (line.diet_tags, line.allergens) != (dish.diet_tags, dish.allergens):
            line.diet_tags, line.allergens = list(dish.diet_tags), list(dish.allergens)
            changed.add(line.menu_id)
    sets = session.execute(
        select(MenuItem, SetMeal)
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .join(SetMeal, col(SetMeal.id) == col(MenuItem.set_meal_id))
        .where(
            col(Menu.status) != MenuStatus.CLOSED.value,
            col(MenuItem.id).in_(select(col(MenuItemPart.menu_item_id)).where(col(MenuItemPart.dish_id) == dish.id)),
        )
    ).all()
    for line, kind in sets:
        parts = session.execute(
            select(Dish)
            .join(MenuItemPart, col(MenuItemPart.dish_id) == col(Dish.id))
            .where(col(MenuItemPart.menu_item_id) == line.id)
            .order_by(col(MenuItemPart.position))
        )
        cooked = list(parts.scalars())
        tags, allergens = set_tags(kind.diet_tags, cooked), set_allergens(cooked)
        if (line.diet_tags, line.allergens) != (tags, allergens):
            line.diet_tags, line.allergens = tags, allergens
            changed.add(line.menu_id)
    session.flush()
    session.execute(
        update(MenuItemPart)
        .where(
            col(MenuItemPart.dish_id) == dish.id,
            col(MenuItemPart.menu_item_id).in_([line.id for line, _ in sets]),
        )
        .values(diet_tags=list(dish.diet_tags))
        .execution_options(synchronize_session=False)
    )
    for menu_id in sorted(changed):
        touch(session, menu_id)
    return len(changed)
