"""The manager plans more portions of a line for later in the meal, or drops that plan."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.usecases.steps.menu_plans import MenuOf, head_of
from menus import top_ups
from menus.errors import MenuClosed, MenuEmpty, TopUpRefused
from menus.food import FoodKind
from menus.models import MenuStatus

__all__ = ["MenuOf", "MorePortions", "NoMore", "plan_top_up"]


@dataclass(frozen=True, slots=True)
class MorePortions:
    """`at` lies before `until`, the end of the meal. Whole portions."""

    menu: MenuOf
    kind: FoodKind
    key: str
    at: datetime
    until: datetime
    portions: int


@dataclass(frozen=True, slots=True)
class NoMore:
    """The plan of one top-up is dropped."""

    menu: MenuOf
    top_up_id: int


def plan_top_up(session: Session, request: MorePortions | NoMore, *, now: datetime, actor: str) -> bool:
    """Plan it, or drop it; False when what should be dropped was applied already.

    Raises:
        menus.errors.MenuEmpty: nothing is planned for that meal.
        menus.errors.MenuClosed: the meal is over.
        menus.errors.TopUpRefused: the moment has passed or comes after the meal; the line is not on the plan.
        menus.errors.PortionsRefused: not 1 to 5,000.
    """
    where = request.menu
    head = head_of(session, where)
    if head is None:
        raise MenuEmpty
    if head.status is MenuStatus.CLOSED:
        raise MenuClosed
    if isinstance(request, NoMore):
        if not top_ups.drop(session, head.id, request.top_up_id):
            return False
        action, portions = "menu.top-up-dropped", None
    else:
        action, portions = "menu.top-up-planned", request.portions
        _plan(session, head.id, request, now=now, actor=actor)
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"menu:{head.id}",
        details={"kitchen": where.kitchen_id, "portions": portions},
    )
    return True


def _plan(session: Session, menu_id: int, request: MorePortions, *, now: datetime, actor: str) -> None:
    if request.at >= request.until:
        raise TopUpRefused(field="at")
    top_ups.plan(
        session, menu_id, request.kind, request.key, at=request.at, portions=request.portions, now=now, by=actor
    )
