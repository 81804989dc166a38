"""What did the kitchen produce, what was served, what is left? Dish by dish: for the cook, and for whoever closes the day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import HALVES, MealOrder, OrderLine
from canteen.orders.status import OrderStatus
from menus import kitchen_counts
from menus.kitchen_counts import Counted, CountView
from menus.models import Dish, Menu, MenuItem, MenuStatus
from menus.portions import FULL
from menus.service_days import MEAL_ORDER, MealPeriod


@dataclass(frozen=True, slots=True)
class CountChange:
    """One typed number, in portions, with what stood before (None: nothing)."""

    what: Counted
    portions: float
    before: float | None
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class DishKitchen:
    """One dish at one meal. Portions, half ones count 0.5; `made` and `left` are None until the cook has typed them."""

    dish_id: int
    name: str
    name_en: str
    planned: float
    board_made: float
    """What the board was told, set meals taken apart; only a hint."""
    served: float
    made: float | None
    left: float | None
    changes: tuple[CountChange, ...]

    @property
    def missing(self) -> float | None:
        """Made, but neither served nor left; negative: more went out than was made. None until both are typed."""
        return None if self.made is None or self.left is None else self.made - self.served - self.left

    @property
    def served_over_made(self) -> bool:
        """More handed over than cooked: a difference of the month."""
        return self.made is not None and self.served > self.made

    @property
    def corrected(self) -> bool:
        """Whether a typed number was changed afterwards."""
        return any(change.before is not None for change in self.changes)


@dataclass(frozen=True, slots=True)
class MealKitchen:
    """One meal of one kitchen; dishes in the manager's order, each once."""

    menu_id: int
    day: date
    meal: MealPeriod
    status: MenuStatus
    dishes: tuple[DishKitchen, ...]

    @property
    def not_typed(self) -> int:
        """Dishes without made or without left."""
        return sum(1 for dish in self.dishes if dish.made is None or dish.left is None)


def kitchen_day(session: Session, kitchen_id: str, day: date) -> tuple[MealKitchen, ...]:
    """Every published or closed meal of a day, in the order of the day."""
    menus = session.execute(
        select(col(Menu.id), col(Menu.meal), col(Menu.status)).where(
            col(Menu.kitchen_id) == kitchen_id, col(Menu.day) == day, col(Menu.status) != MenuStatus.DRAFT.value
        )
    ).all()
    return tuple(
        MealKitchen(menu_id, day, MealPeriod(meal), MenuStatus(status), _dishes(session, menu_id))
        for menu_id, meal, status in sorted(menus, key=lambda menu: MEAL_ORDER[MealPeriod(menu.meal)])
    )


def _dishes(session: Session, menu_id: int) -> tuple[DishKitchen, ...]:
    lines = session.execute(
        select(col(MenuItem.id), col(MenuItem.planned_halves), col(MenuItem.made_portions))
        .where(col(MenuItem.menu_id) == menu_id)
        .order_by(col(MenuItem.position), col(MenuItem.id))
    ).all()
    cooked = kitchen_counts.dishes_of(session, menu_id)
    served = _served_halves(session, menu_id)
    sums: dict[int, list[float]] = {}
    for item_id, planned, made in lines:
        for dish in cooked.get(item_id, ()):
            place = sums.setdefault(dish, [0.0, 0.0, 0.0])
            place[0] += planned / FULL
            place[1] += made
            place[2] += served.get(item_id, 0) / FULL
    names = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(col(Dish.id), col(Dish.name), col(Dish.name_en)).where(col(Dish.id).in_(list(sums)))
        )
    }
    changes = _changes(kitchen_counts.history(session, menu_id))
    return tuple(
        DishKitchen(
            dish,
            *names[dish],
            planned=planned,
            board_made=made,
            served=handed,
            made=_standing(changes.get(dish, ()), Counted.MADE),
            left=_standing(changes.get(dish, ()), Counted.LEFT),
            changes=changes.get(dish, ()),
        )
        for dish, (planned, made, handed) in sums.items()
    )


def _served_halves(session: Session, menu_id: int) -> dict[int, int]:
    rows = session.execute(
        select(col(OrderLine.menu_item_id), func.sum(HALVES))
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .where(col(MealOrder.menu_id) == menu_id, col(MealOrder.status) == OrderStatus.COLLECTED.value)
        .group_by(col(OrderLine.menu_item_id))
    )
    return {item_id: int(halves) for item_id, halves in rows}


def _changes(views: tuple[CountView, ...]) -> dict[int, tuple[CountChange, ...]]:
    found: dict[int, list[CountChange]] = {}
    last: dict[tuple[int, Counted], float] = {}
    for view in views:
        key = (view.dish_id, view.what)
        portions = view.halves / FULL
        change = CountChange(view.what, portions, last.get(key), view.at, view.by_name)
        found.setdefault(view.dish_id, []).append(change)
        last[key] = portions
    return {dish: tuple(changes) for dish, changes in found.items()}


def _standing(changes: tuple[CountChange, ...], what: Counted) -> float | None:
    return next((change.portions for change in reversed(changes) if change.what is what), None)
