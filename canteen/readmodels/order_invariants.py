"""What must always be true between orders and what they hold: shares, reservations, portions, hand-overs."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderLine, OrderShare
from canteen.orders.status import OPEN, OrderStatus
from canteen.payments.models import Due
from canteen.pickup.models import Collection
from canteen.readmodels.invariant import Invariant, judged
from menus.models import MenuItem
from subsidies.ledger import FUNDERS_WITHOUT_BUDGET
from subsidies.models import LedgerTransaction, Posting, RuleSetVersion
from subsidies.published import by_id
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs

GRACE = timedelta(hours=2)
"""How long after its meal an order may still be open: the queue, and the job that ends it."""
STANDING = (OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.READY, OrderStatus.COLLECTED)

ByFunder = dict[str, int]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the invariants look at of one order; fen. `kept_fen` is paid money that stays with the canteen so far."""

    id: str
    status: OrderStatus
    list_fen: int
    subsidy_fen: int
    self_pay_fen: int
    paid_fen: int
    method: str
    deadline_at: datetime
    shares: ByFunder
    public_fen: int
    charity_fen: int

    @property
    def is_open(self) -> bool:
        """Whether it is still expected at the window."""
        return self.status in OPEN


def read_orders(session: Session) -> dict[str, OrderFacts]:
    """Every order by id."""
    shares: dict[str, ByFunder] = defaultdict(lambda: defaultdict(int))
    for order_id, funder, fen in session.execute(
        select(col(OrderShare.order_id), col(OrderShare.funder), col(OrderShare.fen))
    ):
        shares[order_id][funder] += fen
    orders: dict[str, OrderFacts] = {}
    for row in session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.status),
            col(MealOrder.list_fen),
            col(MealOrder.subsidy_fen),
            col(MealOrder.self_pay_fen),
            col(MealOrder.paid_fen),
            col(MealOrder.method),
            col(MealOrder.deadline_at),
        )
    ):
        mine = dict(shares.get(row.id, {}))
        public = sum(fen for funder, fen in mine.items() if funder not in FUNDERS_WITHOUT_BUDGET)
        orders[row.id] = OrderFacts(
            row.id,
            OrderStatus(row.status),
            row.list_fen,
            row.subsidy_fen,
            row.self_pay_fen,
            row.paid_fen,
            row.method,
            row.deadline_at,
            mine,
            public,
            mine.get("charity", 0),
        )
    return orders


def sums(session: Session, orders: dict[str, OrderFacts]) -> Invariant:
    """List price = lines = shares + self-pay, and what was collected is paid unless it is due."""
    lines = {
        order_id: int(fen)
        for order_id, fen in session.execute(
            select(col(OrderLine.order_id), func.sum(col(OrderLine.quantity) * col(OrderLine.unit_fen))).group_by(
                col(OrderLine.order_id)
            )
        )
    }
    breaches: list[str] = []
    for order in orders.values():
        if order.list_fen != order.subsidy_fen + order.self_pay_fen:
            breaches.append(f"order {order.id}: {order.list_fen} is not {order.subsidy_fen} + {order.self_pay_fen}")
        if order.subsidy_fen != sum(order.shares.values()):
            breaches.append(f"order {order.id}: shares come to {sum(order.shares.values())}, not {order.subsidy_fen}")
        if order.list_fen != lines.get(order.id, 0):
            breaches.append(f"order {order.id}: lines come to {lines.get(order.id, 0)}, not {order.list_fen}")
        served = order.status is OrderStatus.COLLECTED
        if served and order.method != "later" and order.paid_fen != order.self_pay_fen:
            breaches.append(f"order {order.id}: collected with {order.paid_fen} of {order.self_pay_fen} paid")
    return judged("order-sums", f"{len(orders)} orders", breaches)


def decisions(session: Session, orders: dict[str, OrderFacts]) -> Invariant:
    """Every order, decided again from its frozen inputs by the rule set it names, comes to the same shares."""
    known = set(session.execute(select(col(RuleSetVersion.id))).scalars())
    breaches: list[str] = []
    for order_id, rule_set_id, inputs in session.execute(
        select(col(MealOrder.id), col(MealOrder.rule_set_id), col(MealOrder.inputs))
    ):
        kept = orders[order_id].shares
        if rule_set_id is None:
            if kept:
                breaches.append(f"order {order_id}: shares without a rule set")
            continue
        if rule_set_id not in known:
            breaches.append(f"order {order_id}: its rule set {rule_set_id} is gone")
            continue
        decided = replay(by_id(session, rule_set_id).rule_set, FrozenInputs.from_json(inputs))
        again = {funder: fen for funder, fen in decided.funder_fen().items() if fen}
        if again != kept or decided.self_pay_fen != orders[order_id].self_pay_fen:
            breaches.append(f"order {order_id}: decided again {again}, kept {kept}")
    return judged("decisions", f"{len(orders)} orders decided again", breaches)


def reservations(
    session: Session, orders: dict[str, OrderFacts], balances: dict[str, dict[str, int]], as_of: datetime | None
) -> Invariant:
    """Reserved money is that of open orders; each reservation ends once, and none outlives its meal."""
    breaches: list[str] = []
    for order in orders.values():
        held = balances.get(order.id, {})
        wanted = (order.public_fen, order.charity_fen) if order.is_open else (0, 0)
        found = (held.get("reserved", 0), -held.get("2310", 0))
        if found != wanted:
            breaches.append(f"order {order.id}: reserved {found}, should be {wanted}")
        if order.is_open and as_of is not None and order.deadline_at + GRACE < as_of:
            breaches.append(f"order {order.id}: open since its meal ended {order.deadline_at:%Y-%m-%d %H:%M} UTC")
    keys = set(session.execute(select(col(LedgerTransaction.key))).scalars())
    resolved = Counter(
        session.execute(
            select(col(LedgerTransaction.resolves)).where(col(LedgerTransaction.resolves).is_not(None))
        ).scalars()
    )
    breaches += [f"{key} was resolved {times} times" for key, times in resolved.items() if times > 1]
    breaches += [f"{key} was resolved and never booked" for key in resolved if key not in keys]
    count = sum(order.is_open for order in orders.values())
    return judged("reservations", f"{len(resolved)} resolved, {count} orders open", breaches)


def earned(orders: dict[str, OrderFacts], balances: dict[str, dict[str, int]]) -> Invariant:
    """Collected orders have earned exactly their shares, adjustments apart; others nothing."""
    breaches: list[str] = []
    total = 0
    for order in orders.values():
        held = balances.get(order.id, {})
        found = (held.get("earned", 0), -held.get("4020", 0), held.get("4090", 0))
        wanted = (0, 0, 0)
        if order.status is OrderStatus.COLLECTED:
            wanted = (order.public_fen, order.charity_fen, order.shares.get("operator", 0))
        if found != wanted:
            breaches.append(f"order {order.id}: earned {found}, should be {wanted}")
        total += found[0]
    return judged("earned", f"{total} fen earned", breaches)


def diners_money(session: Session, orders: dict[str, OrderFacts], balances: dict[str, dict[str, int]]) -> Invariant:
    """Prepaid money (2100) is that of open orders, and 1110 what is due for meals served on credit."""
    due = {
        row.order_id: row.fen
        for row in session.execute(
            select(col(Due.order_id), col(Due.fen)).where(col(Due.paid_at).is_(None), col(Due.dropped_at).is_(None))
        )
    }
    breaches: list[str] = []
    for order in orders.values():
        held = balances.get(order.id, {})
        prepaid = order.paid_fen if order.is_open else 0
        if -held.get("2100", 0) != prepaid:
            breaches.append(f"order {order.id}: prepaid {-held.get('2100', 0)}, should be {prepaid}")
        if held.get("1110", 0) != due.get(order.id, 0):
            breaches.append(f"order {order.id}: due {held.get('1110', 0)}, should be {due.get(order.id, 0)}")
    return judged("diners-money", f"{sum(due.values())} fen due", breaches)


def hand_overs(session: Session, orders: dict[str, OrderFacts]) -> Invariant:
    """Each collected order has one standing collection and one standing earn; no other order has either."""
    standing = Counter(
        session.execute(select(col(Collection.order_id)).where(col(Collection.undone_at).is_(None))).scalars()
    )
    earns: Counter[str] = Counter()
    for subject, kind in session.execute(
        select(col(LedgerTransaction.subject), col(LedgerTransaction.kind)).where(
            col(LedgerTransaction.kind).in_(["earn", "unearn"])
        )
    ):
        earns[subject.removeprefix("order:")] += 1 if kind == "earn" else -1
    breaches: list[str] = []
    for order in orders.values():
        wanted = int(order.status is OrderStatus.COLLECTED)
        if standing[order.id] != wanted:
            breaches.append(f"order {order.id} is {order.status} with {standing[order.id]} collections")
        if earns[order.id] != (wanted if order.list_fen else 0):
            breaches.append(f"order {order.id} is {order.status} with {earns[order.id]} standing earns")
    return judged("hand-overs", f"{standing.total()} meals handed over", breaches)


def portions(session: Session) -> Invariant:
    """What is gone from each line's stock was ordered and not cancelled."""
    halves = case((col(OrderLine.portion) == "half", 1), else_=2)
    ordered = {
        item_id: int(count)
        for item_id, count in session.execute(
            select(col(OrderLine.menu_item_id), func.sum(col(OrderLine.quantity) * halves))
            .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
            .where(col(MealOrder.status) != OrderStatus.CANCELLED.value)
            .group_by(col(OrderLine.menu_item_id))
        )
    }
    rows = session.execute(select(col(MenuItem.id), col(MenuItem.planned_halves), col(MenuItem.left_halves))).all()
    breaches = [
        f"menu item {item_id}: {planned - left} halves gone, {ordered.get(item_id, 0)} ordered"
        for item_id, planned, left in rows
        if planned - left != ordered.get(item_id, 0) or left < 0
    ]
    return judged("portions", f"{len(rows)} lines of menus", breaches)


def order_balances(session: Session) -> dict[str, dict[str, int]]:
    """Order id → account → fen posted about that order, adjustments apart."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for subject, account, fen in session.execute(
        select(col(LedgerTransaction.subject), col(Posting.account), func.sum(col(Posting.fen)))
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(col(LedgerTransaction.subject).startswith("order:"), col(LedgerTransaction.kind) != "adjust")
        .group_by(col(LedgerTransaction.subject), col(Posting.account))
    ):
        found[subject.removeprefix("order:")][account] = int(fen)
    return found
