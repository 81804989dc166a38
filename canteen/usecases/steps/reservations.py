"""Which ledger keys a meal's reservation, hand-over and undoing have, and giving back what an order holds."""

from datetime import datetime

from sqlmodel import Session

from canteen.orders import store
from canteen.orders.store import OrderView
from canteen.usecases.steps import legs
from menus import portions
from subsidies import counters, published
from subsidies.ledger import Entry
from subsidies.rules.facts import Ending


def reservation_key(order_id: str, undone: int) -> str:
    """The key that is open now: the first reservation, or the undoing that opened it again for the `undone`-th time."""
    return f"reserve:{order_id}" if undone == 0 else f"unearn:{order_id}:{undone}"


def earn_key(order_id: str, undone: int) -> str:
    """The key of the hand-over that follows the `undone`-th undoing."""
    return f"earn:{order_id}" if undone == 0 else f"earn:{order_id}:{undone + 1}"


def release_entry(session: Session, order: OrderView, *, undone: int, actor: str, reason: str) -> Entry:
    """The entry that gives an unserved meal's reservation back. It has no legs when nothing was reserved."""
    posted = legs.reserve(store.shares(session, order.id))
    return Entry(
        key=f"release:{order.id}",
        canteen_id=order.canteen_id,
        kind="release",
        subject=f"order:{order.id}",
        effective_date=order.day,
        legs=tuple(leg.negated() for leg in posted),
        actor=actor,
        rule_set_id=order.rule_set_id,
        resolves=reservation_key(order.id, undone),
        reason=reason,
    )


def give_back(session: Session, order: OrderView, ending: Ending | None, *, now: datetime) -> None:
    """Portions go back on sale while the meal is served; counters are free again but those the rule set keeps used."""
    if now < order.deadline_at:
        portions.release(session, [(line.menu_item_id, line.halves) for line in store.lines(session, order.id)])
    if order.resident_id is not None:
        kept: frozenset[str] = frozenset()
        if ending is not None and order.rule_set_id is not None:
            kept = published.by_id(session, order.rule_set_id).rule_set.kept(ending)
        taken = [counter for counter in store.counters(session, order.id) if counter[0] not in kept]
        counters.give_back(session, order.resident_id, taken)
