"""Which past meals should have been given otherwise, as is known by now? Decided again; the books are compared as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.orders.store import ShareView
from canteen.payments.models import Due
from canteen.people.models import Resident
from canteen.readmodels.office_scope import in_scope
from canteen.readmodels.residents_list import RollScope
from canteen.sites import places
from subsidies import published, queries
from subsidies.file_history import as_known
from subsidies.late_facts import Part, Redecided, ServedMeal, changes, decided_again, returned_fen
from subsidies.models import CategoryGrant, FileFact
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs

_TABLES = SQLModel.metadata.tables
_O = _TABLES[str(MealOrder.__tablename__)]
_F = _TABLES[str(FileFact.__tablename__)]
_G = _TABLES[str(CategoryGrant.__tablename__)]
_D = _TABLES[str(Due.__tablename__)]
_HANDED_OVER = _O.c.status == OrderStatus.COLLECTED.value


@dataclass(frozen=True, slots=True)
class RecoverableMeal:
    """One meal; fen. `changes`: what each share changes by, below zero is given less. `why`: status, born, categories, place.

    `returned_fen` goes to the diner, who bore too much. `status` is that of the file on the day, as known now.
    """

    order_id: str
    canteen_id: str
    canteen_name: str
    day: date
    meal: str
    pickup_number: str
    list_fen: int
    given_fen: int
    due_fen: int
    returned_fen: int
    why: tuple[str, ...]
    status: str
    changes: tuple[ShareView, ...]
    adjustments: int
    """Entries that have adjusted it before."""

    @property
    def change_fen(self) -> int:
        """All shares together."""
        return sum(share.fen for share in self.changes)


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
    found = _people(session, _orders(session, _O.c.resident_id == resident_id))
    return found[0].meals if found else ()


def recoverable_people(session: Session, scope: RollScope) -> tuple[RecoverablePerson, ...]:
    """Everybody within the scope with such meals, the largest sum first."""
    inside = _O.c.resident_id.in_(select(col(Resident.id)).where(in_scope(scope)))
    people = _people(session, _orders(session, inside))
    return tuple(sorted(people, key=lambda one: (-(one.less_fen + one.more_fen), one.resident_id)))


@dataclass(frozen=True, slots=True)
class _Served:
    """One order of somebody about whom something was learned after it was placed."""

    id: str
    resident_id: str
    name: str
    canteen_id: str
    day: date
    meal: str
    pickup_number: str
    list_fen: int
    self_pay_fen: int
    rule_set_id: int
    inputs: bytes
    owes: bool
    """Eaten and not paid yet: what is owed is settled before anything goes back."""


def _orders(session: Session, whose: ColumnElement[bool]) -> list[_Served]:
    """Meals handed over that were placed before a fact was learned and lie in the days it is about."""
    learned = [
        select(_O.c.id).join(
            _F,
            and_(
                _F.c.resident_id == _O.c.resident_id,
                _O.c.placed_at <= _F.c.known_at,
                or_(_F.c.effective_from.is_(None), _O.c.day >= _F.c.effective_from),
            ),
        ),
        select(_O.c.id).join(
            _G,
            and_(
                _G.c.resident_id == _O.c.resident_id,
                or_(
                    and_(_O.c.placed_at <= _G.c.withdrawn_at, _O.c.day >= _G.c.withdrawn_from),
                    and_(_O.c.placed_at <= _G.c.granted_at, _O.c.day >= _G.c.valid_from),
                ),
            ),
        ),
    ]
    touched = union(*(one.where(_HANDED_OVER, whose) for one in learned)).subquery()
    rows = session.execute(
        select(
            _O.c.id, _O.c.resident_id, col(Resident.name), _O.c.canteen_id, _O.c.day, _O.c.meal, _O.c.pickup_number,
            _O.c.list_fen, _O.c.self_pay_fen, _O.c.rule_set_id, _O.c.inputs, _D.c.order_id.is_not(None),
        )
        .outerjoin(_D, and_(_D.c.order_id == _O.c.id, _D.c.paid_at.is_(None), _D.c.dropped_at.is_(None)))
        .join(Resident, col(Resident.id) == _O.c.resident_id)
        .where(_O.c.id.in_(select(touched.c.id)), _O.c.rule_set_id.is_not(None))
        .order_by(_O.c.resident_id, _O.c.id)
    )  # fmt: skip
    return [_Served(*row) for row in rows]


def _people(session: Session, served: Iterable[_Served]) -> list[RecoverablePerson]:
    names = {view.id: view.name for view in places.all_canteens(session)}
    found: list[RecoverablePerson] = []
    for resident_id, group in groupby(served, key=lambda one: one.resident_id):
        orders = list(group)
        meals = _meals(session, orders, names)
        if meals:
            found.append(RecoverablePerson(resident_id, orders[0].name, meals))
    return found


def _meals(session: Session, orders: Sequence[_Served], names: dict[str, str]) -> tuple[RecoverableMeal, ...]:
    known = as_known(session, orders[0].resident_id)
    if known is None:
        return ()
    by_id = {order.id: order for order in orders}
    served = [
        ServedMeal(order.id, published.by_id(session, order.rule_set_id).rule_set, FrozenInputs.from_json(order.inputs))
        for order in orders
    ]
    again = {one.order: one for one in decided_again(served, known)}
    found = []
    for meal in served:
        # facts known as they were at first again: what an earlier adjustment took is due once more
        one = again.get(meal.order) or _as_frozen(meal)
        order = by_id[meal.order]
        given = queries.given_for(session, order.id)
        bears = order.self_pay_fen - given.returned_fen
        parts = changes(given.parts, one.decision, bears)
        back = returned_fen(one.decision, bears)
        if not (back or _moves_money(parts)) or (back and order.owes):
            continue
        found.append(
            RecoverableMeal(
                order.id,
                order.canteen_id,
                names[order.canteen_id],
                order.day,
                order.meal,
                order.pickup_number,
                order.list_fen,
                sum(given.parts.values()),
                one.decision.subsidy_fen,
                back,
                one.why,
                _status(one, known.diner(order.day, residence_confirmed=True).status),
                tuple(ShareView(*key, fen) for key, fen in parts.items()),
                given.adjustments,
            )
        )
    return tuple(sorted(found, key=lambda meal: (meal.day, meal.order_id)))


def _moves_money(parts: Mapping[Part, int]) -> bool:
    """Whether any funder gives more or less; by which rule alone is no matter for the books."""
    sums: dict[tuple[str, str], int] = {}
    for (funder, programme, _, _), fen in parts.items():
        sums[funder, programme] = sums.get((funder, programme), 0) + fen
    return any(sums.values())


def _as_frozen(meal: ServedMeal) -> Redecided:
    return Redecided(meal.order, replay(meal.rule_set, meal.frozen), ())


def _status(one: Redecided, status: str) -> str:
    return status if "status" in one.why else ""
