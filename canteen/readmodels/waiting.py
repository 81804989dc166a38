"""From when can an order be collected, and how long is that from now?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.store import OrderView
from canteen.sites import hours, places
from canteen.sites.models import KitchenMode

RECENT = 20
"""Orders a pace is taken from: what the kitchen does now, not what it did last week."""
FEWEST = 3
"""From fewer than these nobody can tell a pace."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`opens_at`: the serving begins then, and has not yet (None: it has). `minutes` from now; None: nobody can tell."""

    opens_at: datetime | None
    minutes: int | None


def waiting(session: Session, order: OrderView, *, now: datetime) -> Waiting:
    """A batch kitchen has the meal on the counter when serving begins; one that cooks to order takes its recent pace."""
    opens_at = next(
        (meal.opens_at for meal in hours.serving(session, order.canteen_id, order.day) if meal.meal == order.meal), None
    )
    if opens_at is not None and now < opens_at:
        return Waiting(opens_at, _minutes(opens_at - now))
    if places.canteen(session, order.canteen_id).mode == KitchenMode.BATCH:
        return Waiting(None, 0)
    pace = _pace(session, order, opens_at or order.placed_at)
    return Waiting(None, None if pace is None else max(0, _minutes(order.placed_at + pace - now)))


def _minutes(left: timedelta) -> int:
    return -int(-left.total_seconds() // 60)


def _pace(session: Session, order: OrderView, opens_at: datetime) -> timedelta | None:
    """Median time from order (or the beginning of the meal) to 做好了, of this meal's orders made last."""
    rows = session.execute(
        select(col(MealOrder.placed_at), col(MealOrder.ready_at))
        .where(
            col(MealOrder.canteen_id) == order.canteen_id,
            col(MealOrder.day) == order.day,
            col(MealOrder.meal) == order.meal,
            col(MealOrder.ready_at).is_not(None),
        )
        .order_by(col(MealOrder.ready_at).desc())
        .limit(RECENT)
    ).all()
    taken = [ready_at - max(placed_at, opens_at) for placed_at, ready_at in rows]
    return median(taken) if len(taken) >= FEWEST else None
