"""Which past meals should have been given otherwise, as is known by now? Decided again; the books are compared as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from canteen.readmodels.adjustable import RecoverableMeal, ServedOrder, against_books, learned_since, served_orders
from canteen.readmodels.noticed import due_by_approved
from canteen.readmodels.office_scope import in_scope
from canteen.readmodels.residents_list import RollScope
from canteen.sites import places
from subsidies import published, queries
from subsidies.file_history import as_known
from subsidies.late_facts import Redecided, ServedMeal, decided_again
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs

_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)]


@dataclass(frozen=True, slots=True)
class RecoverablePerson:
    """Everything of one person that does not stand as it should."""

    resident_id: str
    name: str
    meals: tuple[RecoverableMeal, ...]

    @property
    def less_fen(self) -> int:
        """What was given too much, as a positive sum."""
        return -sum(meal.change_fen for meal in self.meals if meal.change_fen < 0)

    @property
    def more_fen(self) -> int:
        """What was given too little."""
        return sum(meal.change_fen for meal in self.meals if meal.change_fen > 0)


def recoverable_meals(session: Session, resident_id: str) -> tuple[RecoverableMeal, ...]:
    """Of one person, by day."""
    found = _people(session, _O.c.resident_id == resident_id)
    return found[0].meals if found else ()


def recoverable_people(session: Session, scope: RollScope) -> tuple[RecoverablePerson, ...]:
    """Everybody within the scope with such meals, the largest sum first."""
    inside = _O.c.resident_id.in_(select(col(Resident.id)).where(in_scope(scope)))
    people = _people(session, inside)
    return tuple(sorted(people, key=lambda one: (-(one.less_fen + one.more_fen), one.resident_id)))


def _people(session: Session, whose: ColumnElement[bool]) -> list[RecoverablePerson]:
    names = {view.id: view.name for view in places.all_canteens(session)}
    served = served_orders(session, whose, _O.c.id.in_(learned_since(whose)))
    found: list[RecoverablePerson] = []
    for resident_id, group in groupby(served, key=lambda one: one.resident_id or ""):
        orders = list(group)
        meals = _meals(session, resident_id, orders, names)
        if meals:
            found.append(RecoverablePerson(resident_id, orders[0].name or "", meals))
    return found


def _meals(
    session: Session, resident_id: str, orders: Sequence[ServedOrder], names: dict[str, str]
) -> tuple[RecoverableMeal, ...]:
    known = as_known(session, resident_id)
    if known is None:
        return ()
    due = dict(due_by_approved(session, orders))
    decided_by = {order.rule_set_id for order in orders if order.rule_set_id is not None}
    rule_sets = {key: published.by_id(session, key).rule_set for key in decided_by}
    served = [
        ServedMeal(order.id, rule_sets[order.rule_set_id], FrozenInputs.from_json(order.inputs))
        for order in orders
        if order.rule_set_id is not None and order.id not in due
    ]
    again = {one.order: one for one in decided_again(served, known)}
    # facts known as they were at first again: what an earlier adjustment took is due once more
    due |= {meal.order: again.get(meal.order) or _as_frozen(meal) for meal in served}
    given = queries.given_for(session, due)
    found = []
    for order in orders:
        if order.id not in due:
            continue
        status = known.diner(order.day, residence_confirmed=True).status
        meal = against_books(order, due[order.id], given[order.id], canteen_name=names[order.canteen_id], status=status)
        if meal is not None and not (meal.returned_fen and order.owes):
            found.append(meal)
    return tuple(sorted(found, key=lambda meal: (meal.day, meal.order_id)))


def _as_frozen(meal: ServedMeal) -> Redecided:
    decision = replay(meal.rule_set, meal.frozen)
    return Redecided(meal.order, decision.shares, decision.self_pay_fen)
