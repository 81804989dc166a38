"""What would a notice that began before it was published have given for the meals in between? Compared with the books."""

from dataclasses import dataclass

from sqlmodel import Session, SQLModel

from canteen.orders.errors import NoticeNotLate
from canteen.orders.models import MealOrder
from canteen.readmodels.adjustable import RecoverableMeal, against_books, served_orders
from canteen.readmodels.noticed import Notice, due_by_notice, late_notices, ruling
from canteen.sites import places
from subsidies import queries
from subsidies.file_history import as_known
from subsidies.rules.facts import FrozenInputs

_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)]


@dataclass(frozen=True, slots=True)
class LateMeals:
    """The meals that come out otherwise, by day, and what was left out of them.

    `looked_at`: meals handed over in between that the notice reaches. `unpaid`: the diner would get something back and has
    not paid yet. `guests`: a guest bore too much, and nobody knows who it was.
    """

    notice: Notice
    looked_at: int
    meals: tuple[RecoverableMeal, ...]
    unpaid: int
    guests: int


def late_notice(session: Session, rule_set_id: int) -> Notice:
    """The notice.

    Raises:
        orders.errors.NoticeNotLate: no such set, or it began when it was published.
    """
    for notice in late_notices(session):
        if notice.rule_set_id == rule_set_id:
            return notice
    raise NoticeNotLate


def late_meals(session: Session, rule_set_id: int) -> LateMeals:
    """Meals that a notice published still later reaches too are left to that one.

    Raises:
        orders.errors.NoticeNotLate: no such set, or it began when it was published.
    """
    notice = late_notice(session, rule_set_id)
    others = [one for one in late_notices(session) if one.is_example == notice.is_example]
    names = {view.id: view.name for view in places.all_canteens(session)}
    due = {one.order: one for one in due_by_notice(session, notice)}
    orders = [
        order
        for order in served_orders(session, _O.c.day >= notice.first, _O.c.day < notice.until)
        if order.id in due and _rules(notice, others, order.inputs)
    ]
    given = queries.given_for(session, [order.id for order in orders])
    found, unpaid, guests = [], 0, 0
    for order in orders:
        one, status = due[order.id], ""
        if "status" in one.why and order.resident_id is not None:
            known = as_known(session, order.resident_id)
            status = known.diner(order.day, residence_confirmed=True).status if known else ""
        meal = against_books(order, one, given[order.id], canteen_name=names[order.canteen_id], status=status)
        if meal is None:
            continue
        if meal.returned_fen and order.owes:
            unpaid += 1
        elif meal.returned_fen and order.resident_id is None:
            guests += 1
        else:
            found.append(meal)
    found.sort(key=lambda meal: (meal.day, meal.order_id))
    return LateMeals(notice, len(orders), tuple(found), unpaid, guests)


def _rules(notice: Notice, others: list[Notice], inputs: bytes) -> bool:
    meal = FrozenInputs.from_json(inputs).meal
    return ruling(others, meal.canteen, meal.canteen_area, meal.date) == notice
