"""Window service: one tap finds or makes today's order, charges it and hands it over, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders import idempotency, store
from canteen.orders.errors import PriceChanged
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.store import LineView, OrderView
from canteen.payments.errors import PaymentNeeded
from canteen.people.sealed import Sealer
from canteen.pickup.errors import NoMealNow
from canteen.readmodels.quote import LineWish, MealWish, decide_meal, read_meal
from canteen.usecases.steps import clashing, collecting, placing, settling
from subsidies.ledger import Entry, post


@dataclass(frozen=True, slots=True)
class WindowSale:
    """One diner at the window. `lines` are what staff or the usual meal chose; used when no order waits."""

    canteen_id: str
    resident_id: str | None
    lines: tuple[LineWish, ...]
    method: str
    """wallet · cash (in the drawer now) · later."""
    later_reason: str = ""
    another: bool = False
    """A second meal on purpose, although this diner has one today."""
    expected_self_pay_fen: int | None = None
    device_id: str | None = None
    key: str = ""
    """Where nothing else stops a doubled press (a guest, a second meal): the same key sells once."""
    clashes_seen: bool = False
    """They were told what they must not eat of it, and want it all the same."""


@dataclass(frozen=True, slots=True)
class Served:
    """What to put on the tray, and what was taken."""

    order: OrderView
    lines: tuple[LineView, ...]
    was_ordered: bool
    cash_taken_fen: int


def sell_at_window(
    session: Session,
    sale: WindowSale,
    *,
    now: datetime,
    actor: str,
    actor_name: str,
    sealer: Sealer,
    examples_decide: bool,
) -> Served:
    """Serve one diner. All or nothing: a short wallet leaves no order behind.

    Raises:
        pickup.errors.NoMealNow: no meal is being served.
        pickup.errors.AlreadyCollected: this diner's meal was handed over and `another` is false.
        orders.errors.KeyReused: the key sold something else.
        orders.errors.SubstitutionOpen: a dish of the waiting order is gone and nobody has answered.
        orders.errors.ClashNotConfirmed: an allergy, and `clashes_seen` is false.
        orders.errors.PriceChanged; menus.errors.SoldOut; payments.errors.WalletShort, NoWallet, DueAlreadyOpen; …
    """
    if sale.resident_id is not None:
        hold(session, f"window {sale.resident_id}")  # two taps of one card at two windows come one after the other
    body = idempotency.fingerprint(sale)
    if sale.key:
        kept = idempotency.first_answer(session, actor, sale.key, body)
        if kept is not None:
            sold = kept.decode()
            return Served(store.get(session, sold), store.lines(session, sold), was_ordered=False, cash_taken_fen=0)
    current = collecting.meal_at_window(session, sale.canteen_id, now)
    if current is None:
        raise NoMealNow(canteen=sale.canteen_id)
    day, meal = current
    waiting = None if sale.another else _waiting(session, sale, day, meal)
    entries: list[Entry] = []
    if waiting is None:
        order, entries = _make(
            session, sale, day, meal, now=now, actor=actor, sealer=sealer, examples_decide=examples_decide
        )
    else:
        order = waiting
        collecting.refuse_unanswered(session, order)
        clashing.check_waiting(session, order, sealer, seen=sale.clashes_seen)
        expected = sale.expected_self_pay_fen
        if expected is not None and order.owed_fen not in {0, expected}:
            raise PriceChanged(expected_fen=expected, self_pay_fen=order.owed_fen)
    taken = 0
    if order.owed_fen and order.method != "later":
        if sale.method == "none":
            raise PaymentNeeded(owed_fen=order.owed_fen)
        taken = order.owed_fen if sale.method == "cash" else 0
        order, paid = settling.settle(
            session, order, method=sale.method, later_reason=sale.later_reason, now=now, actor=actor
        )
        entries += paid
    entries.append(
        collecting.hand_over(
            session, order, how="window", now=now, actor=actor, actor_name=actor_name, device_id=sale.device_id
        )
    )
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="meal.served-at-window",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"ordered_before": waiting is not None, "cash_fen": taken},
    )
    if sale.key:
        idempotency.keep(session, actor, sale.key, body, order_id=order.id, answer=order.id.encode(), now=now)
    return Served(store.get(session, order.id), store.lines(session, order.id), waiting is not None, taken)


def _waiting(session: Session, sale: WindowSale, day: date, meal: str) -> OrderView | None:
    if sale.resident_id is None:
        return None
    mine = [
        order
        for order in store.of_meal(session, day=day, meal=meal, resident_id=sale.resident_id)
        if order.canteen_id == sale.canteen_id
    ]
    waiting = [order for order in mine if OrderStatus(order.status) in OPEN]
    if waiting:
        return waiting[0]
    done = [order for order in mine if order.status == OrderStatus.COLLECTED]
    if done:
        raise collecting.already_collected(session, done[-1])
    return None


def _make(
    session: Session,
    sale: WindowSale,
    day: date,
    meal: str,
    *,
    now: datetime,
    actor: str,
    sealer: Sealer,
    examples_decide: bool,
) -> tuple[OrderView, list[Entry]]:
    wish = MealWish(sale.canteen_id, day, meal, sale.resident_id, sale.lines, "window")
    asked = read_meal(session, wish, now=now)
    items = [line.item for line in asked.lines]
    clashing.check(session, sale.resident_id, items, sealer, seen=sale.clashes_seen)
    placing.hold_portions(session, asked)
    quote = decide_meal(session, asked, now=now, examples_decide=examples_decide, lock=True)
    if sale.expected_self_pay_fen is not None and sale.expected_self_pay_fen != quote.self_pay_fen:
        raise PriceChanged(expected_fen=sale.expected_self_pay_fen, self_pay_fen=quote.self_pay_fen, quote=quote)
    method = "cash" if sale.method == "later" else sale.method
    placed = placing.place(session, quote, method=method, now=now, actor=actor, sealer=sealer, device_id=sale.device_id)
    return placed.order, list(placed.entries)
