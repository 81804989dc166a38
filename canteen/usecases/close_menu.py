"""A meal is over: its menu never changes again."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.usecases.steps.menu_plans import MenuOf, head_of
from menus import planning
from menus.errors import MenuNotPublished

__all__ = ["MenuOf", "close_menu"]


def close_menu(session: Session, request: MenuOf, *, now: datetime, actor: str) -> bool:
    """Close it; False when it was closed before.

    Raises:
        menus.errors.MenuNotPublished: nothing was planned.
    """
    head = head_of(session, request)
    if head is None:
        raise MenuNotPublished
    closed = planning.close(session, head.id, now=now)
    if closed:
        log.record(session, at=now, actor=actor, action="menu.closed", subject=f"menu:{head.id}")
    return closed
