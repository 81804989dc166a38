"""A meal is over: its menu never changes again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import planning, queries
from menus.errors import MenuNotPublished
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class EndedMeal:
    """Which menu is meant."""

    kitchen_id: str
    day: date
    meal: MealPeriod


def close_menu(session: Session, request: EndedMeal, *, now: datetime, actor: str) -> bool:
    """Close it; False when it was closed before.

    Raises:
        menus.errors.MenuNotPublished: nothing was planned.
    """
    head = queries.menu_head(session, request.kitchen_id, request.day, request.meal.value)
    if head is None:
        raise MenuNotPublished
    closed = planning.close(session, head.id, now=now)
    if closed:
        log.record(session, at=now, actor=actor, action="menu.closed", subject=f"menu:{head.id}")
    return closed
