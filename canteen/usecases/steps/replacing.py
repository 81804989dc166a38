"""Another dish for one that is gone: the old order ends, a new one with a fresh quote takes its place and number."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from canteen.orders import store
from canteen.orders.errors import NoHalfPortion, PriceChanged, SubstitutionUnfit
from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus, advance, ends
from canteen.orders.store import LineView, OrderView
from canteen.orders.substitutions import SubstitutionView
from canteen.payments import wallets
from canteen.people.sealed import Sealer
from canteen.readmodels.quote import AskedMeal, LineWish, MealWish, PricedLine, Quote, decide_meal, read_meal
from canteen.sites import places
from canteen.usecases.steps import collecting, paying, placing, reservations
from menus import portions
from subsidies import counters
from subsidies.ledger import Entry

REASON = "substituted"


@dataclass(frozen=True, slots=True)
class Replaced:
    """The order that stands now, what was given back at once, and the entries still to be booked; fen."""

    order: OrderView
    returned_fen: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MealInstead:
    """An order's lines with another one for what is gone: all of them, those that leave, those that come."""

    asked: AskedMeal
    leaving: tuple[LineView, ...]
    coming: tuple[PricedLine, ...]


def meal_instead(session: Session, order: OrderView, item_id: int, offered_id: int, *, now: datetime) -> MealInstead:
    """The order with another line for one that is gone.

    Raises:
        SubstitutionUnfit: it does not hold that line, or the line offered is the same.
        orders.errors.OrderingClosed, menus.errors…: as `read_meal`.
    """
    lines = store.lines(session, order.id)
    leaving = tuple(line for line in lines if line.menu_item_id == item_id)
    if not leaving or item_id == offered_id:
        raise SubstitutionUnfit()
    wishes = tuple(_wish(line, item_id, offered_id) for line in lines)
    wish = MealWish(order.canteen_id, order.day, order.meal, order.resident_id, wishes, "counter")
    try:
        asked = read_meal(session, wish, now=now)
    except NoHalfPortion:  # half of what comes only whole: then it is a whole one
        wishes = tuple(replace(line, portion="full") if line.item_id == offered_id else line for line in wishes)
        asked = read_meal(session, replace(wish, lines=wishes), now=now)
    coming = tuple(new for old, new in zip(lines, asked.lines, strict=True) if old.menu_item_id == item_id)
    return MealInstead(asked, leaving, coming)


def _wish(line: LineView, item_id: int, offered_id: int) -> LineWish:
    gone = line.menu_item_id == item_id
    return LineWish(offered_id if gone else line.menu_item_id, line.quantity, line.portion, line.note)


def quote_instead(
    session: Session, order: OrderView, asked: AskedMeal, *, now: datetime, examples_decide: bool
) -> Quote:
    """What it would cost once the standing order has given its entitlement back; nothing is kept."""
    taken = store.counters(session, order.id)
    if order.resident_id is not None:
        counters.give_back(session, order.resident_id, taken)
    quote = decide_meal(session, asked, now=now, examples_decide=examples_decide, lock=True)
    if order.resident_id is not None:
        counters.give_back(session, order.resident_id, [(n, p, c, -take) for n, p, c, take in taken])
    return quote


def replace_order(
    session: Session,
    order: OrderView,
    question: SubstitutionView,
    *,
    at_window: bool,
    now: datetime,
    actor: str,
    sealer: Sealer,
    examples_decide: bool,
    device_id: str | None,
) -> Replaced:
    """End the old order and store the new one; money goes over, the difference back to or from whoever paid.

    Cash that was paid stays in the drawer and counts for the new order; what is too much is handed out at the window,
    otherwise it goes to the wallet or waits. A wallet that cannot pay the new price pays nothing: cash waits.

    Raises:
        PriceChanged: the diner was told another sum.
        menus.errors.SoldOut: the line offered is gone by now. As `meal_instead`.
    """
    instead = meal_instead(session, order, question.item_id, question.offered_id, now=now)
    canteen = places.canteen(session, order.canteen_id)
    advance(session, order.id, order.status, OrderStatus.CANCELLED, **ends(now, REASON), paid_fen=0)
    portions.release(session, [(line.menu_item_id, line.halves) for line in instead.leaving])
    portions.reserve(session, [(line.item.id, line.halves) for line in instead.coming])
    if order.resident_id is not None:
        counters.give_back(session, order.resident_id, store.counters(session, order.id))
    quote = decide_meal(session, instead.asked, now=now, examples_decide=examples_decide, lock=True)
    if quote.self_pay_fen != question.self_pay_fen:
        raise PriceChanged(expected_fen=question.self_pay_fen, self_pay_fen=quote.self_pay_fen, quote=quote)
    undone = collecting.times_undone(session, order.id)
    entries = [reservations.release_entry(session, order, undone=undone, actor=actor, reason=REASON)]
    carried = min(order.paid_fen, quote.self_pay_fen) if order.method == "cash" else 0
    back = paying.give_back(
        session,
        order,
        canteen.operator_id,
        fen=order.paid_fen - carried,
        now=now,
        actor=actor,
        reason=REASON,
        to_wallet=not at_window,
    )
    if back is not None:
        entries.append(back)
    placed = placing.place(
        session,
        quote,
        method=_method(session, order, canteen.operator_id, quote.self_pay_fen),
        now=now,
        actor=actor,
        sealer=sealer,
        device_id=device_id,
        fetcher_id=order.fetcher_id,
        offline_reason=order.offline_reason,
        pickup_number=order.pickup_number,
    )
    entries += placed.entries
    new = placed.order
    if carried:
        entries += _carry(session, order, new, carried, now=now, actor=actor)
        if carried == new.self_pay_fen:
            advance(session, new.id, new.status, OrderStatus.PAID, paid_fen=carried)
        else:
            session.execute(
                update(MealOrder.__table__)  # type: ignore[attr-defined]
                .where(col(MealOrder.id) == new.id)
                .values(paid_fen=carried)
            )
    return Replaced(store.get(session, new.id), order.paid_fen - carried, tuple(entries))


def _method(session: Session, order: OrderView, operator_id: str, owed_fen: int) -> str:
    if order.method != "wallet" or order.resident_id is None:
        return "cash"
    wallet = wallets.find(session, order.resident_id, operator_id)
    return "wallet" if wallet is not None and wallet.balance_fen >= owed_fen else "cash"


def _carry(session: Session, old: OrderView, new: OrderView, fen: int, *, now: datetime, actor: str) -> list[Entry]:
    """Cash in the drawer stops being the old order's and becomes the new one's."""
    return [
        paying.move(
            session,
            order,
            fen,
            route,
            direction=direction,
            name="carry",
            kind=kind,
            now=now,
            actor=actor,
            reason=REASON,
        )[1]
        for order, direction, route, kind in (
            (old, "out", ("2100", "1000"), "refund"),
            (new, "in", ("1000", "2100"), "pay"),
        )
    ]
