"""Scarce stock: portions are counted in halves (half = 1, full = 2) and can never go below zero."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import CursorResult, bindparam, case, select, update
from sqlmodel import Session, SQLModel, col

from menus.errors import NotOnMenu, PortionsRefused, SoldOut
from menus.models import Menu, MenuItem

HALF = 1
FULL = 2
MOST_PORTIONS = 5_000
"""More whole portions of one line than any kitchen cooks: a slip of the finger."""

# Built once: on the path of every order. Tables, not classes: the unit of work has no part in it.
_ITEM = SQLModel.metadata.tables[str(MenuItem.__tablename__)]
_TAKE = (
    update(_ITEM)
    .where(_ITEM.c.id == bindparam("item_id"), _ITEM.c.left_halves >= bindparam("halves"), _ITEM.c.sold_out.is_(False))
    .values(left_halves=_ITEM.c.left_halves - bindparam("halves"))
    .returning(_ITEM.c.left_halves, _ITEM.c.menu_id)
)
_GIVE_BACK = (
    update(_ITEM)
    .where(_ITEM.c.id == bindparam("item_id"))
    .values(left_halves=_ITEM.c.left_halves + bindparam("halves"))
    .returning(_ITEM.c.left_halves, _ITEM.c.menu_id)
)
_SHORT = case((_ITEM.c.left_halves < bindparam("halves"), bindparam("halves") - _ITEM.c.left_halves), else_=0)
_EATEN = (
    update(_ITEM)
    .where(_ITEM.c.id == bindparam("item_id"))
    .values(
        planned_halves=_ITEM.c.planned_halves + _SHORT, left_halves=_ITEM.c.left_halves - bindparam("halves") + _SHORT
    )
    .returning(_ITEM.c.menu_id)
)


def _merged(lines: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """One entry per line, by id: locks are always taken in the same order."""
    total: dict[int, int] = {}
    for item_id, halves in lines:
        if halves <= 0:
            raise ValueError("halves must be positive")
        total[item_id] = total.get(item_id, 0) + halves
    return sorted(total.items())


def reserve(session: Session, lines: Iterable[tuple[int, int]]) -> None:
    """Take `(menu_item_id, halves)` off the stock, all or (by the caller's transaction) nothing.

    Raises:
        SoldOut: too few are left, or the line was taken off sale by hand.
        NotOnMenu: there is no such line.
    """
    for item_id, halves in _merged(lines):
        row = session.execute(_TAKE, {"item_id": item_id, "halves": halves}).first()
        if row is None:
            raise _refusal(session, item_id)
        left, menu_id = row
        if left < FULL:
            touch(session, menu_id)


def take_eaten(session: Session, lines: Iterable[tuple[int, int]]) -> None:
    """Take `(menu_item_id, halves)` that were eaten already: what was not left had been cooked all the same.

    Raises:
        NotOnMenu: there is no such line.
    """
    for item_id, halves in _merged(lines):
        row = session.execute(_EATEN, {"item_id": item_id, "halves": halves}).first()
        if row is None:
            raise NotOnMenu(item_id)
        touch(session, row[0])


def release(session: Session, lines: Iterable[tuple[int, int]]) -> None:
    """Give `(menu_item_id, halves)` back to the stock."""
    for item_id, halves in _merged(lines):
        row = session.execute(_GIVE_BACK, {"item_id": item_id, "halves": halves}).first()
        if row is None:
            raise NotOnMenu(item_id)
        left, menu_id = row
        if left - halves < FULL:
            touch(session, menu_id)


def touch(session: Session, menu_id: int) -> None:
    """Give the menu a new version: kiosks and phones fetch it again."""
    session.execute(
        update(Menu)
        .where(col(Menu.id) == menu_id)
        .values(version=col(Menu.version) + 1)
        .execution_options(synchronize_session=False)
    )


def set_sold_out(session: Session, item_id: int, sold_out: bool) -> bool:
    """Take a line off sale, or put it back; returns whether anything changed.

    Raises:
        NotOnMenu: there is no such line.
    """
    row = session.execute(
        select(col(MenuItem.menu_id), col(MenuItem.sold_out)).where(col(MenuItem.id) == item_id)
    ).first()
    if row is None:
        raise NotOnMenu(item_id)
    menu_id, was = row
    if was == sold_out:
        return False
    _set(session, item_id, sold_out=sold_out)
    touch(session, menu_id)
    return True


def set_planned(session: Session, item_id: int, portions: int) -> None:
    """Cook `portions` whole portions instead of what was planned; what is left moves by the difference.

    Raises:
        PortionsRefused: below what is already ordered, or out of range.
        NotOnMenu: there is no such line.
    """
    row = session.execute(
        select(col(MenuItem.menu_id), col(MenuItem.planned_halves), col(MenuItem.left_halves)).where(
            col(MenuItem.id) == item_id
        )
    ).first()
    if row is None:
        raise NotOnMenu(item_id)
    menu_id, planned, left = row
    ordered = planned - left
    least = max(0, (ordered + 1) // FULL)
    check_portions(portions, least=least)
    more = portions * FULL - planned
    if more == 0:
        return
    changed = cast(
        "CursorResult[tuple[()]]",
        session.execute(
            update(MenuItem)
            .where(col(MenuItem.id) == item_id, col(MenuItem.left_halves) + more >= 0)
            .values(planned_halves=col(MenuItem.planned_halves) + more, left_halves=col(MenuItem.left_halves) + more)
            .execution_options(synchronize_session=False)
        ),
    )
    if changed.rowcount == 0:  # sold between reading and writing (PostgreSQL)
        raise PortionsRefused(least=least + 1, most=MOST_PORTIONS)
    touch(session, menu_id)


def add_made(session: Session, item_id: int, more: int) -> int:
    """Batch kitchens: `more` whole portions of the line are cooked, or fewer after a slip; returns how many so far.

    Added where the count stands, for two may press at once. Nothing below zero.

    Raises:
        PortionsRefused: above 5,000.
        NotOnMenu: there is no such line.
    """
    made = session.execute(
        update(MenuItem)
        .where(col(MenuItem.id) == item_id)
        .values(
            made_portions=case((col(MenuItem.made_portions) + more < 0, 0), else_=col(MenuItem.made_portions) + more)
        )
        .returning(col(MenuItem.made_portions))
        .execution_options(synchronize_session=False)
    ).scalar()
    if made is None:
        raise NotOnMenu(item_id)
    check_portions(made)
    return int(made)


def check_portions(portions: int, *, least: int = 0) -> None:
    """Raises: PortionsRefused when not from `least` to 5,000."""
    if not least <= portions <= MOST_PORTIONS:
        raise PortionsRefused(least=least, most=MOST_PORTIONS)


def _set(session: Session, item_id: int, *, sold_out: bool) -> None:
    session.execute(
        update(MenuItem)
        .where(col(MenuItem.id) == item_id)
        .values(sold_out=sold_out)
        .execution_options(synchronize_session=False)
    )


def _refusal(session: Session, item_id: int) -> SoldOut | NotOnMenu:
    row = session.execute(
        select(col(MenuItem.name), col(MenuItem.left_halves), col(MenuItem.sold_out)).where(col(MenuItem.id) == item_id)
    ).first()
    if row is None:
        return NotOnMenu(item_id)
    name, left, off_sale = row
    return SoldOut(item_id, name, 0 if off_sale else left // FULL)
