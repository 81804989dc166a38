"""The states of an order: one table of allowed moves, one function that moves."""

from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import Update, bindparam, update
from sqlmodel import Session

from canteen.orders.errors import WrongStatus
from canteen.orders.models import MealOrder
from subsidies.rules.facts import Ending

Change = str | int | datetime | None


class OrderStatus(StrEnum):
    """Where an order stands between the menu and the table."""

    PLACED = "placed"
    """Stands, not yet paid; lives until its meal ends."""
    PAID = "paid"
    """Nothing is owed any more (or payment later was agreed); may be collected."""
    READY = "ready"
    """To-order kitchens: cooked and called. Batch kitchens never need it."""
    COLLECTED = "collected"
    """The meal was handed over; the subsidy is earned."""
    CANCELLED = "cancelled"
    """Taken back before the hand-over; reservations released, money returned."""
    EXPIRED = "expired"
    """Never paid until the meal ended; reservations released."""
    NOT_COLLECTED = "not_collected"
    """Paid but not fetched until the meal ended; the subsidy is not claimable."""


ALLOWED: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PLACED: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED, OrderStatus.EXPIRED}),
    # back to `placed`: cash that was taken by mistake is given back
    OrderStatus.PAID: frozenset(
        {
            OrderStatus.PLACED,
            OrderStatus.READY,
            OrderStatus.COLLECTED,
            OrderStatus.CANCELLED,
            OrderStatus.NOT_COLLECTED,
        }
    ),
    OrderStatus.READY: frozenset(
        {OrderStatus.PAID, OrderStatus.COLLECTED, OrderStatus.CANCELLED, OrderStatus.NOT_COLLECTED}
    ),
    # only an undone hand-over leaves `collected`, and only until day close
    OrderStatus.COLLECTED: frozenset({OrderStatus.PAID, OrderStatus.PLACED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.EXPIRED: frozenset(),
    OrderStatus.NOT_COLLECTED: frozenset(),
}
NOT_THE_DINERS = frozenset({"dish-gone", "substituted", "file-closed", "late-fact"})
"""Reasons of a cancelling that nobody wished for: whatever a rule set keeps of a cancelled order, it gives back then."""
OPEN = frozenset({OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.READY})
"""Still expected at the window."""


def can_advance(current: OrderStatus, wanted: OrderStatus) -> bool:
    """Whether the table allows the move."""
    return wanted in ALLOWED[current]


def advance(session: Session, /, order_id: str, current: str, wanted: OrderStatus, **changes: Change) -> None:
    """Move an order from `current` to `wanted`, with `changes` to its other columns.

    The WHERE on the old status makes the move happen once whoever else tries.

    Raises:
        WrongStatus: the table forbids the move, or somebody else moved the order first.
    """
    if not can_advance(OrderStatus(current), wanted):
        raise WrongStatus(order=order_id, status=current, wanted=wanted.value)
    result = session.execute(
        _move(tuple(changes)),
        {"order_id": order_id, "current": current, "new_status": wanted.value}
        | {f"new_{name}": value for name, value in changes.items()},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongStatus(order=order_id, status=current, wanted=wanted.value)


@cache
def _move(columns: tuple[str, ...]) -> Update:
    table = MealOrder.__table__  # type: ignore[attr-defined]
    return (
        update(table)
        .where(table.c.id == bindparam("order_id"), table.c.status == bindparam("current"))
        .values({name: bindparam(f"new_{name}") for name in ("status", *columns)})
    )


def ending_of(status: OrderStatus, reason: str) -> Ending | None:
    """How the order ended as a rule set knows it; None while it stands, and for a cancelling that was not the diner's."""
    if status is OrderStatus.CANCELLED:
        return None if reason in NOT_THE_DINERS else "cancelled"
    if status is OrderStatus.EXPIRED:
        return "expired"
    return "not_collected" if status is OrderStatus.NOT_COLLECTED else None


def ends(now: datetime, reason: str) -> dict[str, Change]:
    """The columns that record why and when an order ended."""
    return {"ended_at": now, "end_reason": reason}
