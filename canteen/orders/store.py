"""Orders as rows in and frozen views out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, insert, select, update
from sqlmodel import Session, col

from canteen.orders.errors import OrderNotFound
from canteen.orders.models import DoubleMeal, MealOrder, OrderCounter, OrderLine, OrderShare
from canteen.orders.status import OPEN, OrderStatus


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it stands; sums in fen."""

    id: str
    canteen_id: str
    menu_id: int
    day: date
    meal: str
    resident_id: str | None
    fetcher_id: str | None
    channel: str
    status: str
    list_fen: int
    subsidy_fen: int
    self_pay_fen: int
    paid_fen: int
    method: str
    rule_set_id: int | None
    over_budget: bool
    pickup_number: str
    placed_at: datetime
    deadline_at: datetime
    ended_at: datetime | None
    end_reason: str
    offline_reason: str

    @property
    def owed_fen(self) -> int:
        """What must still be paid."""
        return self.self_pay_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class ShareView:
    """One funder's part of an order, by one rule and category."""

    funder: str
    programme: str
    rule: str
    category: str
    fen: int


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of an order."""

    position: int
    menu_item_id: int
    name: str
    portion: str
    quantity: int
    unit_fen: int
    note: str

    @property
    def halves(self) -> int:
        """Stock it holds, in half portions."""
        return self.quantity * (1 if self.portion == "half" else 2)


_FIELDS = tuple(OrderView.__dataclass_fields__)
_VIEW: Select[Any] = select(*(col(getattr(MealOrder, name)) for name in _FIELDS))
_BY_ID = _VIEW.where(col(MealOrder.id) == bindparam("id"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_AT_ONCE = 500
_HOLD = (
    select(col(MealOrder.id))
    .where(col(MealOrder.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(MealOrder.id))
    .with_for_update()
)
_DINERS = select(col(MealOrder.resident_id)).where(col(MealOrder.id).in_(bindparam("ids", expanding=True))).distinct()
_OPEN_OF = (
    _VIEW.where(
        col(MealOrder.resident_id) == bindparam("resident"),
        col(MealOrder.status).in_([status.value for status in OPEN]),
    )
    .order_by(col(MealOrder.id))
    .with_for_update()
)
_BY_CODE = _VIEW.where(col(MealOrder.code_hash) == bindparam("hash")).with_for_update()


def get(session: Session, order_id: str, *, lock: bool = False) -> OrderView:
    """The order; with `lock` held until the transaction ends.

    Raises:
        OrderNotFound: there is none.
    """
    row = session.execute(_BY_ID_LOCKED if lock else _BY_ID, {"id": order_id}).one_or_none()
    if row is None:
        raise OrderNotFound(order=order_id)
    return OrderView(*row)


def hold(session: Session, order_ids: Iterable[str]) -> None:
    """Keep them from changing until the transaction ends, in the order of their keys."""
    wanted = sorted(order_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        session.execute(_HOLD, {"ids": wanted[start : start + _AT_ONCE]}).all()


def diners(session: Session, order_ids: Iterable[str]) -> set[str | None]:
    """Whose orders these are; None for guests."""
    wanted, found = sorted(order_ids), set[str | None]()
    for start in range(0, len(wanted), _AT_ONCE):
        found |= set(session.execute(_DINERS, {"ids": wanted[start : start + _AT_ONCE]}).scalars())
    return found


def by_code(session: Session, code_hash: str) -> OrderView | None:
    """The order whose pick-up code has this keyed hash, locked."""
    row = session.execute(_BY_CODE, {"hash": code_hash}).one_or_none()
    return OrderView(*row) if row else None


def of_meal(
    session: Session,
    *,
    day: date,
    meal: str,
    canteen_id: str | None = None,
    resident_id: str | None = None,
    fetcher_id: str | None = None,
    number: str | None = None,
    only_open: bool = False,
) -> list[OrderView]:
    """Orders of one meal that fit every given filter, oldest first, locked."""
    wanted = {
        "canteen_id": canteen_id,
        "resident_id": resident_id,
        "fetcher_id": fetcher_id,
        "pickup_number": number,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    rows = session.execute(_of_meal(tuple(given), only_open=only_open), {"day": day, "meal": meal, **given}).all()
    return [OrderView(*row) for row in rows]


def open_of(session: Session, resident_id: str) -> list[OrderView]:
    """Orders of this diner that still wait, of any day, by id, locked."""
    return [OrderView(*row) for row in session.execute(_OPEN_OF, {"resident": resident_id})]


@cache
def _of_meal(columns: tuple[str, ...], *, only_open: bool) -> Select[Any]:
    statement = _VIEW.where(*(col(getattr(MealOrder, name)) == bindparam(name) for name in ("day", "meal", *columns)))
    if only_open:
        statement = statement.where(col(MealOrder.status).in_([status.value for status in OPEN]))
    return statement.order_by(col(MealOrder.id)).with_for_update()


def shares(session: Session, order_id: str) -> tuple[ShareView, ...]:
    """Who pays how much besides the diner."""
    return tuple(ShareView(*row) for row in session.execute(_SHARES, {"id": order_id}).all())


def lines(session: Session, order_id: str) -> tuple[LineView, ...]:
    """What was ordered."""
    return tuple(LineView(*row) for row in session.execute(_LINES, {"id": order_id}).all())


def counters(session: Session, order_id: str) -> list[tuple[str, str, str, int]]:
    """Entitlement counters the order took: (name, period, canteen, take), in key order."""
    return [tuple(row) for row in session.execute(_COUNTERS, {"id": order_id}).all()]


def store(
    session: Session,
    order: dict[str, Any],
    lines: Sequence[dict[str, Any]],
    shares: Sequence[dict[str, Any]],
    counters: Sequence[dict[str, Any]],
) -> None:
    """Insert one order with its parts."""
    session.execute(_INSERT_ORDER, order)
    session.execute(_INSERT_LINE, list(lines))
    if shares:
        session.execute(_INSERT_SHARE, list(shares))
    if counters:
        session.execute(_INSERT_COUNTER, list(counters))


_INSERT_ORDER = insert(MealOrder.__table__)  # type: ignore[attr-defined]
_INSERT_LINE = insert(OrderLine.__table__)  # type: ignore[attr-defined]
_INSERT_SHARE = insert(OrderShare.__table__)  # type: ignore[attr-defined]
_INSERT_COUNTER = insert(OrderCounter.__table__)  # type: ignore[attr-defined]
_SHARES = (
    select(
        col(OrderShare.funder),
        col(OrderShare.programme),
        col(OrderShare.rule),
        col(OrderShare.category),
        col(OrderShare.fen),
    )
    .where(col(OrderShare.order_id) == bindparam("id"))
    .order_by(col(OrderShare.position))
)
_LINES = (
    select(
        col(OrderLine.position),
        col(OrderLine.menu_item_id),
        col(OrderLine.name),
        col(OrderLine.portion),
        col(OrderLine.quantity),
        col(OrderLine.unit_fen),
        col(OrderLine.note),
    )
    .where(col(OrderLine.order_id) == bindparam("id"))
    .order_by(col(OrderLine.position))
)
_COUNTERS = (
    select(col(OrderCounter.name), col(OrderCounter.period), col(OrderCounter.canteen), col(OrderCounter.take))
    .where(col(OrderCounter.order_id) == bindparam("id"))
    .order_by(col(OrderCounter.name), col(OrderCounter.period), col(OrderCounter.canteen))
)


def change_diner(session: Session, gone: str, kept: str) -> list[str]:
    """Orders of a file that was taken over follow it; returns their ids. The database lets nothing else change a diner.

    What they hold (lines, shares, counters, entries in the books) stays as it was written.
    """
    moved = session.execute(
        update(MealOrder)
        .where(col(MealOrder.resident_id) == gone)
        .values(resident_id=kept)
        .returning(col(MealOrder.id))
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        update(MealOrder)
        .where(col(MealOrder.fetcher_id) == gone)
        .values(fetcher_id=kept)
        .execution_options(synchronize_session=False)
    )
    return [row[0] for row in moved]


def beyond(session: Session, resident_id: str, counter: tuple[str, str, str], cap: int) -> list[tuple[str, str]]:
    """(order, the one before) of every standing order that took this entitlement after `cap` others had, collected first.

    `counter`: name, period and canteen, as stored with the orders.
    """
    name, period, canteen = counter
    rows = session.execute(
        select(col(OrderCounter.order_id))
        .join(MealOrder, col(MealOrder.id) == col(OrderCounter.order_id))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(OrderCounter.name) == name,
            col(OrderCounter.period) == period,
            col(OrderCounter.canteen) == canteen,
            col(MealOrder.status).in_([status.value for status in (*OPEN, OrderStatus.COLLECTED)]),
        )
        .order_by(case((col(MealOrder.status) == OrderStatus.COLLECTED.value, 0), else_=1), col(MealOrder.placed_at))
    ).all()
    orders = [row[0] for row in rows]
    return [(order, orders[place - 1]) for place, order in enumerate(orders) if place >= max(cap, 1)]


def note_double(session: Session, order_id: str, first: str, merge_id: str) -> None:
    """List this meal as a second one; once is enough."""
    known = session.execute(select(col(DoubleMeal.order_id)).where(col(DoubleMeal.order_id) == order_id)).first()
    if known is None:
        session.execute(insert(DoubleMeal).values(order_id=order_id, first_order_id=first, merge_id=merge_id))
