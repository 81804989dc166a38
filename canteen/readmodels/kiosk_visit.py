"""What does the elder at the kiosk see: their usual meal, the dishes they choose, the order just placed?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from canteen.orders import store
from canteen.orders.errors import OrderNotFound
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN
from canteen.orders.store import LineView
from canteen.people import fetchers, residents
from canteen.people.sealed import Sealer
from canteen.readmodels.counter_order import CounterOrder, counter_order
from canteen.readmodels.day_menu import menu_now
from canteen.readmodels.resident_home import ResidentHome, resident_home, shown_as
from canteen.readmodels.waiting import Waiting, waiting
from canteen.readmodels.window import MealNow, wallet_suffices

_CODE = select(col(MealOrder.code_sealed)).where(col(MealOrder.id) == bindparam("order"))


@dataclass(frozen=True, slots=True)
class KioskHome:
    """K1. `home` is the diner's; `for_whom` names them when somebody else stands here (empty otherwise)."""

    home: ResidentHome
    for_whom: str
    wallet_suffices: bool


@dataclass(frozen=True, slots=True)
class KioskDone:
    """K4. `code` is the 20 digits of the pick-up QR. `paid_fen` and `owed_fen` are what the diner pays, nothing else."""

    order_id: str
    day: date
    meal: str
    number: str
    code: str
    paid_fen: int
    owed_fen: int
    lines: tuple[LineView, ...]
    is_open: bool
    for_whom: str
    waiting: Waiting


def kiosk_home(
    session: Session,
    canteen_id: str,
    resident_id: str,
    diner_id: str,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
    lang: str,
) -> KioskHome:
    """K1 of `resident_id`, or of `diner_id` whom they carry for; a diner who no longer lets them is left out.

    Raises as `resident_home` does.
    """
    carries = diner_id != resident_id and fetchers.may_fetch(session, diner_id, resident_id)
    diner = diner_id if carries else resident_id
    home = resident_home(session, canteen_id, diner, now=now, sealer=sealer, examples_decide=examples_decide, lang=lang)
    suffices = wallet_suffices(session, canteen_id, diner, home.pay_fen or 0)
    return KioskHome(home, shown_as(session, diner) if carries else "", suffices)


def kiosk_basket(
    session: Session,
    canteen_id: str,
    diner_id: str | None,
    basket: Mapping[str, int],
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
) -> CounterOrder:
    """K2 and K3: the menu of the moment and what was chosen from it; diner None: a guest.

    Raises as `menu_now` and `counter_order` do.
    """
    menu = menu_now(session, canteen_id, now)
    at = MealNow(menu.day, menu.meal, menu.opens_at, menu.closes_at, handing_over=menu.opens_at <= now)
    return counter_order(
        session, canteen_id, diner_id, basket, at, now=now, sealer=sealer, examples_decide=examples_decide
    )


def kiosk_done(
    session: Session, canteen_id: str, resident_id: str | None, order_id: str, *, now: datetime, sealer: Sealer
) -> KioskDone:
    """K4. `resident_id` None: a guest, whose only proof is that the order was placed in their visit.

    Raises:
        orders.errors.OrderNotFound: none, another canteen's, or neither eaten nor carried by `resident_id`.
    """
    order = store.get(session, order_id)
    people = {order.resident_id, order.fetcher_id} if order.resident_id is not None else {None}
    if order.canteen_id != canteen_id or resident_id not in people:
        raise OrderNotFound(order=order_id)
    sealed: bytes = session.execute(_CODE, {"order": order_id}).scalar_one()
    other = order.resident_id if order.resident_id != resident_id else None
    return KioskDone(
        order_id=order.id,
        day=order.day,
        meal=order.meal,
        number=order.pickup_number,
        code=sealer.open(sealed, ("meal_order", "code", order.id)),
        paid_fen=order.paid_fen,
        owed_fen=order.owed_fen,
        lines=store.lines(session, order_id),
        is_open=order.status in {status.value for status in OPEN},
        for_whom=shown_as(session, other) if other else "",
        waiting=waiting(session, order, now=now),
    )


def liked_display(session: Session, resident_id: str) -> tuple[bool, str]:
    """How somebody likes their pages: 大字, language.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    person = residents.resident(session, resident_id)
    return person.large_type, person.language
