"""What does a phone show of an order: where it stands, what to show at the window, what became of it?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from canteen.orders import store
from canteen.orders.errors import OrderNotFound
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN
from canteen.orders.store import LineView, OrderView
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, called, mask_name
from canteen.pickup.models import Collection
from canteen.readmodels.diner_sentence import diner_sentence
from canteen.readmodels.resident_home import shown_as
from canteen.readmodels.waiting import Waiting, waiting
from canteen.sites import hours, places
from canteen.sites.models import Canteen, KitchenMode
from menus.service_days import business_day

Stage = Literal["ordered", "cooking", "ready", "collected"]
STAGES: tuple[Stage, ...] = ("ordered", "cooking", "ready", "collected")
_FROZEN = select(col(MealOrder.code_sealed), col(MealOrder.inputs)).where(col(MealOrder.id) == bindparam("order"))
_TAKEN = select(col(Collection.collected_at)).where(
    col(Collection.order_id) == bindparam("order"), col(Collection.undone_at).is_(None)
)


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """One order somebody eats or carries; `owed_fen` is still to be paid. `for_whom` names the diner where it is another."""

    id: str
    canteen_id: str
    canteen_name: str
    day: date
    meal: str
    number: str
    status: str
    stage: Stage | None
    owed_fen: int
    names: tuple[str, ...]
    for_whom: str


@dataclass(frozen=True, slots=True)
class PhoneOrder:
    """P3. `code` is the 20 digits of the QR while the meal waits. `stage` None: it ended otherwise, see `status`."""

    order: OrderView
    stage: Stage | None
    lines: tuple[LineView, ...]
    code: str | None
    for_whom: str
    waiting: Waiting
    opens_at: datetime | None
    closes_at: datetime
    collected_at: datetime | None
    may_cancel: bool
    explained: tuple[str, str]
    """Why they pay what they pay, Chinese and English: for the diner alone, not for who carries it."""

    @property
    def is_open(self) -> bool:
        """Still expected at the window."""
        return self.order.status in {status.value for status in OPEN}


def phone_order(
    session: Session,
    canteen_id: str,
    order_id: str,
    *,
    resident_id: str | None,
    guest_orders: tuple[str, ...] = (),
    now: datetime,
    sealer: Sealer,
) -> PhoneOrder:
    """The order, for whoever eats or carries it; a guest's only proof is that it was placed in their visit.

    Raises:
        orders.errors.OrderNotFound: none, another canteen's, or another's; one answer, so that ids cannot be probed.
    """
    order = store.get(session, order_id)
    if order.resident_id is None:
        theirs = order.id in guest_orders
    else:
        theirs = resident_id is not None and resident_id in {order.resident_id, order.fetcher_id}
    if order.canteen_id != canteen_id or not theirs:
        raise OrderNotFound(order=order_id)
    is_open = order.status in {status.value for status in OPEN}
    sealed, inputs = session.execute(_FROZEN, {"order": order_id}).one()
    served = {meal.meal.value: meal for meal in hours.serving(session, canteen_id, order.day)}.get(order.meal)
    mode = places.canteen(session, canteen_id).mode
    stage = stage_of(order.status, mode, served, now)
    own = resident_id is not None and order.resident_id == resident_id
    return PhoneOrder(
        order=order,
        stage=stage,
        lines=store.lines(session, order_id),
        code=sealer.open(sealed, ("meal_order", "code", order.id)) if is_open else None,
        for_whom=shown_as(session, order.resident_id) if order.resident_id not in {None, resident_id} else "",
        waiting=waiting(session, order, now=now),
        opens_at=served.opens_at if served is not None else None,
        closes_at=order.deadline_at,
        collected_at=session.execute(_TAKEN, {"order": order_id}).scalar(),
        may_cancel=is_open and now < order.deadline_at,
        explained=diner_sentence(session, order.rule_set_id, inputs) if own and stage else ("", ""),
    )


def own_orders(
    session: Session, resident_id: str | None, *, guest_orders: tuple[str, ...] = (), now: datetime
) -> tuple[OwnOrder, ...]:
    """Orders from today on that they eat or carry, soonest first; of past meals today only those handed over."""
    mine = (
        or_(col(MealOrder.resident_id) == resident_id, col(MealOrder.fetcher_id) == resident_id)
        if resident_id is not None
        else col(MealOrder.id).in_(guest_orders) & col(MealOrder.resident_id).is_(None)
    )
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.canteen_id),
            col(Canteen.short_name),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(MealOrder.pickup_number),
            col(MealOrder.status),
            (col(MealOrder.self_pay_fen) - col(MealOrder.paid_fen)).label("owed_fen"),
            col(MealOrder.resident_id),
            col(Resident.name),
            col(Resident.title),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(
            mine,
            col(MealOrder.day) >= business_day(now),
            col(MealOrder.status).in_([*(status.value for status in OPEN), "collected"]),
        )
        .order_by(col(MealOrder.day), col(MealOrder.deadline_at), col(MealOrder.id))
    ).all()
    found = []
    for row in rows:
        served = {meal.meal.value: meal for meal in hours.serving(session, row.canteen_id, row.day)}.get(row.meal)
        mode = places.canteen(session, row.canteen_id).mode
        other = row.resident_id is not None and row.resident_id != resident_id
        found.append(
            OwnOrder(
                row.id,
                row.canteen_id,
                row.short_name,
                row.day,
                row.meal,
                row.pickup_number,
                row.status,
                stage_of(row.status, mode, served, now),
                row.owed_fen,
                tuple(line.name for line in store.lines(session, row.id)),
                (called(row.name, row.title) or mask_name(row.name)) if other else "",
            )
        )
    return tuple(found)


def stage_of(status: str, mode: KitchenMode, served: hours.MealHours | None, now: datetime) -> Stage | None:
    """In a batch kitchen nobody presses 做好了: it begins at the cut-off of phones and has food when serving begins."""
    if status == "collected":
        return "collected"
    if status not in {one.value for one in OPEN}:
        return None
    if status == "ready":
        return "ready"
    if mode == KitchenMode.BATCH and served is not None:
        if now >= served.opens_at:
            return "ready"
        return "cooking" if now >= served.phone_cutoff_at else "ordered"
    return "cooking" if status == "paid" and served is not None and now >= served.opens_at else "ordered"
