"""What the kitchen counted, dish by dish, and when its prep sheet was printed. A correction is a new row; none changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, func, insert, select
from sqlmodel import Field, Session, SQLModel, col
from ulid import ULID

from menus.errors import CountTooLate, NotOnMenu, PortionsRefused
from menus.models import MenuItem, MenuItemPart
from menus.portions import FULL, MOST_PORTIONS


class Counted(StrEnum):
    """What a count is of."""

    MADE = "made"
    """Portions cooked, in set meals and by themselves."""
    LEFT = "left"
    """Portions nobody took."""


class DishCount(SQLModel, table=True):
    """One count of one dish at one meal, in half portions. The latest of its kind stands."""

    __tablename__ = "dish_count"
    __table_args__ = (
        CheckConstraint("what IN ('made', 'left')", name="dish_count_what"),
        CheckConstraint("halves >= 0", name="dish_count_halves"),
        Index("dish_count_menu", "menu_id", "dish_id", "id"),
    )
    id: str = Field(primary_key=True, max_length=26)
    menu_id: int = Field(foreign_key="menu.id")
    dish_id: int = Field(foreign_key="dish.id")
    what: str = Field(max_length=4)
    halves: int
    counted_at: datetime
    counted_by: str
    """`account:ID`."""
    by_name: str


class PrepPrint(SQLModel, table=True):
    """The prep sheet of a meal went on paper."""

    __tablename__ = "prep_print"
    __table_args__ = (Index("prep_print_meal", "kitchen_id", "day", "meal"),)
    id: str = Field(primary_key=True, max_length=26)
    kitchen_id: str = Field(max_length=40)
    day: date
    meal: str = Field(max_length=10)
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number the cook typed, in half portions."""

    dish_id: int
    what: Counted
    halves: int


@dataclass(frozen=True, slots=True)
class CountView:
    """A count that was typed, with who and when; the last one of its dish and kind stands."""

    dish_id: int
    what: Counted
    halves: int
    at: datetime
    by_name: str


LAST_DAYS = 1
"""The evening's dishes are counted on the morning after at the latest."""


def check_day(day: date, today: date) -> None:
    """Raises: CountTooLate outside the day itself and the one after."""
    if not 0 <= (today - day).days <= LAST_DAYS:
        raise CountTooLate(day=day.isoformat())


def dishes_of(session: Session, menu_id: int) -> dict[int, list[int]]:
    """The dishes cooked for each line of a menu: those of a set meal in their order, or the dish itself."""
    rows = session.execute(
        select(col(MenuItem.id), func.coalesce(col(MenuItem.dish_id), col(MenuItemPart.dish_id)))
        .outerjoin(MenuItemPart, col(MenuItemPart.menu_item_id) == col(MenuItem.id))
        .where(col(MenuItem.menu_id) == menu_id)
        .order_by(col(MenuItem.id), col(MenuItemPart.position))
    )
    found: dict[int, list[int]] = {}
    for item_id, dish_id in rows:
        if dish_id is not None:  # None: a set meal without dishes
            found.setdefault(item_id, []).append(dish_id)
    return found


def record(
    session: Session, menu_id: int, counts: Sequence[Count], *, now: datetime, by: str, by_name: str
) -> list[Count]:
    """Add the counts that differ from what stands; returns those.

    Raises:
        NotOnMenu: a dish is not cooked for this menu.
        PortionsRefused: below zero or above 5,000 portions.
    """
    on_menu = {dish for dishes in dishes_of(session, menu_id).values() for dish in dishes}
    standing = {(view.dish_id, view.what): view.halves for view in history(session, menu_id)}
    changed = [count for count in counts if standing.get((count.dish_id, count.what)) != count.halves]
    for count in changed:
        if count.dish_id not in on_menu:
            raise NotOnMenu(count.dish_id)
        if not 0 <= count.halves <= MOST_PORTIONS * FULL:
            raise PortionsRefused(least=0, most=MOST_PORTIONS)
        session.execute(
            insert(DishCount).values(
                id=str(ULID()),
                menu_id=menu_id,
                dish_id=count.dish_id,
                what=count.what.value,
                halves=count.halves,
                counted_at=now,
                counted_by=by,
                by_name=by_name,
            )
        )
    return changed


def history(session: Session, menu_id: int) -> tuple[CountView, ...]:
    """Everything counted for a menu, oldest first."""
    rows = session.execute(
        select(
            col(DishCount.dish_id),
            col(DishCount.what),
            col(DishCount.halves),
            col(DishCount.counted_at),
            col(DishCount.by_name),
        )
        .where(col(DishCount.menu_id) == menu_id)
        .order_by(col(DishCount.counted_at), col(DishCount.id))
    )
    return tuple(CountView(row[0], Counted(row[1]), row[2], row[3], row[4]) for row in rows)


def note_printed(session: Session, kitchen_id: str, day: date, meal: str, *, now: datetime, by: str) -> None:
    """The sheet is on paper as it stood at `now`."""
    session.execute(
        insert(PrepPrint).values(
            id=str(ULID()), kitchen_id=kitchen_id, day=day, meal=meal, printed_at=now, printed_by=by
        )
    )


def last_printed(session: Session, kitchen_id: str, day: date, meal: str) -> datetime | None:
    """When the sheet of a meal was printed last; None: never."""
    return session.execute(
        select(col(PrepPrint.printed_at))
        .where(col(PrepPrint.kitchen_id) == kitchen_id, col(PrepPrint.day) == day, col(PrepPrint.meal) == meal)
        .order_by(col(PrepPrint.printed_at).desc())
        .limit(1)
    ).scalar()
