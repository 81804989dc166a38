"""Place an order: portions, counters, budget, money, books and audit in one transaction, once per key."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec
from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders import idempotency
from canteen.orders.errors import DailyCapReached, GuestHoldsUnpaid, GuestsUnpaid, PriceChanged
from canteen.orders.models import MealOrder
from canteen.people import cards
from canteen.people.errors import NotAFetcher
from canteen.people.fetchers import may_fetch
from canteen.people.sealed import Sealer
from canteen.readmodels.quote import LineWish, MealWish, Quote, decide_meal, read_meal
from canteen.usecases.steps import clashing, placing
from menus.diet import Clash
from subsidies.ledger import post
from subsidies.rules.explain import explain

CAPPED_CHANNELS = frozenset({"kiosk", "phone"})
"""Where nobody stands beside: a daily cap limits what a found card or telephone can do."""
MOST_UNPAID_GUESTS = 20
"""Orders of guests that wait unpaid at one meal: whoever plays with a kiosk or a phone must not empty the kitchen."""
MOST_UNPAID_OF_A_PHONE = 2
"""Orders one phone without an account may hold unpaid, over all meals to come."""


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What is asked for. `resident_id` is the diner (None: a guest); `fetcher_id` whoever orders and carries it."""

    canteen_id: str
    day: date
    meal: str
    resident_id: str | None
    lines: tuple[LineWish, ...]
    method: str
    channel: str
    key: str
    expected_self_pay_fen: int | None = None
    """The self-pay the page showed; another one answers with a fresh quote instead of an order."""
    clashes_seen: bool = False
    fetcher_id: str | None = None
    card: str | None = None
    """Programs: the diner is whoever holds this card."""


class LineAnswer(msgspec.Struct, frozen=True):
    """One line of a placed order; fen."""

    item: int
    name: str
    portion: str
    quantity: int
    unit_fen: int


class OrderAnswer(msgspec.Struct, frozen=True):
    """The answer to placing an order, the same whenever it is asked again with the same key.

    `explanation` is the diner's sentence in Chinese and English. A `placed_at` before this request's own `now` tells that
    the answer is an earlier one.
    """

    id: str
    canteen: str
    day: date
    meal: str
    status: str
    pickup_number: str
    pickup_code: str
    list_fen: int
    self_pay_fen: int
    paid_fen: int
    method: str
    shares: list[tuple[str, int]]
    rule_set: str
    lines: list[LineAnswer]
    deadline_at: datetime
    placed_at: datetime
    explanation: tuple[str, str]
    clashes: tuple[Clash, ...] = ()


def place_order(
    session: Session,
    request: PlaceOrder,
    *,
    now: datetime,
    actor: str,
    sealer: Sealer,
    examples_decide: bool,
    device_id: str | None = None,
) -> OrderAnswer:
    """Place the order, or give the first answer again when the key was used with the same request.

    Raises:
        orders.errors.KeyReused, PriceChanged, ClashNotConfirmed, DailyCapReached, GuestsUnpaid, GuestHoldsUnpaid,
            BudgetShort, …: nothing is kept.
        menus.errors.SoldOut and the others of `read_meal`; payments.errors of `placing.place`.
    """
    body = idempotency.fingerprint(request)
    kept = idempotency.first_answer(session, actor, request.key, body)
    if kept is not None:
        return msgspec.json.decode(sealer.open(kept, ("idempotency_key", "answer", request.key)), type=OrderAnswer)
    if request.card is not None:
        request = replace(request, resident_id=cards.find_active(session, request.card).resident_id)
    wish = MealWish(request.canteen_id, request.day, request.meal, request.resident_id, request.lines, request.channel)
    asked = read_meal(session, wish, now=now)
    _check_fetcher(session, request)
    items = [line.item for line in asked.lines]
    found = clashing.check(session, request.resident_id, items, sealer, seen=request.clashes_seen)
    if request.channel in CAPPED_CHANNELS:
        if request.resident_id is not None:
            _check_cap(session, request, asked.canteen.daily_card_cap)
        else:
            _check_guests(session, request, actor=actor, now=now)
    placing.hold_portions(session, asked)
    quote = decide_meal(session, asked, now=now, examples_decide=examples_decide, lock=True)
    if request.expected_self_pay_fen is not None and request.expected_self_pay_fen != quote.self_pay_fen:
        raise PriceChanged(expected_fen=request.expected_self_pay_fen, self_pay_fen=quote.self_pay_fen, quote=quote)
    placed = placing.place(
        session,
        quote,
        method=request.method,
        now=now,
        actor=actor,
        sealer=sealer,
        device_id=device_id,
        fetcher_id=request.fetcher_id,
    )
    post(session, placed.entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.placed",
        subject=f"order:{placed.order.id}",
        canteen_id=placed.order.canteen_id,
        details={"list_fen": placed.order.list_fen, "self_pay_fen": placed.order.self_pay_fen},
    )
    answer = _answer(placed, quote, found)
    idempotency.keep(
        session,
        actor,
        request.key,
        body,
        order_id=placed.order.id,
        answer=sealer.seal(msgspec.json.encode(answer).decode(), ("idempotency_key", "answer", request.key)),
        now=now,
    )
    return answer


def _check_fetcher(session: Session, request: PlaceOrder) -> None:
    diner, fetcher = request.resident_id, request.fetcher_id
    if fetcher is not None and diner is not None and fetcher != diner and not may_fetch(session, diner, fetcher):
        raise NotAFetcher()


def _check_cap(session: Session, request: PlaceOrder, most: int) -> None:
    orderer = request.fetcher_id or request.resident_id
    hold(session, f"cap {orderer}")  # two kiosks at once must not both count one short
    count = session.execute(
        select(func.count())
        .select_from(MealOrder)
        .where(
            func.coalesce(col(MealOrder.fetcher_id), col(MealOrder.resident_id)) == orderer,
            col(MealOrder.resident_id).in_([orderer, request.resident_id]),
            col(MealOrder.day) == request.day,
            col(MealOrder.status) != "cancelled",
        )
    ).scalar_one()
    if count >= most:
        raise DailyCapReached(most=most)


def _check_guests(session: Session, request: PlaceOrder, *, actor: str, now: datetime) -> None:
    hold(session, f"guests {request.canteen_id}")  # two at once must not both count one short
    waiting = (
        select(func.count())
        .select_from(MealOrder)
        .where(
            col(MealOrder.resident_id).is_(None),
            col(MealOrder.channel) == request.channel,
            col(MealOrder.status) == "placed",
        )
    )
    unpaid = session.execute(
        waiting.where(
            col(MealOrder.canteen_id) == request.canteen_id,
            col(MealOrder.day) == request.day,
            col(MealOrder.meal) == request.meal,
        )
    ).scalar_one()
    if unpaid >= MOST_UNPAID_GUESTS:
        raise GuestsUnpaid(most=MOST_UNPAID_GUESTS)
    if request.channel == "phone":
        hold(session, f"guests {actor}")  # one phone at two canteens
        own = session.execute(
            waiting.where(col(MealOrder.placed_by) == actor, col(MealOrder.deadline_at) > now)
        ).scalar_one()
        if own >= MOST_UNPAID_OF_A_PHONE:
            raise GuestHoldsUnpaid(most=MOST_UNPAID_OF_A_PHONE)


def _answer(placed: placing.Placed, quote: Quote, found: tuple[Clash, ...]) -> OrderAnswer:
    order = placed.order
    return OrderAnswer(
        id=order.id,
        canteen=order.canteen_id,
        day=order.day,
        meal=order.meal,
        status=order.status,
        pickup_number=order.pickup_number,
        pickup_code=placed.code,
        list_fen=order.list_fen,
        self_pay_fen=order.self_pay_fen,
        paid_fen=order.paid_fen,
        method=order.method,
        shares=list(quote.decision.funder_fen().items()),
        rule_set=quote.rules.label if quote.rules else "",
        lines=[
            LineAnswer(line.item.id, line.item.name, line.portion, line.quantity, line.unit_fen)
            for line in quote.asked.lines
        ],
        deadline_at=order.deadline_at,
        placed_at=order.placed_at,
        explanation=_explained(quote),
        clashes=found,
    )


def _explained(quote: Quote) -> tuple[str, str]:
    rules = quote.rules.rule_set if quote.rules else None
    return explain(quote.decision, rules, "diner", "zh"), explain(quote.decision, rules, "diner", "en")
