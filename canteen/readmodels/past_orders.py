"""Every order of past days, one after the other as they were placed: what a simulation decides again."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.orders.models import MealOrder
from menus.service_days import LOCAL

_STEP = 2_000
_AHEAD, _LATE = timedelta(days=60), timedelta(days=60)
"""No meal is ordered earlier than this before its day, nor entered by hand later after it."""
_ORDERS = SQLModel.metadata.tables[str(MealOrder.__tablename__)]
_O = _ORDERS.c

OnStep = Callable[[int, int], None]
"""(orders read, orders in all)."""


def orders_as_placed(
    session: Session, since: date, until: date, canteens: tuple[str, ...], on_step: OnStep | None
) -> Iterator[Row[Any]]:
    """Orders for `since` ≤ day < `until` in the order they were placed: the key of an order begins with that instant.

    Rows of these columns; a few thousand are held at a time.
    """
    placed = (_O.id >= _first_key(since - _AHEAD), _O.id < _first_key(until + _LATE))
    whole = session.execute(select(func.count()).select_from(_ORDERS).where(*placed)).scalar_one() if on_step else 0
    rows = session.execute(
        select(
            _O.id,
            _O.canteen_id,
            _O.day,
            _O.resident_id,
            _O.status,
            _O.subsidy_fen,
            _O.self_pay_fen,
            _O.rule_set_id,
            _O.placed_at,
            _O.ended_at,
            _O.inputs,
        )
        .where(*placed)
        .order_by(_O.id)
        .execution_options(yield_per=_STEP)
    )
    for done, row in enumerate(rows, 1):
        if on_step and done % _STEP == 0:
            on_step(done, whole)
        if row.canteen_id in canteens and since <= row.day < until:
            yield row
    if on_step:
        on_step(whole, whole)


def _first_key(day: date) -> str:
    """No order placed on `day` or later has a smaller key."""
    return str(ULID.from_datetime(datetime.combine(day, time.min, LOCAL)))[:10] + "0" * 16
