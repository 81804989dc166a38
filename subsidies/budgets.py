"""Cached budgets of book B: one row per canteen, funder, programme and year, moved with every entry."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from subsidies.errors import SubsidyError
from subsidies.models import Budget

BUCKETS = ("appropriated", "available", "reserved", "earned", "settled", "disallowed", "recoverable")
BudgetKey = tuple[str, str, int]
"""Funder, programme, year."""


class BudgetMissing(SubsidyError):
    """No budget row for this canteen, funder, programme and year."""

    code = "subsidies.budget-missing"


def move(session: Session, canteen_id: str, moves: Mapping[BudgetKey, Mapping[str, int]]) -> None:
    """Add to each bucket what the entries move, in fen; rows are locked in key order.

    Raises:
        BudgetMissing: no such row.
    """
    for names, together in groupby(sorted(moves.items()), key=lambda move: _touched(move[1])):
        if not names:
            continue
        rows = [
            {"c": canteen_id, "f": funder, "p": programme, "y": year, **{f"d_{name}": buckets[name] for name in names}}
            for (funder, programme, year), buckets in together
        ]
        result = session.execute(_move_statement(names), rows)
        if result.rowcount != len(rows):  # type: ignore[attr-defined]
            named = " ".join(f"{row['f']}/{row['p']}" for row in rows)
            raise BudgetMissing(canteen=canteen_id, budgets=named)


def open_missing(session: Session, canteen_id: str, keys: Iterable[BudgetKey]) -> None:
    """Rows with nothing in them where there are none: a year whose money nobody has loaded yet is short, not unknown."""
    rows = [
        {"canteen_id": canteen_id, "funder": funder, "programme": programme, "year": year}
        | {f"{bucket}_fen": 0 for bucket in BUCKETS}
        for funder, programme, year in sorted(keys)
    ]
    if rows:
        session.execute(_OPEN[session.get_bind().dialect.name], rows)


def budgets_short(
    session: Session, canteen_id: str, year: int, wanted: dict[tuple[str, str], int], *, lock: bool = False
) -> bool:
    """Whether any (funder, programme) has less available at this canteen than is wanted, in fen.

    With `lock` the canteen's budgets of the year are held, in key order, so that two orders cannot both take the last.
    """
    rows = session.execute(_AVAILABLE_LOCKED if lock else _AVAILABLE, {"c": canteen_id, "y": year})
    available = {(funder, programme): fen for funder, programme, fen in rows}
    return any(key not in available or available[key] < fen for key, fen in wanted.items())


def _touched(buckets: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(name for name in BUCKETS if buckets.get(name))


def _move_statement(names: tuple[str, ...]) -> Update:
    statement = _MOVES.get(names)
    if statement is None:
        statement = _MOVES[names] = _build_move(names)
    return statement


def _build_move(names: tuple[str, ...]) -> Update:
    table = Budget.__table__  # type: ignore[attr-defined]
    return (
        update(table)
        .where(
            table.c.canteen_id == bindparam("c"),
            table.c.funder == bindparam("f"),
            table.c.programme == bindparam("p"),
            table.c.year == bindparam("y"),
        )
        .values({f"{name}_fen": table.c[f"{name}_fen"] + bindparam(f"d_{name}") for name in names})
    )


_MOVES: dict[tuple[str, ...], Update] = {}
_BUDGET = Budget.__table__.c  # type: ignore[attr-defined]
_AVAILABLE = select(_BUDGET.funder, _BUDGET.programme, _BUDGET.available_fen).where(
    _BUDGET.canteen_id == bindparam("c"), _BUDGET.year == bindparam("y")
)
_AVAILABLE_LOCKED = _AVAILABLE.order_by(_BUDGET.funder, _BUDGET.programme).with_for_update()
_OPEN = {
    name: dialect.insert(Budget.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
