"""What must always be true of entitlement counters: they hold what orders took, and what ended ones keep."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderCounter
from canteen.orders.status import OrderStatus, ending_of
from canteen.readmodels.invariant import Invariant, judged
from canteen.readmodels.order_invariants import STANDING
from subsidies.models import EntitlementCounter, RuleSetVersion
from subsidies.published import by_id


def counters(session: Session) -> Invariant:
    """Each entitlement counter is what its standing orders took and ended ones keep, and within its cap."""
    taken = {
        tuple(key): int(count)
        for *key, count in session.execute(
            select(
                col(MealOrder.resident_id),
                col(OrderCounter.name),
                col(OrderCounter.period),
                col(OrderCounter.canteen),
                func.sum(col(OrderCounter.take)),
            )
            .join(MealOrder, col(MealOrder.id) == col(OrderCounter.order_id))
            .where(col(MealOrder.status).in_([status.value for status in STANDING]))
            .group_by(
                col(MealOrder.resident_id), col(OrderCounter.name), col(OrderCounter.period), col(OrderCounter.canteen)
            )
        )
    }
    for counter, take in _kept(session):
        taken[counter] = taken.get(counter, 0) + take
    breaches: list[str] = []
    seen: set[tuple[str, str, str, str]] = set()
    for row in session.execute(
        select(
            col(EntitlementCounter.resident_id),
            col(EntitlementCounter.name),
            col(EntitlementCounter.period),
            col(EntitlementCounter.canteen),
            col(EntitlementCounter.used),
            col(EntitlementCounter.cap),
        )
    ):
        key = (row.resident_id, row.name, row.period, row.canteen)
        seen.add(key)
        if row.used != taken.get(key, 0) or row.used > row.cap:
            breaches.append(f"{'/'.join(key[1:])}: used {row.used} of {row.cap}, orders took {taken.get(key, 0)}")
    breaches += [f"{'/'.join(map(str, key[1:]))}: taken and not counted" for key in taken if key not in seen]
    return judged("counters", f"{len(seen)} counters", breaches)


def _kept(session: Session) -> Iterator[tuple[tuple[str, ...], int]]:
    """(resident, name, period, canteen) and take of ended orders whose rule set leaves the counter used."""
    keys = session.execute(select(col(RuleSetVersion.id))).scalars().all()
    keeping = {key: rules for key in keys if key is not None and (rules := by_id(session, key).rule_set).keeps}
    if not keeping:
        return
    ended = (OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.NOT_COLLECTED)
    for key, status, reason, take, *counter in session.execute(
        select(
            col(MealOrder.rule_set_id),
            col(MealOrder.status),
            col(MealOrder.end_reason),
            col(OrderCounter.take),
            col(MealOrder.resident_id),
            col(OrderCounter.name),
            col(OrderCounter.period),
            col(OrderCounter.canteen),
        )
        .join(OrderCounter, col(MealOrder.id) == col(OrderCounter.order_id))
        .where(
            col(MealOrder.rule_set_id).in_(list(keeping)),
            col(MealOrder.status).in_([one.value for one in ended]),
            col(MealOrder.resident_id).is_not(None),
        )
    ):
        ending = ending_of(OrderStatus(status), reason)
        if ending is not None and counter[1] in keeping[key].kept(ending):
            yield tuple(counter), take
