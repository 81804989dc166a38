"""Cached budgets of book B: one row per canteen, funder, programme and year, moved with every entry."""

from collections.abc import Mapping

from sqlalchemy import Update, bindparam, select, update
from sqlmodel import Session, col

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
    for (funder, programme, year), buckets in sorted(moves.items()):
        names = tuple(name for name in BUCKETS if buckets.get(name))
        if not names:
            continue
        values = {f"d_{name}": buckets[name] for name in names}
        result = session.execute(
            _move_statement(names), {"c": canteen_id, "f": funder, "p": programme, "y": year, **values}
        )
        if result.rowcount != 1:  # type: ignore[attr-defined]
            raise BudgetMissing(canteen=canteen_id, funder=funder, programme=programme, year=year)


def budgets_short(session: Session, canteen_id: str, year: int, wanted: dict[tuple[str, str], int]) -> bool:
    """Whether any (funder, programme) has less available at this canteen than is wanted, in fen."""
    for (funder, programme), fen in wanted.items():
        available = session.execute(
            _AVAILABLE, {"c": canteen_id, "f": funder, "p": programme, "y": year}
        ).scalar_one_or_none()
        if available is None or available < fen:
            return True
    return False


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
_AVAILABLE = select(col(Budget.available_fen)).where(
    col(Budget.canteen_id) == bindparam("c"),
    col(Budget.funder) == bindparam("f"),
    col(Budget.programme) == bindparam("p"),
    col(Budget.year) == bindparam("y"),
)
