"""Every order of past days, one after the other as they were placed: what a simulation decides again."""

import heapq
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus, ending_of
from menus.service_days import LOCAL
from subsidies.rules.facts import Ending
from subsidies.simulation import Simulation, Take

_STEP = 2_000
_AHEAD, _LATE = timedelta(days=60), timedelta(days=60)
"""No meal is ordered earlier than this before its day, nor entered by hand later after it."""
_WITHOUT_A_MEAL = tuple(
    status.value for status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.NOT_COLLECTED)
)
_ORDERS = SQLModel.metadata.tables[str(MealOrder.__tablename__)]
_O = _ORDERS.c

OnStep = Callable[[int, int], None]
"""(orders read, orders in all)."""


class PastOrder(NamedTuple):
    """One order as it was stored. `given_back_at`: when an order without a meal ended and gave back what it held.

    `ending` is how it ended as a rule set knows it.
    """

    id: str
    canteen_id: str
    day: date
    resident_id: str | None
    is_collected: bool
    subsidy_fen: int
    self_pay_fen: int
    rule_set_id: int | None
    given_back_at: datetime | None
    inputs: bytes
    ending: Ending | None


class Endings:
    """Orders that ended without a meal: what they took may be used again by whoever orders after that, and not before."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._awaited: list[tuple[str, str, str, tuple[Take, ...]]] = []

    def until(self, order: PastOrder) -> None:
        """Give back what had ended when this order was placed."""
        while self._awaited and self._awaited[0][0] <= order.id:
            _, resident, canteen, takes = heapq.heappop(self._awaited)
            self._simulation.give_back(resident, canteen, takes)

    def await_end(self, order: PastOrder, takes: tuple[Take, ...]) -> None:
        """What this order took is given back when it ended, as far as the set gives it back."""
        takes = self._simulation.released(takes, order.ending)
        if takes and order.given_back_at is not None and order.resident_id is not None:
            heapq.heappush(self._awaited, (key_at(order.given_back_at), order.resident_id, order.canteen_id, takes))


def orders_as_placed(
    session: Session,
    since: date,
    until: date,
    canteens: tuple[str, ...],
    on_step: OnStep | None = None,
    *,
    resident_id: str | None = None,
) -> Iterator[PastOrder]:
    """Orders (of one diner) for `since` ≤ day < `until` in the order they were placed; a few thousand are held at a time."""
    placed = [_O.id >= key_at(_midnight(since - _AHEAD)), _O.id < key_at(_midnight(until + _LATE))]
    if resident_id is not None:
        placed.append(_O.resident_id == resident_id)
    whole = session.execute(select(func.count()).select_from(_ORDERS).where(*placed)).scalar_one() if on_step else 0
    rows = session.execute(
        select(
            _O.id,
            _O.canteen_id,
            _O.day,
            _O.resident_id,
            _O.status == OrderStatus.COLLECTED.value,
            _O.subsidy_fen,
            _O.self_pay_fen,
            _O.rule_set_id,
            case((_O.status.in_(_WITHOUT_A_MEAL), _O.ended_at)),
            _O.inputs,
            _O.status,
            _O.end_reason,
        )
        .where(*placed)
        .order_by(_O.id)
        .execution_options(yield_per=_STEP)
    )
    for done, row in enumerate(rows, 1):
        if on_step and done % _STEP == 0:
            on_step(done, whole)
        *stored, status, reason = row
        order = PastOrder._make((*stored, ending_of(OrderStatus(status), reason)))
        if order.canteen_id in canteens and since <= order.day < until:
            yield order
    if on_step:
        on_step(whole, whole)


def key_at(instant: datetime) -> str:
    """Orders placed earlier have smaller keys, others greater ones: a key begins with the instant it was made."""
    return str(ULID.from_datetime(instant))[:10] + "0" * 16


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)
