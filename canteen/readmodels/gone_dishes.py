"""A dish is gone: which open orders hold it, what was offered instead, and what the diner said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders import substitutions
from canteen.orders.models import MealOrder, OrderLine
from canteen.orders.status import OPEN
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from menus.errors import NotOnMenu
from menus.models import Menu, MenuItem
from menus.portions import FULL


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as staff put it to the diner; fen. `pays_fen` is what they would pay then, `paid_fen` what they paid."""

    id: str
    order_id: str
    state: str
    item_id: int
    gone: str
    offered: str
    offered_id: int
    was_fen: int
    pays_fen: int
    paid_fen: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """One open order that holds the dish; fen."""

    order_id: str
    pickup_number: str
    shown_as: str
    resident_id: str | None
    quantity: int
    self_pay_fen: int
    paid_fen: int
    channel: str
    question: AskedQuestion | None


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """Another line of the same menu that can be offered; fen, whole portions."""

    item_id: int
    kind: str
    name: str
    price_fen: int
    left: int


@dataclass(frozen=True, slots=True)
class GoneDish:
    """One line of a menu, who still waits for it here, and what there is instead."""

    item_id: int
    name: str
    kind: str
    price_fen: int
    off_sale: bool
    orders: tuple[HeldOrder, ...]
    offers: tuple[OfferedLine, ...]


def gone_dish(session: Session, canteen_id: str, kitchen_id: str, item_id: int) -> GoneDish:
    """The page of one line.

    Raises:
        menus.errors.NotOnMenu: no such line in this kitchen.
    """
    item = session.execute(
        select(
            col(MenuItem.menu_id),
            col(MenuItem.name),
            col(MenuItem.kind),
            col(MenuItem.price_fen),
            col(MenuItem.sold_out),
        )
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(col(MenuItem.id) == item_id, col(Menu.kitchen_id) == kitchen_id)
    ).first()
    if item is None:
        raise NotOnMenu(item_id)
    lines = session.execute(
        select(
            col(MenuItem.id),
            col(MenuItem.kind),
            col(MenuItem.name),
            col(MenuItem.price_fen),
            col(MenuItem.left_halves),
        )
        .where(
            col(MenuItem.menu_id) == item.menu_id,
            col(MenuItem.id) != item_id,
            col(MenuItem.sold_out).is_(False),
            col(MenuItem.left_halves) >= FULL,
        )
        .order_by(col(MenuItem.kind) != item.kind, col(MenuItem.position), col(MenuItem.id))
    ).all()
    return GoneDish(
        item_id,
        item.name,
        item.kind,
        item.price_fen,
        item.sold_out,
        _held(session, canteen_id, item_id),
        tuple(OfferedLine(row.id, row.kind, row.name, row.price_fen, row.left_halves // FULL) for row in lines),
    )


def held_counts(session: Session, canteen_id: str, menu_id: int) -> dict[int, int]:
    """How many open orders hold each line of a menu that is off sale."""
    rows = session.execute(
        select(col(OrderLine.menu_item_id), col(OrderLine.order_id))
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .join(MenuItem, col(MenuItem.id) == col(OrderLine.menu_item_id))
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.menu_id) == menu_id,
            col(MealOrder.status).in_([status.value for status in OPEN]),
            col(MenuItem.sold_out).is_(True),
        )
        .distinct()
    )
    found: dict[int, int] = {}
    for item_id, _ in rows:
        found[item_id] = found.get(item_id, 0) + 1
    return found


def open_question(session: Session, order_id: str) -> AskedQuestion | None:
    """What the diner of this order was asked and has not answered."""
    question = substitutions.open_question(session, order_id)
    if question is None:
        return None
    order = session.execute(
        select(col(MealOrder.self_pay_fen), col(MealOrder.paid_fen)).where(col(MealOrder.id) == order_id)
    ).one()
    return _asked(session, question, order.self_pay_fen, order.paid_fen)


def _held(session: Session, canteen_id: str, item_id: int) -> tuple[HeldOrder, ...]:
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.pickup_number),
            col(Resident.name),
            col(MealOrder.resident_id),
            col(OrderLine.quantity),
            col(MealOrder.self_pay_fen),
            col(MealOrder.paid_fen),
            col(MealOrder.channel),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(MealOrder.id))
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(
            col(OrderLine.menu_item_id) == item_id,
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.status).in_([status.value for status in OPEN]),
        )
        .order_by(col(MealOrder.number_index), col(OrderLine.position))
    ).all()
    asked = substitutions.of_orders(session, [row.id for row in rows])
    found: dict[str, HeldOrder] = {}
    for row in rows:
        question = asked.get(row.id)
        before = found.get(row.id)
        found[row.id] = HeldOrder(
            row.id,
            row.pickup_number,
            mask_name(row.name) if row.name else "",
            row.resident_id,
            row.quantity + (before.quantity if before else 0),
            row.self_pay_fen,
            row.paid_fen,
            row.channel,
            _asked(session, question, row.self_pay_fen, row.paid_fen)
            if question is not None and question.state == "asked"
            else None,
        )
    return tuple(found.values())


def _asked(session: Session, question: substitutions.SubstitutionView, was_fen: int, paid_fen: int) -> AskedQuestion:
    names = dict(
        session.execute(
            select(col(MenuItem.id), col(MenuItem.name)).where(
                col(MenuItem.id).in_([question.item_id, question.offered_id])
            )
        ).all()
    )
    return AskedQuestion(
        question.id,
        question.order_id,
        question.state,
        question.item_id,
        names[question.item_id],
        names[question.offered_id],
        question.offered_id,
        was_fen,
        question.self_pay_fen,
        paid_fen,
        question.asked_at,
    )
