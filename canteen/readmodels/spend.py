"""Where did the money go? What each funder gave for meals, by canteen, funder, rule, category and day, down to the order.

Every fen in the books belongs to one funder, one rule and one category, so the parts of any table add up to its total.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from subsidies import queries
from subsidies.models import LedgerTransaction, Posting
from subsidies.months import Month
from subsidies.queries import BudgetLine

PAGE = 60
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)]
_P = SQLModel.metadata.tables[str(Posting.__tablename__)]
_BY: dict[str, ColumnElement[Any]] = {
    "canteen": _T.c.canteen_id,
    "funder": _P.c.funder,
    "rule": _P.c.rule,
    "category": _P.c.category,
    "day": _T.c.effective_date,
}
DIMENSIONS = tuple(_BY)


@dataclass(frozen=True, slots=True)
class SpendFilter:
    """What part of a month's spending; empty means all. `day` is `2026-11-23`."""

    canteen: str = ""
    funder: str = ""
    rule: str = ""
    category: str = ""
    day: str = ""
    whole_year: bool = False
    """The year of the month instead of the month alone: what a year's budget was used for."""

    def chosen(self) -> dict[str, str]:
        """Dimension → value, where one is chosen."""
        return {name: getattr(self, name) for name in DIMENSIONS if getattr(self, name)}

    def with_part(self, dimension: str, value: str) -> "SpendFilter":
        """Narrowed to one part, or widened again by an empty value."""
        change: dict[str, Any] = {dimension: value}
        return replace(self, **change)


@dataclass(frozen=True, slots=True)
class SpendPart:
    """One row of a table: `key` as stored, meals it touches, fen."""

    key: str
    meals: int
    fen: int


@dataclass(frozen=True, slots=True)
class SpendOrder:
    """What one order got within the filter; fen."""

    order_id: str
    day: date
    meal: str
    canteen_id: str
    pickup_number: str
    diner: str
    list_fen: int
    self_pay_fen: int
    fen: int


@dataclass(frozen=True, slots=True)
class Spend:
    """A month's spending within a filter: a table for each dimension not chosen yet, or one page of orders."""

    month: Month
    wanted: SpendFilter
    meals: int
    fen: int
    parts: dict[str, tuple[SpendPart, ...]]
    days: tuple[SpendPart, ...]
    budgets: tuple[BudgetLine, ...]
    orders: tuple[SpendOrder, ...]
    page: int
    pages: int


def spend(
    session: Session, month: Month, canteens: Collection[str], wanted: SpendFilter, *, orders_page: int | None
) -> Spend:
    """`orders_page` None leaves the orders out. Only canteens in `canteens` are ever looked at."""
    conditions = _conditions(month, canteens, wanted)
    meals, fen = _total(session, conditions)
    open_to = [name for name in DIMENSIONS if not getattr(wanted, name)]
    pages = max(1, -(-meals // PAGE))
    page = min(max(1, orders_page or 1), pages)
    days = _parts(session, "day", conditions)
    shown = [wanted.canteen] if wanted.canteen else sorted(canteens)
    return Spend(
        month,
        wanted,
        meals,
        fen,
        {name: days if name == "day" else _parts(session, name, conditions) for name in open_to},
        days,
        tuple(
            line
            for line in queries.budget_lines(session, [c for c in shown if c in canteens], month.year)
            if not wanted.funder or line.funder == wanted.funder
        ),
        _orders(session, conditions, page) if orders_page is not None else (),
        page,
        pages,
    )


def _conditions(month: Month, canteens: Collection[str], wanted: SpendFilter) -> list[ColumnElement[bool]]:
    conditions = [*queries.is_earning(canteens), _period(month, wanted)]
    for name, value in wanted.chosen().items():
        if name == "day":
            conditions.append(_T.c.effective_date == date.fromisoformat(value))
        else:
            conditions.append(_BY[name] == value)
    return conditions


def _period(month: Month, wanted: SpendFilter) -> ColumnElement[bool]:
    if wanted.whole_year:
        return _T.c.period.between(f"{month.year}-01", f"{month.year}-12")
    return _T.c.period == month.text


def _joined(statement: Select[Any], conditions: list[ColumnElement[bool]]) -> Select[Any]:
    return statement.select_from(_T).join(_P, _P.c.transaction_id == _T.c.id).where(*conditions)


def _total(session: Session, conditions: list[ColumnElement[bool]]) -> tuple[int, int]:
    orders = _per_order(conditions).subquery()
    row = session.execute(select(func.count(), func.coalesce(func.sum(orders.c.fen), 0)).select_from(orders)).one()
    return int(row[0]), int(row[1])


def _per_order(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    fen = func.sum(queries.earned_fen)
    return _joined(select(_T.c.subject, fen.label("fen")), conditions).group_by(_T.c.subject).having(fen != 0)


def _parts(session: Session, dimension: str, conditions: list[ColumnElement[bool]]) -> tuple[SpendPart, ...]:
    by = _BY[dimension]
    fen = func.sum(queries.earned_fen)
    per_order = (
        _joined(select(by.label("key"), _T.c.subject, fen.label("fen")), conditions)
        .group_by(by, _T.c.subject)
        .having(fen != 0)
        .subquery()
    )
    total = func.sum(per_order.c.fen)
    rows = session.execute(
        select(per_order.c.key, func.count(), total)
        .group_by(per_order.c.key)
        .order_by(per_order.c.key if dimension == "day" else total.desc())
    )
    return tuple(SpendPart(str(key), int(meals), int(part)) for key, meals, part in rows)


def _orders(session: Session, conditions: list[ColumnElement[bool]], page: int) -> tuple[SpendOrder, ...]:
    per_order = _per_order(conditions).subquery()
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(MealOrder.canteen_id),
            col(MealOrder.pickup_number),
            col(Resident.name),
            col(MealOrder.list_fen),
            col(MealOrder.self_pay_fen),
            per_order.c.fen,
        )
        .join(per_order, per_order.c.subject == queries.ORDER + col(MealOrder.id))
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .order_by(col(MealOrder.day), col(MealOrder.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return tuple(
        SpendOrder(key, day, meal, canteen, number, mask_name(name) if name else "", list_fen, self_pay_fen, int(fen))
        for key, day, meal, canteen, number, name, list_fen, self_pay_fen, fen in rows
    )
