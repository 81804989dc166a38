"""What hangs above the window for everybody to see? Numbers and the time of the meal; never a name, a dish or a sum."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.sites import hours, places
from canteen.sites.errors import NoMealAhead
from canteen.sites.hours import MealAt
from canteen.sites.models import KitchenMode
from canteen.sites.places import CanteenView

MOST_READY, MOST_COOKING = 8, 12
"""What can be read from three metres."""


@dataclass(frozen=True, slots=True)
class PickupBoard:
    """D1. `meal` None: the canteen has no hours. In batch kitchens nobody calls numbers: `ready` and `cooking` are empty."""

    canteen: CanteenView
    meal: MealAt | None
    calls_numbers: bool
    ready: tuple[str, ...]
    """Called last first."""
    cooking: tuple[str, ...]
    """Ordered first first."""


def pickup_board(session: Session, canteen_id: str, now: datetime) -> PickupBoard:
    """D1 at `now`.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    canteen = places.canteen(session, canteen_id)
    try:
        meal = hours.current_or_next_meal(session, canteen_id, now)
    except NoMealAhead:
        return PickupBoard(canteen, None, calls_numbers=False, ready=(), cooking=())
    if canteen.mode is KitchenMode.BATCH or not meal.is_serving:
        return PickupBoard(canteen, meal, calls_numbers=canteen.mode is not KitchenMode.BATCH, ready=(), cooking=())
    at = (canteen_id, meal.day, meal.meal.value)
    ready = _numbers(session, *at, OrderStatus.READY)
    cooking = _numbers(session, *at, OrderStatus.PAID)
    return PickupBoard(
        canteen, meal, calls_numbers=True, ready=ready[::-1][:MOST_READY], cooking=cooking[:MOST_COOKING]
    )


def _numbers(session: Session, canteen_id: str, day: date, meal: str, status: OrderStatus) -> tuple[str, ...]:
    rows = session.execute(
        select(col(MealOrder.pickup_number))
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) == day,
            col(MealOrder.meal) == meal,
            col(MealOrder.status) == status.value,
        )
        .order_by(col(MealOrder.ready_at), col(MealOrder.number_index))
    )
    return tuple(row[0] for row in rows)
