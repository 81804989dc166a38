"""The manager plans what a kitchen serves at one meal, or follows the day with new portions."""

from datetime import datetime

from sqlmodel import Session

from canteen.usecases.steps import menu_plans
from canteen.usecases.steps.menu_plans import MenuPlan

__all__ = ["MenuPlan", "plan_menu"]


def plan_menu(session: Session, request: MenuPlan, *, now: datetime, actor: str) -> int:
    """Write the plan and return the menu's id; see `menus.planning.plan` for what a published menu still allows.

    Raises:
        menus.errors.MenuError: closed, unknown dish, a line twice, a wrong number of portions or price.
    """
    return menu_plans.write(session, request, action="menu.planned", now=now, actor=actor)
