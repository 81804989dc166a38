"""A week of menus at a glance."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.sites import hours
from canteen.sites.hours import MealHours
from menus import cycle
from menus.cycle import monday_of
from menus.models import Menu, MenuItem, MenuStatus, PortionTopUp
from menus.planning import retired_on
from menus.portions import FULL
from menus.service_days import MealPeriod

WEEKS_BACK = 12


@dataclass(frozen=True, slots=True)
class MealOfPlan:
    """One meal of the week. `status` None: nothing is planned; `retired` are names of what is no longer offered.

    `later` portions wait to be added during the meal.
    """

    day: date
    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime
    status: MenuStatus | None
    sets: int
    dishes: int
    portions: int
    later: int
    recommended: str
    retired: tuple[str, ...]
    is_over: bool

    @property
    def is_open(self) -> bool:
        """Whether copying may write here: nothing, or a draft of a meal still to come."""
        return not self.is_over and self.status in {None, MenuStatus.DRAFT}


@dataclass(frozen=True, slots=True)
class DayOfPlan:
    """One day; no meals when the canteen is closed."""

    day: date
    meals: tuple[MealOfPlan, ...]


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Monday to Sunday. `earlier` are Mondays of weeks with menus, latest first; `cycle_week` the one this week would be."""

    monday: date
    days: tuple[DayOfPlan, ...]
    earlier: tuple[date, ...]
    cycle_week: int | None
    kept: frozenset[int]

    @property
    def meals(self) -> tuple[MealOfPlan, ...]:
        """Every meal of the week in its order."""
        return tuple(meal for day in self.days for meal in day.meals)

    @property
    def drafts(self) -> int:
        """Drafts that could be published."""
        return sum(1 for meal in self.meals if meal.status is MenuStatus.DRAFT and not meal.is_over)


def week_plan(session: Session, canteen_id: str, kitchen_id: str, day: date, now: datetime) -> WeekPlan:
    """The week of `day`."""
    monday = monday_of(day)
    known = _menus(session, kitchen_id, monday)
    days = tuple(
        DayOfPlan(
            on, tuple(_meal(session, on, served, known, now) for served in hours.serving(session, canteen_id, on))
        )
        for on in (monday + timedelta(days=ahead) for ahead in range(cycle.DAYS))
    )
    return WeekPlan(
        monday,
        days,
        _earlier(session, kitchen_id, monday),
        cycle.week_of(session, kitchen_id, monday),
        cycle.kept_weeks(session, kitchen_id),
    )


def _meal(
    session: Session, day: date, served: MealHours, known: Mapping[tuple[date, str], "_Known"], now: datetime
) -> MealOfPlan:
    found = known.get((day, served.meal.value), _Known())
    to_come = found.status is not MenuStatus.CLOSED and now < served.closes_at
    retired = retired_on(session, found.menu_id) if to_come and found.menu_id is not None else ()
    return MealOfPlan(
        day,
        served.meal,
        served.opens_at,
        served.closes_at,
        served.phone_cutoff_at,
        found.status,
        found.sets,
        found.dishes,
        found.portions,
        found.later,
        found.recommended,
        tuple(name for _, name in retired),
        now >= served.closes_at,
    )


@dataclass(slots=True)
class _Known:
    menu_id: int | None = None
    status: MenuStatus | None = None
    sets: int = 0
    dishes: int = 0
    portions: int = 0
    later: int = 0
    recommended: str = ""


def _menus(session: Session, kitchen_id: str, monday: date) -> dict[tuple[date, str], _Known]:
    of_week = (
        col(Menu.kitchen_id) == kitchen_id,
        col(Menu.day) >= monday,
        col(Menu.day) < monday + timedelta(days=cycle.DAYS),
    )
    rows = session.execute(
        select(
            col(Menu.id),
            col(Menu.day),
            col(Menu.meal),
            col(Menu.status),
            col(Menu.recommended_item_id),
            col(MenuItem.id).label("item_id"),
            col(MenuItem.kind),
            col(MenuItem.name),
            col(MenuItem.planned_halves),
        )
        .outerjoin(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(*of_week)
    )
    found: dict[tuple[date, str], _Known] = defaultdict(_Known)
    for row in rows:
        known = found[row.day, row.meal]
        known.menu_id, known.status = row.id, MenuStatus(row.status)
        if row.item_id is not None:
            known.sets += row.kind == "set"
            known.dishes += row.kind == "dish"
            known.portions += row.planned_halves // FULL
            if row.item_id == row.recommended_item_id:
                known.recommended = row.name
    waiting = session.execute(
        select(col(Menu.day), col(Menu.meal), func.sum(col(PortionTopUp.portions)))
        .join(Menu, col(Menu.id) == col(PortionTopUp.menu_id))
        .where(*of_week, col(PortionTopUp.done_at).is_(None))
        .group_by(col(Menu.day), col(Menu.meal))
    )
    for day, meal, portions in waiting:
        found[day, meal].later = int(portions)
    return dict(found)


def _earlier(session: Session, kitchen_id: str, monday: date) -> tuple[date, ...]:
    days = session.execute(
        select(col(Menu.day))
        .join(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(
            col(Menu.kitchen_id) == kitchen_id,
            col(Menu.day) < monday,
            col(Menu.day) >= monday - timedelta(weeks=WEEKS_BACK),
        )
        .distinct()
    ).scalars()
    return tuple(sorted({monday_of(day) for day in days}, reverse=True))
