"""One meal takes over what was cooked before, or what the cycle says. Only a draft, or nothing at all, is written over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from canteen.usecases.steps import menu_plans
from canteen.usecases.steps.menu_plans import MenuPlan
from menus import top_ups
from menus.models import MenuStatus
from menus.service_days import instant
from menus.top_ups import LaterPortions

__all__ = ["Filled", "MenuPlan", "ToFill", "fill_menu"]


@dataclass(frozen=True, slots=True)
class ToFill:
    """What one meal takes over; `later` are more portions of its lines, before the meal ends."""

    plan: MenuPlan
    later: tuple[LaterPortions, ...] = ()


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


def fill_menu(session: Session, request: ToFill, *, now: datetime, actor: str) -> Filled:
    """Write the plan as a draft at the usual prices; a short transaction for each meal of a week.

    Portions planned for later on a draft that is written over go with it.

    Raises:
        menus.errors.MenuError: unknown or retired dish, a line twice, a wrong number of portions, a moment that has passed.
    """
    plan = request.plan
    if not plan.lines:
        return Filled.EMPTY
    head = menu_plans.head_of(session, plan)
    if head is not None and head.status is not MenuStatus.DRAFT:
        return Filled(head.status.value)
    menu_id = menu_plans.write(session, plan, action="menu.filled", now=now, actor=actor)
    top_ups.clear(session, menu_id)
    for later in request.later:
        at = instant(plan.day, later.at)
        top_ups.plan(session, menu_id, later.kind, later.key, at=at, portions=later.portions, now=now, by=actor)
    return Filled.FILLED
