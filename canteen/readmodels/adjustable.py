"""Meals handed over that may be put right by an adjustment: what the books hold by now against what should be given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.orders.store import ShareView
from canteen.payments.models import Due
from canteen.people.models import Resident
from subsidies.late_facts import Part, Redecided, changes, returned_fen
from subsidies.models import CategoryGrant, FileFact
from subsidies.queries import Given

_TABLES = SQLModel.metadata.tables
_O = _TABLES[str(MealOrder.__tablename__)]
_F = _TABLES[str(FileFact.__tablename__)]
_G = _TABLES[str(CategoryGrant.__tablename__)]
_D = _TABLES[str(Due.__tablename__)]
HANDED_OVER: ColumnElement[bool] = _O.c.status == OrderStatus.COLLECTED.value


@dataclass(frozen=True, slots=True)
class RecoverableMeal:
    """One meal; fen. `changes`: what each share changes by, below zero is given less. `why`: status, born, categories, place.

    `returned_fen` goes to the diner, who bore too much. `status` is that of the file on the day, as known now.
    `resident_id` is None for a guest, `name` theirs.
    """

    order_id: str
    resident_id: str | None
    name: str
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
class ServedOrder:
    """One order that was handed over; `resident_id` None is a guest, `rule_set_id` None a day without rules."""

    id: str
    resident_id: str | None
    name: str | None
    canteen_id: str
    day: date
    meal: str
    pickup_number: str
    list_fen: int
    self_pay_fen: int
    rule_set_id: int | None
    inputs: bytes
    owes: bool
    """Eaten and not paid yet: what is owed is settled before anything goes back."""


def served_orders(session: Session, *which: ColumnElement[bool]) -> list[ServedOrder]:
    """Those of them that were handed over, by diner, in the order they were placed."""
    rows = session.execute(
        select(
            _O.c.id, _O.c.resident_id, col(Resident.name), _O.c.canteen_id, _O.c.day, _O.c.meal, _O.c.pickup_number,
            _O.c.list_fen, _O.c.self_pay_fen, _O.c.rule_set_id, _O.c.inputs, _D.c.order_id.is_not(None),
        )
        .outerjoin(_D, and_(_D.c.order_id == _O.c.id, _D.c.paid_at.is_(None), _D.c.dropped_at.is_(None)))
        .outerjoin(Resident, col(Resident.id) == _O.c.resident_id)
        .where(HANDED_OVER, *which)
        .order_by(_O.c.resident_id, _O.c.id)
    )  # fmt: skip
    return [ServedOrder(*row) for row in rows]


def learned_since(*which: ColumnElement[bool]) -> Select[tuple[str]]:
    """Keys of orders handed over that were placed before a fact about their diner was learned and lie in its days."""
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
    touched = union(*(one.where(HANDED_OVER, *which) for one in learned)).subquery()
    return select(touched.c.id)


def against_books(
    order: ServedOrder, due: Redecided, given: Given, *, canteen_name: str, status: str
) -> RecoverableMeal | None:
    """What is to change about a meal; None where no money moves."""
    bears = order.self_pay_fen - given.returned_fen
    parts = changes(given.parts, due, bears)
    back = returned_fen(due, bears)
    if not back and not _moves_money(parts):
        return None
    return RecoverableMeal(
        order.id,
        order.resident_id,
        order.name or "",
        order.canteen_id,
        canteen_name,
        order.day,
        order.meal,
        order.pickup_number,
        order.list_fen,
        sum(given.parts.values()),
        due.subsidy_fen,
        back,
        due.why,
        status if "status" in due.why else "",
        tuple(ShareView(*key, fen) for key, fen in parts.items()),
        given.adjustments,
    )


def _moves_money(parts: Mapping[Part, int]) -> bool:
    """Whether any funder gives more or less; by which rule alone is no matter for the books."""
    sums: dict[tuple[str, str], int] = {}
    for (funder, programme, _, _), fen in parts.items():
        sums[funder, programme] = sums.get((funder, programme), 0) + fen
    return any(sums.values())
