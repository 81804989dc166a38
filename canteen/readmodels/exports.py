"""Tables of a canteen's days to take away: orders, meals, money. No category, no subsidy, no whole name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderLine
from canteen.orders.status import OrderStatus
from canteen.payments.models import Payment, Wallet
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.pickup.models import Collection
from canteen.readmodels.audit_page import names_of
from menus.models import Menu, MenuItem
from menus.service_days import MEAL_ORDER, MealPeriod

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order; fen."""

    day: date
    meal: str
    number: str
    name: str
    status: str
    channel: str
    placed_at: datetime
    collected_at: datetime | None
    list_fen: int
    self_pay_fen: int
    paid_fen: int
    id: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of one order; fen."""

    day: date
    meal: str
    number: str
    item: str
    is_half: bool
    quantity: int
    unit_fen: int
    status: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a menu; whole portions (halves count a half, rounded down)."""

    day: date
    meal: str
    item: str
    planned: float
    ordered: float
    served: float
    made: int
    left: float


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment; fen, money that left is below zero."""

    at: datetime
    day: date
    purpose: str
    method: str
    fen: int
    name: str
    number: str
    by: str
    """The name of the account, device or program; else what kind of actor: `resident`, `guest`, `job`."""


def order_rows(session: Session, canteen_id: str, days: Days) -> tuple[OrderRow, ...]:
    """Every order of these days, in the order of the day."""
    rows = session.execute(
        select(
            col(MealOrder.day), col(MealOrder.meal), col(MealOrder.pickup_number), col(Resident.name),
            col(MealOrder.status), col(MealOrder.channel), col(MealOrder.placed_at), col(Collection.collected_at),
            col(MealOrder.list_fen), col(MealOrder.self_pay_fen), col(MealOrder.paid_fen), col(MealOrder.id),
        )
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .outerjoin(
            Collection, (col(Collection.order_id) == col(MealOrder.id)) & col(Collection.undone_at).is_(None)
        )
        .where(col(MealOrder.canteen_id) == canteen_id, col(MealOrder.day).between(days.first, days.last))
    ).all()  # fmt: skip
    found = [
        OrderRow(
            row.day, row.meal, row.pickup_number, mask_name(row.name or ""), row.status, row.channel, row.placed_at,
            row.collected_at, row.list_fen, row.self_pay_fen, row.paid_fen, row.id,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (row.day, MEAL_ORDER[MealPeriod(row.meal)], row.placed_at, row.id)))


def line_rows(session: Session, canteen_id: str, days: Days) -> tuple[LineRow, ...]:
    """What every order of these days holds."""
    rows = session.execute(
        select(
            col(MealOrder.day), col(MealOrder.meal), col(MealOrder.pickup_number), col(OrderLine.name),
            col(OrderLine.portion), col(OrderLine.quantity), col(OrderLine.unit_fen), col(MealOrder.status),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(MealOrder.id))
        .where(col(MealOrder.canteen_id) == canteen_id, col(MealOrder.day).between(days.first, days.last))
        .order_by(col(MealOrder.day), col(MealOrder.placed_at), col(MealOrder.id), col(OrderLine.position))
    ).all()  # fmt: skip
    return tuple(
        LineRow(
            row.day,
            row.meal,
            row.pickup_number,
            row.name,
            row.portion == "half",
            row.quantity,
            row.unit_fen,
            row.status,
        )
        for row in rows
    )


def item_rows(session: Session, canteen_id: str, kitchen_id: str, days: Days) -> tuple[ItemRow, ...]:
    """Every line of the menus of these days: planned and made by the kitchen, ordered and served at this canteen."""
    items = session.execute(
        select(
            col(MenuItem.id), col(Menu.day), col(Menu.meal), col(MenuItem.name), col(MenuItem.planned_halves),
            col(MenuItem.made_portions), col(MenuItem.left_halves), col(MenuItem.position),
        )
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day).between(days.first, days.last))
    ).all()  # fmt: skip
    stands = (OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.READY, OrderStatus.COLLECTED)
    ordered = _halves(session, canteen_id, days, stands)
    served = _halves(session, canteen_id, days, (OrderStatus.COLLECTED,))
    found = [
        (
            (row.day, MEAL_ORDER[MealPeriod(row.meal)], row.position),
            ItemRow(
                row.day, row.meal, row.name, row.planned_halves / 2, ordered.get(row.id, 0) / 2,
                served.get(row.id, 0) / 2, row.made_portions, row.left_halves / 2,
            ),
        )
        for row in items
    ]  # fmt: skip
    return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))


def _halves(session: Session, canteen_id: str, days: Days, among: Sequence[OrderStatus]) -> dict[int, int]:
    """Half portions by line of the menu."""
    found: dict[int, int] = {}
    for item, portion, quantity in session.execute(
        select(col(OrderLine.menu_item_id), col(OrderLine.portion), func.sum(col(OrderLine.quantity)))
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day).between(days.first, days.last),
            col(MealOrder.status).in_([status.value for status in among]),
        )
        .group_by(col(OrderLine.menu_item_id), col(OrderLine.portion))
    ):
        found[item] = found.get(item, 0) + int(quantity) * (1 if portion == "half" else 2)
    return found


def payment_rows(session: Session, canteen_id: str, days: Days, *, wallets: bool) -> tuple[PaymentRow, ...]:
    """Money of these days as it came; with `wallets` only what moved stored value: top-ups and refunds."""
    owner = Wallet.__table__.alias("owner")  # type: ignore[attr-defined]
    statement = (
        select(
            col(Payment.at), col(Payment.business_day), col(Payment.purpose), col(Payment.method),
            col(Payment.direction), col(Payment.fen), col(Resident.name), col(MealOrder.pickup_number), col(Payment.by),
        )
        .outerjoin(MealOrder, col(MealOrder.id) == col(Payment.order_id))
        .outerjoin(owner, owner.c.ref == col(Payment.wallet_ref))
        .outerjoin(Resident, col(Resident.id) == func.coalesce(col(MealOrder.resident_id), owner.c.resident_id))
        .where(col(Payment.canteen_id) == canteen_id, col(Payment.business_day).between(days.first, days.last))
        .order_by(col(Payment.at), col(Payment.id))
    )  # fmt: skip
    if wallets:
        statement = statement.where(col(Payment.purpose) != "order")
    rows = session.execute(statement).all()
    names = names_of(session, {row.by for row in rows})
    return tuple(
        PaymentRow(
            row.at, row.business_day, row.purpose, row.method, row.fen if row.direction == "in" else -row.fen,
            mask_name(row.name or ""), row.pickup_number or "", names.get(row.by, row.by.partition(":")[0]),
        )
        for row in rows
    )  # fmt: skip
