"""Questions to the books, asked in bulk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, select
from sqlmodel import Session, SQLModel, col

from subsidies.ledger import Leg, link_hash
from subsidies.models import Budget, LedgerTransaction, Posting
from subsidies.months import Month
from subsidies.reconciliation import Earned

_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)]
_P = SQLModel.metadata.tables[str(Posting.__tablename__)]
EARNING_KINDS = ("earn", "unearn", "adjust")
OWED_BY_FUNDERS = ("1100", "2500", "4090", "4020")
"""What funders owe (1100), less what is owed back to them (2500), the operator gave (4090) and charity gave (4020, a credit)."""
ORDER = "order:"

earned_fen: ColumnElement[int] = case((_P.c.account == "4020", -_P.c.fen), else_=_P.c.fen)
"""A leg's contribution to what was given for a meal."""


def is_earning(canteens: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Conditions on entries joined with their legs: those that say who gave how much for a meal."""
    return (
        _T.c.canteen_id.in_(list(canteens)),
        _T.c.kind.in_(EARNING_KINDS),
        _P.c.book == "F",
        _P.c.account.in_(OWED_BY_FUNDERS),
        _T.c.subject.startswith(ORDER),
    )


def earned_in(session: Session, month: Month, canteens: Collection[str]) -> list[Earned]:
    """For meals of the month by order and funder, earned less undone, whichever month it counts in.

    Orders whose entries cancel out are left out, and so are adjustments.
    """
    total = func.sum(earned_fen)
    rows = session.execute(
        select(
            _T.c.subject, _T.c.canteen_id, func.min(_T.c.effective_date).label("day"), _P.c.funder, _P.c.programme,
            total.label("fen"),
        )
        .join(_P, _P.c.transaction_id == _T.c.id)
        .where(
            *is_earning(canteens), _T.c.kind != "adjust", _T.c.period >= month.text,
            _T.c.effective_date >= month.first, _T.c.effective_date < month.after,
        )
        .group_by(_T.c.subject, _T.c.canteen_id, _P.c.funder, _P.c.programme)
        .having(total != 0)
    )  # fmt: skip
    return [
        Earned(row.subject.removeprefix(ORDER), row.canteen_id, _day(row.day), row.funder, row.programme, int(row.fen))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What one order's adjustments come to at one funder: given less (negative) or more, in fen."""

    order: str
    canteen: str
    funder: str
    programme: str
    fen: int


def adjusted_in(session: Session, month: Month, canteens: Collection[str]) -> list[Adjusted]:
    """Adjustments that count in the month, whichever day their meals were for."""
    return _adjusted(session, canteens, _T.c.period == month.text)


def adjusted_for(session: Session, month: Month, canteens: Collection[str]) -> list[Adjusted]:
    """Adjustments of the month's meals, whichever month they count in."""
    return _adjusted(session, canteens, _T.c.effective_date >= month.first, _T.c.effective_date < month.after)


def _adjusted(session: Session, canteens: Collection[str], *when: ColumnElement[bool]) -> list[Adjusted]:
    rows = session.execute(
        select(_T.c.subject, _T.c.canteen_id, _P.c.funder, _P.c.programme, func.sum(earned_fen))
        .join(_P, _P.c.transaction_id == _T.c.id)
        .where(*is_earning(canteens), _T.c.kind == "adjust", *when)
        .group_by(_T.c.subject, _T.c.canteen_id, _P.c.funder, _P.c.programme)
        .order_by(_T.c.canteen_id, _P.c.funder, _P.c.programme, _T.c.subject)
    )
    return [
        Adjusted(subject.removeprefix(ORDER), canteen, funder, programme, int(fen))
        for subject, canteen, funder, programme, fen in rows
    ]


def returned_for(session: Session, month: Month, canteens: Collection[str]) -> dict[str, int]:
    """Order of the month → what its adjustments put back into the diner's stored value, in fen."""
    rows = session.execute(
        select(_T.c.subject, -func.sum(_P.c.fen))
        .join(_P, _P.c.transaction_id == _T.c.id)
        .where(
            _T.c.canteen_id.in_(list(canteens)),
            _T.c.kind == "adjust",
            _P.c.account == "2000",
            _T.c.effective_date >= month.first,
            _T.c.effective_date < month.after,
        )
        .group_by(_T.c.subject)
    )
    return {subject.removeprefix(ORDER): int(fen) for subject, fen in rows}


@dataclass(frozen=True, slots=True)
class Given:
    """What the books say of one order by now: by (funder, programme, rule, category), and back to the diner; fen."""

    parts: dict[tuple[str, str, str, str], int]
    returned_fen: int
    adjustments: int
    """How many entries have adjusted it."""


def given_for(session: Session, orders: Collection[str]) -> dict[str, Given]:
    """Earned less undone, with adjustments, of each of these orders."""
    found = {order: _Sums() for order in orders}
    wanted = list(found)
    for start in range(0, len(wanted), _AT_ONCE):
        subjects = [f"{ORDER}{order}" for order in wanted[start : start + _AT_ONCE]]
        for row in session.execute(_GIVEN, {"subjects": subjects}):
            found[row.subject.removeprefix(ORDER)].add(row)
    return {
        order: Given({key: fen for key, fen in sums.parts.items() if fen}, sums.returned_fen, len(sums.entries))
        for order, sums in found.items()
    }


class _Sums:
    """What has been read of one order."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, str, str, str], int] = {}
        self.returned_fen = 0
        self.entries: set[str] = set()

    def add(self, row: Row[Any]) -> None:
        """One leg of an entry about it."""
        if row.kind == "adjust":
            self.entries.add(row.id)
        if row.account == "2000":
            self.returned_fen -= row.fen if row.kind == "adjust" else 0
        else:
            key = (row.funder, row.programme, row.rule, row.category)
            self.parts[key] = self.parts.get(key, 0) + (-row.fen if row.account == "4020" else row.fen)


_AT_ONCE = 500
_GIVEN = (
    select(
        _T.c.subject, _T.c.id, _T.c.kind, _P.c.account, _P.c.funder, _P.c.programme, _P.c.rule, _P.c.category, _P.c.fen
    )
    .join(_P, _P.c.transaction_id == _T.c.id)
    .where(
        _T.c.subject.in_(bindparam("subjects", expanding=True)),
        _T.c.kind.in_(EARNING_KINDS),
        # an expression, so that SQLite goes from the orders to their postings and not through all postings of the accounts
        _P.c.book + "" == "F",
        _P.c.account.in_((*OWED_BY_FUNDERS, "2000")),
    )
)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """One entry with its legs. `hash_ok`: its hash is what its content and the entry before give."""

    key: str
    canteen_id: str
    seq: int
    kind: str
    effective_date: date
    period: str
    posted_at: datetime
    actor: str
    reason: str
    resolves: str | None
    corrects: str | None
    hash: str
    hash_ok: bool
    legs: tuple[Leg, ...]


def entries_about(session: Session, subject: str) -> tuple[BookedEntry, ...]:
    """Every entry about one subject (`order:ID`), in the order of the chain."""
    entries = session.execute(select(_T).where(_T.c.subject == subject).order_by(_T.c.canteen_id, _T.c.seq)).mappings()
    found: list[BookedEntry] = []
    for row in entries.all():
        legs = tuple(
            Leg(*leg)
            for leg in session.execute(
                select(
                    _P.c.book, _P.c.account, _P.c.fen, _P.c.funder, _P.c.programme, _P.c.rule, _P.c.category, _P.c.owner
                )
                .where(_P.c.transaction_id == row["id"])
                .order_by(_P.c.position)
            )
        )
        found.append(
            BookedEntry(
                row["key"], row["canteen_id"], row["seq"], row["kind"], row["effective_date"], row["period"],
                row["posted_at"], row["actor"], row["reason"], row["resolves"], row["corrects"], row["hash"],
                link_hash(dict(row), legs) == row["hash"], legs,
            )
        )  # fmt: skip
    return tuple(found)


def earned_by_order(session: Session, since: date, until: date) -> dict[str, dict[tuple[str, str, str, str], int]]:
    """Meals for `since` ≤ day < `until`: order → (funder, programme, rule, category) → fen earned less undone, never 0."""
    parts = (_P.c.funder, _P.c.programme, _P.c.rule, _P.c.category)
    total = func.sum(earned_fen)
    rows = session.execute(
        select(_T.c.subject, *parts, total)
        .join(_P, _P.c.transaction_id == _T.c.id)
        .where(
            _T.c.kind.in_(("earn", "unearn")),
            _P.c.book == "F",
            _P.c.account.in_(OWED_BY_FUNDERS),
            _T.c.subject.startswith(ORDER),
            _T.c.effective_date >= since,
            _T.c.effective_date < until,
        )
        .group_by(_T.c.subject, *parts)
        .having(total != 0)
    )
    found: dict[str, dict[tuple[str, str, str, str], int]] = {}
    for subject, funder, programme, rule, category, fen in rows:
        found.setdefault(subject.removeprefix(ORDER), {})[funder, programme, rule, category] = int(fen)
    return found


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One funder's money at one canteen for one year; fen."""

    canteen_id: str
    funder: str
    programme: str
    appropriated_fen: int
    reserved_fen: int
    earned_fen: int
    available_fen: int

    @property
    def used_percent(self) -> int:
        """Earned and reserved, of what was given; rounded down. 100 when nothing was given."""
        used = self.appropriated_fen - self.available_fen
        return used * 100 // self.appropriated_fen if self.appropriated_fen else 100


def budget_lines(session: Session, canteens: Sequence[str], year: int) -> tuple[BudgetLine, ...]:
    """By canteen, funder and programme."""
    rows = session.execute(
        select(
            col(Budget.canteen_id),
            col(Budget.funder),
            col(Budget.programme),
            col(Budget.appropriated_fen),
            col(Budget.reserved_fen),
            col(Budget.earned_fen),
            col(Budget.available_fen),
        )
        .where(col(Budget.canteen_id).in_(canteens), col(Budget.year) == year)
        .order_by(col(Budget.canteen_id), col(Budget.funder), col(Budget.programme))
    )
    return tuple(BudgetLine(*row) for row in rows)
