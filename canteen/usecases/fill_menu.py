"""One meal takes over what was cooked before, or what the cycle says. Only a draft, or nothing at all, is written over."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from canteen.audit import log
from menus import planning, queries
from menus.models import MenuStatus
from menus.planning import PlannedLine
from menus.service_days import MealPeriod


@dataclass(frozen=True, slots=True)
class MealToFill:
    """`lines` without prices take the usual ones; `recommended` is the key of one of them."""

    kitchen_id: str
    day: date
    meal: MealPeriod
    lines: tuple[PlannedLine, ...]
    recommended: str | None = None


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


def fill_menu(session: Session, request: MealToFill, *, now: datetime, actor: str) -> Filled:
    """Write the plan as a draft at the usual prices; a short transaction for each meal of a week.

    Raises:
        menus.errors.MenuError: unknown or retired dish, a line twice, a wrong number of portions.
    """
    if not request.lines:
        return Filled.EMPTY
    head = queries.menu_head(session, request.kitchen_id, request.day, request.meal.value)
    if head is not None and head.status is not MenuStatus.DRAFT:
        return Filled(head.status.value)
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
        action="menu.filled",
        subject=f"menu:{menu_id}",
        details={
            "kitchen": request.kitchen_id,
            "day": request.day.isoformat(),
            "meal": request.meal.value,
            "lines": len(request.lines),
            "portions": sum(line.portions for line in request.lines),
        },
    )
    return Filled.FILLED
