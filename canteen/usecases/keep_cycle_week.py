"""The manager keeps a week of menus as one of the four weeks of the kitchen's cycle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import cycle
from menus.cycle import CycleMenu, MealOfWeek
from menus.errors import MenuEmpty


@dataclass(frozen=True, slots=True)
class WeekToKeep:
    """`menus` by weekday and meal; what the week of the cycle held before goes."""

    kitchen_id: str
    week: int
    monday: date
    menus: Mapping[MealOfWeek, CycleMenu]


def keep_cycle_week(session: Session, request: WeekToKeep, *, now: datetime, actor: str) -> int:
    """How many lines are kept.

    Raises:
        menus.errors.MenuEmpty: the week has no menu; keeping it would only empty the cycle.
        menus.errors.CycleWeekUnknown: not 1 to 4.
    """
    if not request.menus:
        raise MenuEmpty
    kept = cycle.keep_week(session, request.kitchen_id, request.week, request.menus, monday=request.monday)
    log.record(
        session,
        at=now,
        actor=actor,
        action="cycle.kept",
        subject=f"cycle:{request.week}",
        details={"kitchen": request.kitchen_id, "day": request.monday.isoformat(), "lines": kept},
    )
    return kept
