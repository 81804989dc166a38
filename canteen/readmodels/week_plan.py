"""A week of menus at a glance, and what another week or the cycle would put into it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.readmodels.menu_admin import planned_menu
from canteen.sites import hours
from canteen.sites.hours import MealHours
from menus import cycle
from menus.cycle import CycleMenu, MealOfWeek, monday_of
from menus.models import Dish, Menu, MenuItem, MenuStatus, SetMeal
from menus.planning import PlannedLine, retired_on
from menus.portions import FULL
from menus.service_days import MealPeriod

WEEKS_BACK = 12


@dataclass(frozen=True, slots=True)
class MealOfPlan:
    """One meal of the week. `status` None: nothing is planned; `retired` are names of what is no longer offered."""

    day: date
    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    phone_cutoff_at: datetime
    status: MenuStatus | None
    sets: int
    dishes: int
    portions: int
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


@dataclass(frozen=True, slots=True)
class Takeover:
    """What would go into one meal. `missing` are names of what was left out because it is no longer offered."""

    day: date
    meal: MealPeriod
    lines: tuple[PlannedLine, ...]
    recommended: str | None
    missing: tuple[str, ...]


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


def from_week(session: Session, plan: WeekPlan, kitchen_id: str, source: date) -> tuple[Takeover, ...]:
    """What the week of `source` would put into the meals of `plan` that are still open, at the usual prices."""
    shift = plan.monday - monday_of(source)
    wanted = {}
    for meal in plan.meals:
        if meal.is_open:
            page = planned_menu(session, kitchen_id, meal.day - shift, meal.meal)
            lines = tuple(replace(line, price_fen=None, half_price_fen=None) for line in page.all_planned())
            wanted[meal.day, meal.meal] = CycleMenu(lines, page.recommended_key)
    return _offered(session, kitchen_id, wanted)


def from_cycle(session: Session, plan: WeekPlan, kitchen_id: str, week: int) -> tuple[Takeover, ...]:
    """What week `week` of the cycle would put into them.

    Raises:
        menus.errors.CycleWeekUnknown: not 1 to 4.
    """
    kept = cycle.read_week(session, kitchen_id, week)
    nothing = CycleMenu((), None)
    wanted = {
        (meal.day, meal.meal): kept.get((meal.day.isoweekday(), meal.meal.value), nothing)
        for meal in plan.meals
        if meal.is_open
    }
    return _offered(session, kitchen_id, wanted)


def to_keep(session: Session, plan: WeekPlan, kitchen_id: str) -> dict[MealOfWeek, CycleMenu]:
    """The week as the cycle would keep it."""
    kept: dict[MealOfWeek, CycleMenu] = {}
    for meal in plan.meals:
        page = planned_menu(session, kitchen_id, meal.day, meal.meal)
        if page.lines:
            kept[meal.day.isoweekday(), meal.meal.value] = CycleMenu(page.all_planned(), page.recommended_key)
    return kept


def _meal(
    session: Session, day: date, served: MealHours, known: Mapping[tuple[date, str], "_Known"], now: datetime
) -> MealOfPlan:
    found = known.get((day, served.meal.value), _Known())
    open_draft = found.menu_id is not None and found.status is not MenuStatus.CLOSED and now < served.closes_at
    retired = retired_on(session, found.menu_id) if open_draft and found.menu_id is not None else ()
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
    recommended: str = ""


def _menus(session: Session, kitchen_id: str, monday: date) -> dict[tuple[date, str], _Known]:
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
        .where(
            col(Menu.kitchen_id) == kitchen_id,
            col(Menu.day) >= monday,
            col(Menu.day) < monday + timedelta(days=cycle.DAYS),
        )
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


def _offered(
    session: Session, kitchen_id: str, wanted: Mapping[tuple[date, MealPeriod], CycleMenu]
) -> tuple[Takeover, ...]:
    """The same without what is retired: a line goes, and so does a dish inside a set meal; a set without dishes goes."""
    gone = _retired_names(session, kitchen_id, (line for menu in wanted.values() for line in menu.lines))
    found = []
    for (day, meal), menu in wanted.items():
        missing: dict[str, None] = {}
        lines = []
        for line in menu.lines:
            if (line.kind, line.key) in gone:
                missing[gone[line.kind, line.key]] = None
                continue
            parts = tuple(part for part in line.parts if ("dish", part) not in gone)
            missing |= {gone["dish", part]: None for part in line.parts if ("dish", part) in gone}
            if parts or not line.parts:
                lines.append(replace(line, parts=parts))
        keys = {line.key for line in lines}
        recommended = menu.recommended if menu.recommended in keys else None
        found.append(Takeover(day, meal, tuple(lines), recommended, tuple(missing)))
    return tuple(found)


def _retired_names(session: Session, kitchen_id: str, lines: Iterable[PlannedLine]) -> dict[tuple[str, str], str]:
    """(kind, key) → name of what a kitchen no longer offers, or never did, among these lines and their parts."""
    asked: set[tuple[str, str]] = set()
    for line in lines:
        asked |= {(line.kind, line.key), *(("dish", part) for part in line.parts)}
    gone: dict[tuple[str, str], str] = {}
    tables: tuple[tuple[str, type[Dish] | type[SetMeal]], ...] = (("dish", Dish), ("set", SetMeal))
    for kind, table in tables:
        rows = session.execute(
            select(col(table.key), col(table.name), col(table.retired_at)).where(col(table.kitchen_id) == kitchen_id)
        ).all()
        known = {key: (name, retired_at) for key, name, retired_at in rows}
        for asked_kind, key in asked:
            if asked_kind == kind and (key not in known or known[key][1] is not None):
                gone[kind, key] = known[key][0] if key in known else key
    return gone
