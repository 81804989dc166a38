"""Storing an order inside the caller's transaction: portions, counters, money and books together or not at all."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session
from ulid import ULID

from canteen.orders import numbers, store
from canteen.orders.errors import BudgetShort
from canteen.orders.status import OrderStatus
from canteen.orders.store import OrderView, ShareView
from canteen.payments.errors import MethodUnknown, PaymentNeeded
from canteen.people.sealed import Sealer
from canteen.pickup import codes
from canteen.readmodels.quote import AskedMeal, Quote
from canteen.usecases.steps import legs, paying
from menus import portions
from subsidies import counters
from subsidies.budgets import budgets_short, open_missing
from subsidies.ledger import FUNDERS_WITHOUT_BUDGET, Entry

METHODS = frozenset({"wallet", "cash", "none", "later"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A stored order, its pick-up code in clear (shown once more only to the diner), and entries still to be booked."""

    order: OrderView
    code: str
    entries: tuple[Entry, ...]


def hold_portions(session: Session, asked: AskedMeal) -> None:
    """Take the portions first: the first of all locks.

    Raises:
        menus.errors.SoldOut: too few are left.
    """
    portions.reserve(session, [(line.item.id, line.halves) for line in asked.lines])


def place(
    session: Session,
    quote: Quote,
    *,
    method: str,
    now: datetime,
    actor: str,
    sealer: Sealer,
    device_id: str | None = None,
    fetcher_id: str | None = None,
    offline_reason: str = "",
    pickup_number: str | None = None,
) -> Placed:
    """Store the quoted order with its counters, take wallet money, and return what must be booked.

    `hold_portions` was called before, the quote was decided under lock. Cash stays unpaid until hand-over; where
    nothing is owed the order is paid at once whatever `method` says. `pickup_number` is kept when the order takes the
    place of another one.

    Raises:
        BudgetShort: the district refuses orders once a budget is used up.
        payments.errors.WalletShort, NoWallet, PaymentNeeded, MethodUnknown: it cannot be paid like this.
    """
    if method not in METHODS:
        raise MethodUnknown(method=method)
    owed = quote.self_pay_fen
    if owed and method == "none":
        raise PaymentNeeded(owed_fen=owed)
    method = method if owed else "none"
    asked, wish, canteen = quote.asked, quote.asked.wish, quote.asked.canteen
    order_id = str(ULID.from_datetime(now))
    shares = tuple(ShareView(s.funder, s.programme, s.rule, s.category, s.fen) for s in quote.decision.shares)
    if wish.resident_id is not None:
        counters.take(session, wish.resident_id, quote.decision.counters)
    wanted = _wanted(shares)
    refuses = canteen.refuse_when_budget_short
    short = bool(wanted) and budgets_short(session, canteen.id, wish.day.year, wanted, lock=refuses)
    if short and refuses:
        raise BudgetShort(canteen=canteen.id)
    if short:
        open_missing(session, canteen.id, [(*key, wish.day.year) for key in wanted])
    index = numbers.take_number(session, canteen.id, wish.day, wish.meal)
    code = codes.new_code()
    order = OrderView(
        id=order_id,
        canteen_id=canteen.id,
        menu_id=asked.menu_id,
        day=wish.day,
        meal=wish.meal,
        resident_id=wish.resident_id,
        fetcher_id=fetcher_id,
        channel=wish.channel,
        status=OrderStatus.PLACED if owed and method != "wallet" else OrderStatus.PAID,
        list_fen=quote.list_fen,
        subsidy_fen=quote.decision.subsidy_fen,
        self_pay_fen=owed,
        paid_fen=owed if method == "wallet" else 0,
        method=method,
        rule_set_id=quote.rules.id if quote.rules else None,
        over_budget=short,
        pickup_number=pickup_number
        or numbers.number_text(index, first_letter=canteen.number_letter, skip_four=canteen.skip_four),
        placed_at=now,
        deadline_at=asked.hours.closes_at,
        ended_at=None,
        end_reason="",
        offline_reason=offline_reason,
    )
    _store(session, order, quote, shares, index=index, code=code, actor=actor, sealer=sealer, device_id=device_id)
    entries = [
        Entry(
            key=f"reserve:{order.id}",
            canteen_id=canteen.id,
            kind="reserve",
            subject=f"order:{order.id}",
            effective_date=wish.day,
            legs=legs.reserve(shares),
            actor=actor,
            rule_set_id=order.rule_set_id,
            reason="over-budget" if short else "",
        )
    ]
    if owed and method == "wallet":
        order, entry = paying.take(
            session, replace(order, paid_fen=0), canteen.operator_id, method="wallet", now=now, actor=actor
        )
        entries.append(entry)
    return Placed(order, code, tuple(entries))


def _wanted(shares: tuple[ShareView, ...]) -> dict[tuple[str, str], int]:
    wanted: dict[tuple[str, str], int] = {}
    for share in shares:
        if share.funder not in FUNDERS_WITHOUT_BUDGET:
            key = (share.funder, share.programme)
            wanted[key] = wanted.get(key, 0) + share.fen
    return wanted


def _store(
    session: Session,
    order: OrderView,
    quote: Quote,
    shares: tuple[ShareView, ...],
    *,
    index: int,
    code: str,
    actor: str,
    sealer: Sealer,
    device_id: str | None,
) -> None:
    row = {name: getattr(order, name) for name in OrderView.__dataclass_fields__}
    row |= {
        "inputs": quote.inputs.to_json(),
        "number_index": index,
        "code_hash": sealer.index("pickup", code),
        "code_sealed": sealer.seal(code, ("meal_order", "code", order.id)),
        "device_id": device_id,
        "placed_by": actor,
    }
    store.store(
        session,
        row,
        [
            {
                "order_id": order.id,
                "position": position,
                "menu_item_id": line.item.id,
                "set_meal_id": line.item.set_meal_id,
                "name": line.item.name,
                "portion": line.portion,
                "quantity": line.quantity,
                "unit_fen": line.unit_fen,
                "note": line.note,
            }
            for position, line in enumerate(quote.asked.lines)
        ],
        [
            {
                "order_id": order.id,
                "position": position,
                "funder": share.funder,
                "programme": share.programme,
                "rule": share.rule,
                "category": share.category,
                "fen": share.fen,
            }
            for position, share in enumerate(shares)
        ],
        [
            {
                "order_id": order.id,
                "name": use.key.name,
                "period": use.key.period,
                "canteen": use.key.canteen,
                "take": use.take,
            }
            for use in quote.decision.counters
        ]
        if order.resident_id is not None
        else [],
    )
