"""What was ordered and handed over at one meal: one tray, the last hand-overs, the list for a power cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from canteen.orders.errors import OrderNotFound
from canteen.orders.models import MealOrder, OrderLine
from canteen.orders.status import OPEN, OrderStatus
from canteen.people import diet_notes
from canteen.people.diet_notes import NOTHING
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, mask_name
from canteen.pickup.models import Collection

LAST = 5
"""Hand-overs shown on the window with 撤销."""


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One line of an order; `note` is a diet instruction in words."""

    item_id: int
    name: str
    portion: str
    quantity: int
    note: str


@dataclass(frozen=True, slots=True)
class Tray:
    """One order as the one who hands it over sees it: shortened name, dishes, wishes. Fen."""

    order_id: str
    canteen_id: str
    pickup_number: str
    status: str
    day: date
    meal: str
    shown_as: str
    resident_id: str | None
    lines: tuple[OrderedLine, ...]
    wishes: tuple[str, ...]
    note: str
    owed_fen: int
    paid_fen: int
    method: str
    collected_at: datetime | None
    collected_by: str
    fetched_by: str
    """Shortened name of whoever carries it, when not the diner."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One of the last hand-overs."""

    order_id: str
    pickup_number: str
    shown_as: str
    at: datetime
    by: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row of today's list: who comes for what, and whether money is to be taken. Fen."""

    pickup_number: str
    shown_as: str
    lines: tuple[OrderedLine, ...]
    owed_fen: int
    is_collected: bool
    order_id: str


@dataclass(frozen=True, slots=True)
class MealCounts:
    """Orders of a meal, without those cancelled or ended."""

    waiting: int
    collected: int


_COLUMNS: tuple[Any, ...] = (
    col(MealOrder.id),
    col(MealOrder.canteen_id),
    col(MealOrder.pickup_number),
    col(MealOrder.status),
    col(MealOrder.day),
    col(MealOrder.meal),
    col(MealOrder.resident_id),
    col(MealOrder.fetcher_id),
    col(MealOrder.self_pay_fen),
    col(MealOrder.paid_fen),
    col(MealOrder.method),
    col(Resident.name),
    col(Collection.collected_at),
    col(Collection.by_name),
)
_TRAY: Select[Any] = (
    select(*_COLUMNS)
    .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
    .outerjoin(Collection, (col(Collection.order_id) == col(MealOrder.id)) & col(Collection.undone_at).is_(None))
)


def tray(session: Session, order_id: str, *, sealer: Sealer) -> Tray:
    """One order.

    Raises:
        orders.errors.OrderNotFound: there is none.
    """
    row = session.execute(_TRAY.where(col(MealOrder.id) == order_id)).first()
    if row is None:
        raise OrderNotFound(order=order_id)
    notes = NOTHING if row.resident_id is None else diet_notes.read(session, sealer, row.resident_id)
    fetcher = None
    if row.fetcher_id is not None and row.fetcher_id != row.resident_id:
        fetcher = session.execute(select(col(Resident.name)).where(col(Resident.id) == row.fetcher_id)).scalar()
    return Tray(
        order_id=row.id,
        canteen_id=row.canteen_id,
        pickup_number=row.pickup_number,
        status=row.status,
        day=row.day,
        meal=row.meal,
        shown_as=mask_name(row.name) if row.name else "",
        resident_id=row.resident_id,
        lines=ordered_lines(session, [row.id]).get(row.id, ()),
        wishes=notes.instructions,
        note=notes.note,
        owed_fen=row.self_pay_fen - row.paid_fen,
        paid_fen=row.paid_fen,
        method=row.method,
        collected_at=row.collected_at,
        collected_by=row.by_name or "",
        fetched_by=mask_name(fetcher) if fetcher else "",
    )


def last_handed_over(session: Session, canteen_id: str, day: date, *, most: int = LAST) -> tuple[HandedOver, ...]:
    """The latest hand-overs of a day that stand, latest first."""
    rows = session.execute(
        select(
            col(Collection.order_id),
            col(MealOrder.pickup_number),
            col(Resident.name),
            col(Collection.collected_at),
            col(Collection.by_name),
        )
        .join(MealOrder, col(MealOrder.id) == col(Collection.order_id))
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(
            col(Collection.canteen_id) == canteen_id,
            col(Collection.day) == day,
            col(Collection.undone_at).is_(None),
        )
        .order_by(col(Collection.collected_at).desc(), col(Collection.id).desc())
        .limit(most)
    ).all()
    lines = ordered_lines(session, [row.order_id for row in rows])
    return tuple(
        HandedOver(
            row.order_id,
            row.pickup_number,
            mask_name(row.name) if row.name else "",
            row.collected_at,
            row.by_name,
            tuple(line.name for line in lines.get(row.order_id, ())),
        )
        for row in rows
    )


def day_list(session: Session, canteen_id: str, day: date, meal: str) -> tuple[ListLine, ...]:
    """Everyone who ordered for one meal, by number: what is printed before the power goes."""
    rows = session.execute(
        _TRAY.where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) == day,
            col(MealOrder.meal) == meal,
            col(MealOrder.status).in_([*(status.value for status in OPEN), OrderStatus.COLLECTED.value]),
        ).order_by(col(MealOrder.number_index))
    ).all()
    lines = ordered_lines(session, [row.id for row in rows])
    return tuple(
        ListLine(
            row.pickup_number,
            mask_name(row.name) if row.name else "",
            lines.get(row.id, ()),
            row.self_pay_fen - row.paid_fen,
            row.status == OrderStatus.COLLECTED,
            row.id,
        )
        for row in rows
    )


def meal_counts(session: Session, canteen_id: str, day: date, meal: str) -> MealCounts:
    """How many trays wait and how many have left."""
    rows = session.execute(
        select(col(MealOrder.status), func.count())
        .where(col(MealOrder.canteen_id) == canteen_id, col(MealOrder.day) == day, col(MealOrder.meal) == meal)
        .group_by(col(MealOrder.status))
    )
    counts: dict[str, int] = dict(rows.all())
    return MealCounts(sum(counts.get(status.value, 0) for status in OPEN), counts.get(OrderStatus.COLLECTED.value, 0))


def ordered_lines(session: Session, order_ids: Sequence[str]) -> dict[str, tuple[OrderedLine, ...]]:
    """The lines of several orders."""
    found: dict[str, tuple[OrderedLine, ...]] = {}
    rows = session.execute(
        select(
            col(OrderLine.order_id),
            col(OrderLine.menu_item_id),
            col(OrderLine.name),
            col(OrderLine.portion),
            col(OrderLine.quantity),
            col(OrderLine.note),
        )
        .where(col(OrderLine.order_id).in_(order_ids))
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    )
    for order_id, *line in rows:
        found[order_id] = (*found.get(order_id, ()), OrderedLine(*line))
    return found
