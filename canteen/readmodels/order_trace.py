"""What happened with one order, from scan to books: quote, rules considered, hand-overs, entries, money."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders import store
from canteen.orders.models import MealOrder
from canteen.orders.store import LineView, OrderView, ShareView
from canteen.payments.models import Due, Payment
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.pickup.models import Collection
from canteen.readmodels.audit_page import AuditLine, audit_of, names_of
from canteen.sites import places
from subsidies import published, queries
from subsidies.queries import BookedEntry
from subsidies.rules.decide import replay
from subsidies.rules.decision import Decision
from subsidies.rules.explain import explain
from subsidies.rules.facts import FrozenInputs
from subsidies.rules.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One hand-over; undone ones stay."""

    at: datetime
    how: str
    by: str
    undone_at: datetime | None
    undone_reason: str


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """One payment or refund; fen."""

    at: datetime
    method: str
    direction: str
    fen: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpenDue:
    """Served now, paid later."""

    fen: int
    reason: str
    agreed_at: datetime
    paid_at: datetime | None
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision made again from what was frozen. `agrees`: share by share the same as on the order."""

    label: str
    rule_set_id: int
    is_example: bool
    rule_set: RuleSet
    decision: Decision
    lines: tuple[str, ...]
    subsidy_fen: int
    self_pay_fen: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class OrderTrace:
    """Everything about one order. `diner` is shortened; empty for a guest."""

    order: OrderView
    canteen_name: str
    subdistrict_id: str
    diner: str
    placed_by: str
    lines: tuple[LineView, ...]
    shares: tuple[ShareView, ...]
    decided: Decided | None
    hand_overs: tuple[HandedOver, ...]
    entries: tuple[BookedEntry, ...]
    money: tuple[MoneyMoved, ...]
    due: OpenDue | None
    audit: tuple[AuditLine, ...]

    @property
    def ledger_fen(self) -> int:
        """What the books hold for it, all funders."""
        return sum(
            -leg.fen if leg.account == "4020" else leg.fen
            for entry in self.entries
            if entry.kind in queries.EARNING_KINDS
            for leg in entry.legs
            if leg.account in queries.OWED_BY_FUNDERS
        )

    def earned_by(self, funder: str) -> BookedEntry | None:
        """The entry that stands for what this funder gives: made at the hand-over and not taken back since."""
        undone = {entry.corrects for entry in self.entries if entry.kind == "unearn"}
        standing = (
            entry
            for entry in reversed(self.entries)
            if entry.kind == "earn" and entry.key not in undone and any(leg.funder == funder for leg in entry.legs)
        )
        return next(standing, None)

    @property
    def handed_over(self) -> HandedOver | None:
        """The hand-over that stands."""
        return next((one for one in reversed(self.hand_overs) if one.undone_at is None), None)

    @property
    def hashes_ok(self) -> bool:
        """Whether every entry hashes to what the chain holds."""
        return all(entry.hash_ok for entry in self.entries)


def order_trace(session: Session, order_id: str, *, language: Literal["zh", "en"]) -> OrderTrace:
    """The whole trace; rules in words of `language`.

    Raises:
        orders.errors.OrderNotFound: no such order.
    """
    order = store.get(session, order_id)
    canteen = places.canteen(session, order.canteen_id)
    name, inputs, placed_by = session.execute(
        select(col(Resident.name), col(MealOrder.inputs), col(MealOrder.placed_by))
        .select_from(MealOrder)
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(col(MealOrder.id) == order_id)
    ).one()
    shares = store.shares(session, order_id)
    hand_overs = session.execute(
        select(Collection).where(col(Collection.order_id) == order_id).order_by(col(Collection.id))
    ).scalars()
    payments = session.execute(
        select(Payment).where(col(Payment.order_id) == order_id).order_by(col(Payment.attempt))
    ).scalars()
    paid = payments.all()
    due = session.execute(select(Due).where(col(Due.order_id) == order_id)).scalar_one_or_none()
    names = names_of(session, {placed_by, *(payment.by for payment in paid)})
    return OrderTrace(
        order=order,
        canteen_name=canteen.name,
        subdistrict_id=canteen.subdistrict_id,
        diner=mask_name(name) if name else "",
        placed_by=names.get(placed_by, placed_by),
        lines=store.lines(session, order_id),
        shares=shares,
        decided=_decided(session, order, inputs, shares, language),
        hand_overs=tuple(
            HandedOver(one.collected_at, one.how, one.by_name, one.undone_at, one.undone_reason or "")
            for one in hand_overs
        ),
        entries=queries.entries_about(session, f"order:{order_id}"),
        money=tuple(
            MoneyMoved(one.at, one.method, one.direction, one.fen, names.get(one.by, one.by), one.reason)
            for one in paid
        ),
        due=None if due is None else OpenDue(due.fen, due.reason, due.agreed_at, due.paid_at, due.dropped_at),
        audit=audit_of(session, f"order:{order_id}"),
    )


def _decided(
    session: Session, order: OrderView, inputs: bytes, shares: tuple[ShareView, ...], language: Literal["zh", "en"]
) -> Decided | None:
    if order.rule_set_id is None:
        return None
    rules = published.by_id(session, order.rule_set_id)
    decision = replay(rules.rule_set, FrozenInputs.from_json(inputs))
    again = [(s.funder, s.programme, s.rule, s.category, s.fen) for s in decision.shares]
    stored = [(s.funder, s.programme, s.rule, s.category, s.fen) for s in shares]
    return Decided(
        rules.label,
        rules.id,
        rules.is_example,
        rules.rule_set,
        decision,
        tuple(explain(decision, rules.rule_set, "auditor", language)),
        decision.subsidy_fen,
        decision.self_pay_fen,
        again == stored and decision.self_pay_fen == order.self_pay_fen,
    )
