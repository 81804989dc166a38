"""One order as programs see it: what was agreed, where it stands, and why it costs what it costs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from canteen.orders import store
from canteen.orders.errors import OrderNotFound
from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN
from canteen.orders.store import LineView, OrderView
from canteen.people.sealed import Sealer
from canteen.pickup.models import Collection
from canteen.readmodels.program_quote import Explanation
from subsidies import published
from subsidies.money import format_yuan
from subsidies.rules.decide import decide
from subsidies.rules.explain import explain
from subsidies.rules.facts import FrozenInputs

_SEALED = select(col(MealOrder.inputs), col(MealOrder.code_sealed)).where(col(MealOrder.id) == bindparam("order"))
_HANDED = select(col(Collection.collected_at), col(Collection.by_name)).where(
    col(Collection.order_id) == bindparam("order"), col(Collection.undone_at).is_(None)
)


@dataclass(frozen=True, slots=True)
class ProgramOrder:
    """`shares` are (funder, fen). `code` is None once nothing waits to be fetched; `derivation` is for those who audit."""

    order: OrderView
    lines: tuple[LineView, ...]
    shares: tuple[tuple[str, int], ...]
    rule_set: str
    explanation: Explanation
    derivation: tuple[str, ...]
    code: str | None
    collected_at: datetime | None
    collected_by: str | None


def program_order(session: Session, order_id: str, canteen_id: str | None, *, sealer: Sealer) -> ProgramOrder:
    """The order, decided again from its frozen inputs; `canteen_id` None reads any canteen's.

    Raises:
        OrderNotFound: none, or another canteen's: nobody learns which ids exist elsewhere.
    """
    order = check_reach(session, order_id, canteen_id)
    inputs, sealed = session.execute(_SEALED, {"order": order_id}).one()
    handed = session.execute(_HANDED, {"order": order_id}).one_or_none()
    funders: dict[str, int] = {}
    for share in store.shares(session, order_id):
        funders[share.funder] = funders.get(share.funder, 0) + share.fen
    label, zh, en, derivation = _why(session, order, inputs)
    return ProgramOrder(
        order,
        store.lines(session, order_id),
        tuple(funders.items()),
        label,
        Explanation(zh, en),
        derivation,
        sealer.open(sealed, ("meal_order", "code", order_id)) if order.status in OPEN else None,
        handed.collected_at if handed else None,
        handed.by_name if handed else None,
    )


def check_reach(session: Session, order_id: str, canteen_id: str | None) -> OrderView:
    """The order, if it is one of this canteen (None: of any).

    Raises:
        OrderNotFound: none, or another canteen's.
    """
    order = store.get(session, order_id)
    if canteen_id is not None and order.canteen_id != canteen_id:
        raise OrderNotFound(order=order_id)
    return order


def _why(session: Session, order: OrderView, inputs: bytes) -> tuple[str, str, str, tuple[str, ...]]:
    if order.rule_set_id is None:
        price = format_yuan(order.list_fen)
        return "", f"这份饭 {price} 元。", f"This meal is {price} yuan.", ()
    rules = published.by_id(session, order.rule_set_id)
    frozen = FrozenInputs.from_json(inputs)
    decision = decide(rules.rule_set, frozen.diner, frozen.meal, frozen.used)
    return (
        rules.label,
        explain(decision, rules.rule_set, "diner", "zh"),
        explain(decision, rules.rule_set, "diner", "en"),
        tuple(explain(decision, rules.rule_set, "auditor", "zh")),
    )
