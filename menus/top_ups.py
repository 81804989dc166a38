"""More portions of a line from a planned moment on: cooked in two goes, sold in two goes. Each is applied exactly once."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from menus.errors import PortionsRefused, TopUpRefused
from menus.food import FoodKind
from menus.models import Dish, Menu, MenuItem, MenuStatus, PortionTopUp, SetMeal
from menus.portions import FULL, MOST_PORTIONS, touch


class Outcome(StrEnum):
    """What came of a planned top-up when its moment came."""

    ADDED = "added"
    """The portions are on sale."""
    NO_LINE = "no-line"
    """The line had left the plan."""
    TOO_MANY = "too-many"
    """More than 5,000 portions of one line would stand on the menu."""
    CLOSED = "closed"
    """The meal was over before anybody came to it."""


@dataclass(frozen=True, slots=True)
class LaterPortions:
    """More portions of a line at a time of any day (Asia/Shanghai): what another day or the cycle takes over."""

    kind: FoodKind
    key: str
    at: time
    portions: int


@dataclass(frozen=True, slots=True)
class Applied:
    """One top-up done. `portions` are whole."""

    top_up_id: int
    kitchen_id: str
    menu_id: int
    item_id: int | None
    portions: int
    outcome: Outcome


def plan(
    session: Session,
    menu_id: int,
    kind: FoodKind,
    key: str,
    *,
    at: datetime,
    portions: int,
    now: datetime,
    by: str,
) -> int:
    """Plan it; the same line and moment again takes the new number. `at` is after `now`; returns its id.

    Raises:
        TopUpRefused: the moment has passed, or the line is not on the menu.
        PortionsRefused: not 1 to 5,000.
    """
    if not 1 <= portions <= MOST_PORTIONS:
        raise PortionsRefused(least=1, most=MOST_PORTIONS)
    if at <= now:
        raise TopUpRefused(field="at")
    if _item(session, menu_id, kind, key) is None:
        raise TopUpRefused(field="line")
    standing = session.execute(
        update(PortionTopUp)
        .where(
            col(PortionTopUp.menu_id) == menu_id,
            col(PortionTopUp.kind) == kind,
            col(PortionTopUp.key) == key,
            col(PortionTopUp.at) == at,
            col(PortionTopUp.done_at).is_(None),
        )
        .values(portions=portions, planned_by=by, planned_at=now)
        .returning(col(PortionTopUp.id))
        .execution_options(synchronize_session=False)
    ).scalar()
    if standing is not None:
        return int(standing)
    return int(
        session.execute(
            insert(PortionTopUp)
            .values(
                menu_id=menu_id, kind=kind, key=key, at=at, portions=portions, planned_by=by, planned_at=now, outcome=""
            )
            .returning(col(PortionTopUp.id))
        ).scalar_one()
    )


def drop(session: Session, menu_id: int, top_up_id: int) -> bool:
    """Plan it no longer; False when it was applied, or is none of this menu's."""
    return bool(
        session.execute(
            delete(PortionTopUp)
            .where(
                col(PortionTopUp.id) == top_up_id,
                col(PortionTopUp.menu_id) == menu_id,
                col(PortionTopUp.done_at).is_(None),
            )
            .returning(col(PortionTopUp.id))
            .execution_options(synchronize_session=False)
        ).first()
    )


def clear(session: Session, menu_id: int) -> None:
    """Plan none of those that still wait: the draft they were planned for is written anew."""
    session.execute(
        delete(PortionTopUp)
        .where(col(PortionTopUp.menu_id) == menu_id, col(PortionTopUp.done_at).is_(None))
        .execution_options(synchronize_session=False)
    )


def due(session: Session, now: datetime) -> tuple[int, ...]:
    """Ids of those whose moment has come, earliest first; a draft's wait until it is published."""
    rows = session.execute(
        select(col(PortionTopUp.id))
        .join(Menu, col(Menu.id) == col(PortionTopUp.menu_id))
        .where(
            col(PortionTopUp.done_at).is_(None),
            col(PortionTopUp.at) <= now,
            col(Menu.status) != MenuStatus.DRAFT.value,
        )
        .order_by(col(PortionTopUp.at), col(PortionTopUp.id))
    )
    return tuple(int(found) for found in rows.scalars())


def apply(session: Session, top_up_id: int, *, now: datetime) -> Applied | None:
    """Put the portions on sale; None when somebody else did, or it is not due. A line taken off sale stays off sale."""
    found = session.execute(
        update(PortionTopUp)
        .where(
            col(PortionTopUp.id) == top_up_id,
            col(PortionTopUp.done_at).is_(None),
            col(PortionTopUp.at) <= now,
            col(PortionTopUp.menu_id).in_(select(col(Menu.id)).where(col(Menu.status) != MenuStatus.DRAFT.value)),
        )
        .values(done_at=now, outcome=Outcome.ADDED.value)
        .returning(col(PortionTopUp.menu_id), col(PortionTopUp.kind), col(PortionTopUp.key), col(PortionTopUp.portions))
        .execution_options(synchronize_session=False)
    ).first()
    if found is None:
        return None
    menu_id, kind, key, portions = found
    kitchen_id, status = session.execute(
        select(col(Menu.kitchen_id), col(Menu.status)).where(col(Menu.id) == menu_id)
    ).one()
    item_id = _item(session, menu_id, kind, key)
    outcome = Outcome.CLOSED if status == MenuStatus.CLOSED else _add(session, menu_id, item_id, portions)
    if outcome is not Outcome.ADDED:
        session.execute(
            update(PortionTopUp)
            .where(col(PortionTopUp.id) == top_up_id)
            .values(outcome=outcome.value)
            .execution_options(synchronize_session=False)
        )
    return Applied(top_up_id, kitchen_id, menu_id, item_id, portions, outcome)


def _add(session: Session, menu_id: int, item_id: int | None, portions: int) -> Outcome:
    if item_id is None:
        return Outcome.NO_LINE
    more = portions * FULL
    changed = session.execute(
        update(MenuItem)
        .where(col(MenuItem.id) == item_id, col(MenuItem.planned_halves) <= MOST_PORTIONS * FULL - more)
        .values(planned_halves=col(MenuItem.planned_halves) + more, left_halves=col(MenuItem.left_halves) + more)
        .returning(col(MenuItem.id))
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        return Outcome.TOO_MANY
    touch(session, menu_id)
    return Outcome.ADDED


def _item(session: Session, menu_id: int, kind: str, key: str) -> int | None:
    table: type[Dish] | type[SetMeal] = Dish if kind == "dish" else SetMeal
    of = col(MenuItem.dish_id) if kind == "dish" else col(MenuItem.set_meal_id)
    found = session.execute(
        select(col(MenuItem.id))
        .join(table, col(table.id) == of)
        .where(col(MenuItem.menu_id) == menu_id, col(table.key) == key)
    ).scalar()
    return None if found is None else int(found)
