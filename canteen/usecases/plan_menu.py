"""The manager plans what a kitchen serves at one meal, or follows the day with new portions."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import planning
from menus.planning import PlannedLine
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """A whole menu: `recommended` is the key of the line shown as today's recommendation."""

    kitchen_id: str
    day: date
    meal: MealPeriod
    lines: tuple[PlannedLine, ...]
    recommended: str | None = None


def plan_menu(session: Session, request: MenuPlan, *, now: datetime, actor: str) -> int:
    """Write the plan and return the menu's id; see `menus.planning.plan` for what a published menu still allows.

    Raises:
        menus.errors.MenuError: closed, unknown dish, a line twice, a wrong number of portions or price.
    """
    menu_id = planning.plan(
        session,
        request.kitchen_id,
        request.day,
        request.meal.value,
        lines=request.lines,
        recommended=request.recommended,
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="menu.planned",
        subject=f"menu:{menu_id}",
        details={
            "kitchen": request.kitchen_id,
            "day": request.day.isoformat(),
            "meal": request.meal.value,
            "lines": len(request.lines),
            "portions": sum(line.portions for line in request.lines),
        },
    )
    return menu_id
