"""Which menu is meant, and how a plan of one is written and put on record, whoever made it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import planning, queries
from menus.planning import PlannedLine
from menus.queries import MenuHead
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class MenuOf:
    """Which menu is meant."""

    kitchen_id: str
    day: date
    meal: MealPeriod


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """A whole menu. Lines without prices take the usual ones; `recommended` is the key of one of them."""

    kitchen_id: str
    day: date
    meal: MealPeriod
    lines: tuple[PlannedLine, ...]
    recommended: str | None = None


def head_of(session: Session, menu: MenuOf | MenuPlan) -> MenuHead | None:
    """The menu as it stands; None when nobody has planned one."""
    return queries.menu_head(session, menu.kitchen_id, menu.day, menu.meal.value)


def write(session: Session, plan: MenuPlan, *, action: str, now: datetime, actor: str) -> int:
    """Write it and return the menu's id; `action` is what the audit log calls it. Raises as `menus.planning.plan`."""
    menu_id = planning.plan(
        session, plan.kitchen_id, plan.day, plan.meal.value, lines=plan.lines, recommended=plan.recommended
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"menu:{menu_id}",
        details={
            "kitchen": plan.kitchen_id,
            "day": plan.day.isoformat(),
            "meal": plan.meal.value,
            "lines": len(plan.lines),
            "portions": sum(line.portions for line in plan.lines),
        },
    )
    return menu_id
