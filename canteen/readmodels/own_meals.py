"""Which meals of a month were handed over in somebody's name, and of which do they say that they were not theirs?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.confirmations import disputes
from canteen.orders.models import MealOrder, OrderLine
from canteen.pickup.models import Collection
from canteen.readmodels.locked_months import is_locked
from canteen.sites.models import Canteen
from menus.service_days import MEAL_ORDER, MealPeriod, business_day
from subsidies.months import Month, month_of


@dataclass(frozen=True, slots=True)
class OwnMeal:
    """One meal handed over. `said_at`: they say it was not theirs; `may_say`: its month is not locked."""

    order_id: str
    canteen_id: str
    canteen_name: str
    canteen_name_en: str
    day: date
    meal: str
    collected_at: datetime
    names: tuple[str, ...]
    fetched: bool
    """Somebody else carried it away."""
    said_at: datetime | None
    may_say: bool


@dataclass(frozen=True, slots=True)
class OwnMeals:
    """A diner's month, oldest first."""

    resident_id: str
    month: Month
    this_month: Month
    meals: tuple[OwnMeal, ...]

    @property
    def disputed(self) -> int:
        """How many are said not to be theirs."""
        return sum(meal.said_at is not None for meal in self.meals)


def own_meals(
    session: Session, resident_id: str, *, month: Month | None = None, now: datetime, canteen_id: str | None = None
) -> OwnMeals:
    """Of all canteens, or of one; `month` None is the one of today."""
    this_month = month_of(business_day(now))
    wanted = month or this_month
    statement = (
        select(
            col(MealOrder.id),
            col(MealOrder.canteen_id),
            col(Canteen.short_name),
            col(Canteen.name_en),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(Collection.collected_at),
            col(Collection.taken_by_resident_id),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .join(Collection, (col(Collection.order_id) == col(MealOrder.id)) & col(Collection.undone_at).is_(None))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.day) >= wanted.first,
            col(MealOrder.day) < wanted.after,
            col(MealOrder.status) == "collected",
        )
    )
    if canteen_id is not None:
        statement = statement.where(col(MealOrder.canteen_id) == canteen_id)
    rows = session.execute(statement).all()
    ids = [row.id for row in rows]
    names: dict[str, list[str]] = {}
    for order_id, name in session.execute(
        select(col(OrderLine.order_id), col(OrderLine.name))
        .where(col(OrderLine.order_id).in_(ids))
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    ):
        names.setdefault(order_id, []).append(name)
    said = disputes.standing(session, ids)
    locked = {key: is_locked(session, key, wanted.text) for key in {row.canteen_id for row in rows}}
    meals = [
        OwnMeal(
            row.id,
            row.canteen_id,
            row.short_name,
            row.name_en,
            row.day,
            row.meal,
            row.collected_at,
            tuple(names.get(row.id, ())),
            row.taken_by_resident_id not in (None, resident_id),
            said.get(row.id),
            not locked[row.canteen_id],
        )
        for row in rows
    ]
    meals.sort(key=lambda meal: (meal.day, MEAL_ORDER[MealPeriod(meal.meal)], meal.order_id))
    return OwnMeals(resident_id, wanted, this_month, tuple(meals))
