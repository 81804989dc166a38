"""One meal takes over what was cooked before, or what the cycle says. Only a draft, or nothing at all, is written over."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from canteen.usecases.steps import menu_plans
from canteen.usecases.steps.menu_plans import MenuPlan
from menus.models import MenuStatus

__all__ = ["Filled", "MenuPlan", "fill_menu"]


class Filled(StrEnum):
    """What became of the meal."""

    FILLED = "filled"
    """It is a draft with these lines."""
    PUBLISHED = "published"
    """People see it already: left as it is."""
    CLOSED = "closed"
    """The meal is over: left as it is."""
    EMPTY = "empty"
    """There was nothing to take over."""


def fill_menu(session: Session, request: MenuPlan, *, now: datetime, actor: str) -> Filled:
    """Write the plan as a draft at the usual prices; a short transaction for each meal of a week.

    Raises:
        menus.errors.MenuError: unknown or retired dish, a line twice, a wrong number of portions.
    """
    if not request.lines:
        return Filled.EMPTY
    head = menu_plans.head_of(session, request)
    if head is not None and head.status is not MenuStatus.DRAFT:
        return Filled(head.status.value)
    menu_plans.write(session, request, action="menu.filled", now=now, actor=actor)
    return Filled.FILLED
