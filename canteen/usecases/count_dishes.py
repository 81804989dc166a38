"""The cook types how much was made and how much is left, dish by dish, during or after the meal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import kitchen_counts, queries
from menus.errors import MenuNotPublished
from menus.kitchen_counts import Count
from menus.models import MenuStatus
from menus.service_days import MealPeriod, business_day


@dataclass(frozen=True, slots=True)
class DishesCounted:
    """Counts of one meal; those that say what stands already change nothing."""

    kitchen_id: str
    day: date
    meal: MealPeriod
    counts: Sequence[Count]


def count_dishes(session: Session, request: DishesCounted, *, now: datetime, actor: str, actor_name: str) -> int:
    """Store what differs; returns how many counts that were. Earlier ones stay in the history.

    Raises:
        menus.errors.MenuNotPublished: no menu, or still a draft.
        menus.errors.CountTooLate: not the day of the meal nor the one after.
        menus.errors.NotOnMenu, PortionsRefused: a dish that is not cooked that day, a number no kitchen cooks.
    """
    head = queries.menu_head(session, request.kitchen_id, request.day, request.meal.value)
    if head is None or head.status is MenuStatus.DRAFT:
        raise MenuNotPublished
    kitchen_counts.check_day(request.day, business_day(now))
    changed = kitchen_counts.record(session, head.id, request.counts, now=now, by=actor, by_name=actor_name)
    if changed:
        log.record(
            session,
            at=now,
            actor=actor,
            action="menu.counted",
            subject=f"menu:{head.id}",
            details={"kitchen": request.kitchen_id, "counts": len(changed)},
        )
    return len(changed)
