"""A dish or a kind of set meal, where both are meant: finding it, retiring it, its price and how that changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, col

from menus.errors import DishNameTaken, DishUnknown
from menus.models import Dish, FoodPrice, Menu, MenuItem, MenuStatus, SetMeal

FoodKind = Literal["dish", "set"]


@dataclass(frozen=True, slots=True)
class Food:
    """One row of a kitchen's book."""

    kitchen_id: str
    kind: FoodKind
    id: int


@dataclass(frozen=True, slots=True)
class PriceNote:
    """Who changes a price, when and why; the reason may be empty."""

    at: datetime
    by: str
    reason: str = ""


def row_of(session: Session, food: Food) -> Dish | SetMeal:
    """The row, retired or not.

    Raises:
        DishUnknown: this kitchen has no such row.
    """
    found: Dish | SetMeal | None
    found = session.get(Dish, food.id) if food.kind == "dish" else session.get(SetMeal, food.id)
    if found is None or found.kitchen_id != food.kitchen_id:
        raise DishUnknown(key=str(food.id))
    return found


def check_name(session: Session, kitchen_id: str, kind: FoodKind, name: str, *, but: int | None) -> None:
    """Raises: DishNameTaken when another that is still offered is called the same: nobody could tell the two apart."""
    table: type[Dish] | type[SetMeal] = Dish if kind == "dish" else SetMeal
    same = select(col(table.id)).where(
        col(table.kitchen_id) == kitchen_id, col(table.name) == name.strip(), col(table.retired_at).is_(None)
    )
    if any(found != but for found in session.execute(same).scalars()):
        raise DishNameTaken(name=name)


def retire(session: Session, food: Food, *, now: datetime) -> bool:
    """Offer it for no new plan; menus that hold it keep it. False when it was retired before."""
    row = row_of(session, food)
    if row.retired_at is not None:
        return False
    row.retired_at = now
    session.flush()
    return True


def bring_back(session: Session, food: Food) -> bool:
    """Offer it again; False when it never was retired.

    Raises:
        DishNameTaken: another one took its name meanwhile.
    """
    row = row_of(session, food)
    if row.retired_at is None:
        return False
    check_name(session, food.kitchen_id, food.kind, row.name, but=food.id)
    row.retired_at = None
    session.flush()
    return True


def note_price(
    session: Session,
    food: Food,
    note: PriceNote,
    *,
    before: tuple[int, int | None] | None,
    after: tuple[int, int | None],
) -> bool:
    """Remember a change of (price, half price) in fen; False when nothing changed. `before` None: it is new."""
    if before == after:
        return False
    from_fen, from_half_fen = before or (None, None)
    session.execute(
        insert(FoodPrice).values(
            kitchen_id=food.kitchen_id,
            dish_id=food.id if food.kind == "dish" else None,
            set_meal_id=food.id if food.kind == "set" else None,
            at=note.at,
            by=note.by,
            from_fen=from_fen,
            to_fen=after[0],
            from_half_fen=from_half_fen,
            to_half_fen=after[1],
            reason=note.reason,
        )
    )
    return True


def reprice_drafts(session: Session, food: Food) -> int:
    """Give every draft that holds it today's price; how many menus. What is published keeps the price people saw."""
    row = row_of(session, food)
    item_of = col(MenuItem.dish_id) if food.kind == "dish" else col(MenuItem.set_meal_id)
    drafts = select(col(Menu.id)).where(
        col(Menu.kitchen_id) == food.kitchen_id, col(Menu.status) == MenuStatus.DRAFT.value
    )
    changed = session.execute(
        update(MenuItem)
        .where(item_of == food.id, col(MenuItem.menu_id).in_(drafts))
        .values(price_fen=row.price_fen, half_price_fen=row.half_price_fen if isinstance(row, Dish) else None)
        .returning(col(MenuItem.menu_id))
        .execution_options(synchronize_session=False)
    ).all()
    return len({menu_id for (menu_id,) in changed})


def planned_on(session: Session, food: Food) -> dict[MenuStatus, int]:
    """On how many menus that are not over it stands, by their state, as a line of its own."""
    item_of = col(MenuItem.dish_id) if food.kind == "dish" else col(MenuItem.set_meal_id)
    rows = session.execute(
        select(col(Menu.status), func.count(col(Menu.id).distinct()))
        .join(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(item_of == food.id, col(Menu.kitchen_id) == food.kitchen_id, col(Menu.status) != MenuStatus.CLOSED.value)
        .group_by(col(Menu.status))
    )
    return {MenuStatus(status): count for status, count in rows}
