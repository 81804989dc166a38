"""The manager puts a planned menu on kiosks and phones."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import planning, queries
from menus.errors import MenuEmpty
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class MenuOf:
    """Which menu is meant."""

    kitchen_id: str
    day: date
    meal: MealPeriod


def publish_menu(session: Session, request: MenuOf, *, now: datetime, actor: str) -> int:
    """Publish it and return its id; publishing twice changes nothing.

    Raises:
        menus.errors.MenuEmpty: nothing planned.
        menus.errors.MenuClosed: the meal is over.
        menus.errors.PriceNotPositive: a line costs nothing.
    """
    head = queries.menu_head(session, request.kitchen_id, request.day, request.meal.value)
    if head is None:
        raise MenuEmpty
    if planning.publish(session, head.id, now=now):
        log.record(session, at=now, actor=actor, action="menu.published", subject=f"menu:{head.id}")
    return head.id
