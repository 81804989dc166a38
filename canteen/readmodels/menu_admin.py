"""The manager's menus: which meals have one, what is planned on it, what could be added."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from canteen.sites import hours
from menus import queries
from menus.cycle import CycleMenu
from menus.food import FoodKind
from menus.models import Dish, Menu, MenuItem, MenuItemPart, MenuStatus, PortionTopUp, SetMeal
from menus.planning import PlannedLine
from menus.portions import FULL, MOST_PORTIONS
from menus.service_days import LOCAL, MealPeriod, business_day
from menus.top_ups import LaterPortions, Outcome


@dataclass(frozen=True, slots=True)
class MenuDay:
    """One meal ahead. `status` None: nobody has planned it."""

    day: date
    meal: MealPeriod
    status: MenuStatus | None
    lines: int
    portions: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a plan. Whole portions; `ordered` are taken already."""

    item_id: int
    kind: FoodKind
    key: str
    name: str
    price_fen: int
    portions: int
    ordered: int
    left: int
    off_sale: bool
    parts: tuple[str, ...]
    part_keys: tuple[str, ...]
    half_price_fen: int | None = None
    is_retired: bool = False
    """No longer offered, or a dish in it is: a draft cannot be published with it."""


@dataclass(frozen=True, slots=True)
class PlannedMore:
    """More portions of one line from `at` on. `outcome` is empty while it waits, see `menus.top_ups.Outcome`."""

    id: int
    kind: FoodKind
    key: str
    name: str
    at: datetime
    portions: int
    outcome: str


@dataclass(frozen=True, slots=True)
class OfferedDish:
    """A dish or kind of set meal of this kitchen that is not on the plan."""

    key: str
    name: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class PlannedMenu:
    """One meal's menu as it stands. `status` None: nobody has planned it, and there are no lines and no `id`."""

    id: int | None
    day: date
    meal: MealPeriod
    status: MenuStatus | None
    recommended_key: str | None
    lines: tuple[PlanLine, ...]
    top_ups: tuple[PlannedMore, ...]

    @property
    def retired(self) -> tuple[str, ...]:
        """Names of lines that are no longer offered whole."""
        return tuple(line.name for line in self.lines if line.is_retired)

    def planned(self, portions: Mapping[int, int]) -> tuple[PlannedLine, ...]:
        """The plan with other portions, by line id; on a draft a line of 0 portions leaves."""
        changed = tuple(replace(line, portions=portions.get(line.item_id, line.portions)) for line in self.lines)
        return tuple(_planned(line) for line in changed if line.portions or self.status is MenuStatus.PUBLISHED)

    def all_planned(self) -> tuple[PlannedLine, ...]:
        """Every line as it stands, whatever the menu's state."""
        return tuple(_planned(line) for line in self.lines)

    def to_copy(self) -> CycleMenu:
        """What another day or the cycle takes over, at the usual prices: an old day's would bring back what changed.

        Portions that came during the meal are planned for their time again, and not on top of that from the start.
        """
        come = {line.item_id: self._come(line) for line in self.lines}
        lines = tuple(
            PlannedLine(line.kind, line.key, max(0, line.portions - come[line.item_id]), None, line.part_keys)
            for line in self.lines
        )
        later = tuple(
            LaterPortions(one.kind, one.key, one.at.astimezone(LOCAL).time(), one.portions)
            for one in self.top_ups
            if one.outcome not in {Outcome.NO_LINE, Outcome.TOO_MANY}
        )
        return CycleMenu(lines, self.recommended_key, later)

    def _come(self, line: PlanLine) -> int:
        mine = (one for one in self.top_ups if (one.kind, one.key) == (line.kind, line.key))
        return sum(one.portions for one in mine if one.outcome == Outcome.ADDED)

    def line(self, key: str, kind: str) -> PlanLine | None:
        """The line of this dish or set meal."""
        return next((line for line in self.lines if (line.key, line.kind) == (key, kind)), None)

    def with_left(self, change: Mapping[int, int]) -> tuple[PlannedLine, ...]:
        """The plan after what is left of some lines, by id, moved by so many whole portions."""
        ids = {line.item_id: line.portions for line in self.lines}
        return self.planned(
            {key: min(MOST_PORTIONS, max(0, ids[key] + more)) for key, more in change.items() if key in ids}
        )


@dataclass(frozen=True, slots=True)
class MenuChoices:
    """What could be added to a plan: dishes and kinds of set meal not on it, or a whole earlier menu."""

    dishes: tuple[OfferedDish, ...]
    sets: tuple[OfferedDish, ...]
    latest: date | None
    """The last earlier day with a menu for this meal: it can be copied."""


def _planned(line: PlanLine) -> PlannedLine:
    return PlannedLine(line.kind, line.key, line.portions, line.price_fen, line.part_keys, line.half_price_fen)


def menu_days(
    session: Session, canteen_id: str, kitchen_id: str, now: datetime, *, days: int = 7
) -> tuple[MenuDay, ...]:
    """Every meal of the next open days, with the state of its menu."""
    today = business_day(now)
    rows = session.execute(
        select(
            col(Menu.day),
            col(Menu.meal),
            col(Menu.status),
            func.count(col(MenuItem.id)),
            func.sum(col(MenuItem.planned_halves)),
        )
        .outerjoin(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day) >= today, col(Menu.day) <= today + timedelta(days=60))
        .group_by(col(Menu.id), col(Menu.day), col(Menu.meal), col(Menu.status))
    )
    known = {(day, meal): (status, lines, halves or 0) for day, meal, status, lines, halves in rows}
    found = []
    for day in hours.next_open_days(session, canteen_id, today, days):
        for served in hours.serving(session, canteen_id, day):
            status, lines, halves = known.get((day, served.meal.value), (None, 0, 0))
            found.append(MenuDay(day, served.meal, MenuStatus(status) if status else None, lines, int(halves) // FULL))
    return tuple(found)


def planned_menu(session: Session, kitchen_id: str, day: date, meal: MealPeriod) -> PlannedMenu:
    """One menu; without one an empty page to begin on."""
    head = queries.menu_head(session, kitchen_id, day, meal.value)
    if head is None:
        return PlannedMenu(None, day, meal, None, None, (), ())
    lines = _lines(session, head.id)
    recommended = next((line.key for line in lines if line.item_id == head.recommended_item_id), None)
    return PlannedMenu(head.id, day, meal, head.status, recommended, lines, _top_ups(session, head.id))


def menu_choices(session: Session, kitchen_id: str, menu: PlannedMenu) -> MenuChoices:
    """What this kitchen could add to `menu`."""
    dishes = session.execute(
        select(col(Dish.key), col(Dish.name), col(Dish.price_fen))
        .where(col(Dish.kitchen_id) == kitchen_id, col(Dish.retired_at).is_(None))
        .order_by(col(Dish.course), col(Dish.name))
    )
    kinds = session.execute(
        select(col(SetMeal.key), col(SetMeal.name), col(SetMeal.price_fen))
        .where(col(SetMeal.kitchen_id) == kitchen_id, col(SetMeal.retired_at).is_(None))
        .order_by(col(SetMeal.name))
    )
    latest = session.execute(
        select(func.max(col(Menu.day)))
        .join(MenuItem, col(MenuItem.menu_id) == col(Menu.id))
        .where(col(Menu.kitchen_id) == kitchen_id, col(Menu.meal) == menu.meal.value, col(Menu.day) < menu.day)
    ).scalar()
    return MenuChoices(
        tuple(OfferedDish(*row) for row in dishes if menu.line(row[0], "dish") is None),
        tuple(OfferedDish(*row) for row in kinds if menu.line(row[0], "set") is None),
        latest,
    )


def _top_ups(session: Session, menu_id: int) -> tuple[PlannedMore, ...]:
    rows = session.execute(
        select(
            col(PortionTopUp.id),
            col(PortionTopUp.kind),
            col(PortionTopUp.key),
            func.coalesce(col(Dish.name), col(SetMeal.name)),
            col(PortionTopUp.at),
            col(PortionTopUp.portions),
            col(PortionTopUp.outcome),
        )
        .join(Menu, col(Menu.id) == col(PortionTopUp.menu_id))
        .outerjoin(
            Dish,
            and_(
                col(PortionTopUp.kind) == "dish",
                col(Dish.kitchen_id) == col(Menu.kitchen_id),
                col(Dish.key) == col(PortionTopUp.key),
            ),
        )
        .outerjoin(
            SetMeal,
            and_(
                col(PortionTopUp.kind) == "set",
                col(SetMeal.kitchen_id) == col(Menu.kitchen_id),
                col(SetMeal.key) == col(PortionTopUp.key),
            ),
        )
        .where(col(PortionTopUp.menu_id) == menu_id)
        .order_by(col(PortionTopUp.at), col(PortionTopUp.id))
    )
    return tuple(PlannedMore(*row) for row in rows)


def _lines(session: Session, menu_id: int) -> tuple[PlanLine, ...]:
    parts: dict[int, list[tuple[str, str, bool]]] = {}
    for item_id, name, key, retired_at in session.execute(
        select(col(MenuItemPart.menu_item_id), col(MenuItemPart.name), col(Dish.key), col(Dish.retired_at))
        .join(MenuItem, col(MenuItem.id) == col(MenuItemPart.menu_item_id))
        .join(Dish, col(Dish.id) == col(MenuItemPart.dish_id))
        .where(col(MenuItem.menu_id) == menu_id)
        .order_by(col(MenuItemPart.menu_item_id), col(MenuItemPart.position))
    ):
        parts.setdefault(item_id, []).append((name, key, retired_at is not None))
    rows = session.execute(
        select(
            col(MenuItem.id),
            col(MenuItem.kind),
            func.coalesce(col(Dish.key), col(SetMeal.key)).label("key"),
            col(MenuItem.name),
            col(MenuItem.price_fen),
            col(MenuItem.planned_halves),
            col(MenuItem.left_halves),
            col(MenuItem.sold_out),
            col(MenuItem.half_price_fen),
            func.coalesce(col(Dish.retired_at), col(SetMeal.retired_at)).label("retired_at"),
        )
        .outerjoin(Dish, col(Dish.id) == col(MenuItem.dish_id))
        .outerjoin(SetMeal, col(SetMeal.id) == col(MenuItem.set_meal_id))
        .where(col(MenuItem.menu_id) == menu_id)
        .order_by(col(MenuItem.position), col(MenuItem.id))
    ).all()
    return tuple(
        PlanLine(
            row.id,
            row.kind,
            row.key,
            row.name,
            row.price_fen,
            row.planned_halves // FULL,
            -(-(row.planned_halves - row.left_halves) // FULL),
            row.left_halves // FULL,
            row.sold_out,
            tuple(name for name, _, _ in parts.get(row.id, ())),
            tuple(key for _, key, _ in parts.get(row.id, ())),
            row.half_price_fen,
            row.retired_at is not None or any(gone for _, _, gone in parts.get(row.id, ())),
        )
        for row in rows
    )
