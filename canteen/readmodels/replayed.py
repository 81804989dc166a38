"""Every order of past months decided again from what was frozen with it: does it equal the order, and the books?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from canteen.orders.models import MealOrder, OrderShare
from canteen.readmodels.past_orders import OnStep, orders_as_placed
from canteen.sites import places
from subsidies import published, queries
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs

_SHARES = SQLModel.metadata.tables[str(OrderShare.__tablename__)]
_ORDERS = SQLModel.metadata.tables[str(MealOrder.__tablename__)]

Shares = Mapping[tuple[str, str, str, str], int]
"""(funder, programme, rule, category) → fen."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`where`: the decision made again differs from the shares on the order, or those from the books."""

    order_id: str
    where: Literal["order", "books"]
    expected: Shares
    found: Shares


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many orders were decided again, how many of them the books hold, and each that came out otherwise."""

    orders: int
    booked: int
    disagreements: tuple[Disagreement, ...]


def replayed_orders(session: Session, since: date, until: date, *, on_step: OnStep | None = None) -> Replayed:
    """All orders for `since` ≤ day < `until`; the books must hold what was handed over and nothing else."""
    canteens = tuple(view.id for view in places.all_canteens(session))
    kept = _kept(session, since, until)
    booked = queries.earned_by_order(session, since, until)
    orders = 0
    sets = cache(lambda rule_set_id: published.by_id(session, rule_set_id).rule_set)
    disagreements: list[Disagreement] = []
    for row in orders_as_placed(session, since, until, canteens, on_step):
        orders += 1
        shares, self_pay_fen = kept.get(row.id, {}), row.self_pay_fen
        again: dict[tuple[str, str, str, str], int] = {}
        if row.rule_set_id is not None:
            decision = replay(sets(row.rule_set_id), FrozenInputs.from_json(row.inputs))
            again = {(one.funder, one.programme, one.rule, one.category): one.fen for one in decision.shares}
            self_pay_fen = decision.self_pay_fen
        if again != shares or self_pay_fen != row.self_pay_fen:
            disagreements.append(Disagreement(row.id, "order", again, shares))
        earned = booked.get(row.id, {})
        if earned != (shares if row.is_collected else {}):
            disagreements.append(Disagreement(row.id, "books", shares, earned))
    return Replayed(orders, len(booked), tuple(disagreements))


def _kept(session: Session, since: date, until: date) -> dict[str, dict[tuple[str, str, str, str], int]]:
    rows = session.execute(
        select(
            _SHARES.c.order_id, _SHARES.c.funder, _SHARES.c.programme, _SHARES.c.rule, _SHARES.c.category, _SHARES.c.fen
        )
        .join(_ORDERS, _ORDERS.c.id == _SHARES.c.order_id)
        .where(_ORDERS.c.day >= since, _ORDERS.c.day < until)
        .order_by(_SHARES.c.order_id, _SHARES.c.position)
    )
    found: dict[str, dict[tuple[str, str, str, str], int]] = {}
    for order_id, funder, programme, rule, category, fen in rows:
        shares = found.setdefault(order_id, {})
        key = (funder, programme, rule, category)
        shares[key] = shares.get(key, 0) + fen
    return found
