"""The manager puts a planned menu on kiosks and phones."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.usecases.steps.menu_plans import MenuOf, head_of
from menus import planning
from menus.errors import MenuEmpty

__all__ = ["MenuOf", "publish_menu"]


def publish_menu(session: Session, request: MenuOf, *, now: datetime, actor: str) -> int:
    """Publish it and return its id; publishing twice changes nothing.

    Raises:
        menus.errors.MenuEmpty: nothing planned.
        menus.errors.MenuClosed: the meal is over.
        menus.errors.PriceNotPositive: a line costs nothing.
        menus.errors.DishRetired: a line, or a dish in a set meal, is no longer offered.
    """
    head = head_of(session, request)
    if head is None:
        raise MenuEmpty
    if planning.publish(session, head.id, now=now):
        log.record(session, at=now, actor=actor, action="menu.published", subject=f"menu:{head.id}")
    return head.id
