"""次数: entitlement counters, taken and given back. The database refuses more than the cap."""

from collections.abc import Iterable

from sqlalchemy import Insert, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from subsidies.models import EntitlementCounter
from subsidies.rules.decision import CounterUse


def take(session: Session, resident_id: str, uses: Iterable[CounterUse]) -> None:
    """Count what a decision takes. The caller holds the resident's eligibility file locked.

    Raises:
        sqlalchemy.exc.IntegrityError: more than the cap, which the decision had excluded.
    """
    rows = [
        {
            "resident_id": resident_id,
            "name": use.key.name,
            "period": use.key.period,
            "canteen": use.key.canteen,
            "used": use.take,
            "cap": use.key.cap,
        }
        for use in sorted(uses, key=lambda use: use.key.id)
    ]
    if rows:
        session.execute(_TAKE[session.get_bind().dialect.name], rows)


def give_back(session: Session, resident_id: str, taken: Iterable[tuple[str, str, str, int]]) -> None:
    """Undo `take`: (name, period, canteen, take) as stored with the order."""
    rows = [
        {"r": resident_id, "n": name, "p": period, "k": canteen, "t": count} for name, period, canteen, count in taken
    ]
    if rows:
        session.execute(_GIVE_BACK, rows)


def combine(session: Session, kept: str, gone: str) -> list[tuple[tuple[str, str, str], int]]:
    """Whatever `gone` used counts as used by `kept`; returns ((name, period, canteen), cap) of what is too much.

    Those keep their true count above the rule's cap: the rule decides by its own cap, so that nothing more is given. The
    caller holds both files locked.
    """
    rows = {
        (row.name, row.period, row.canteen): row
        for row in session.execute(select(_TABLE).where(_TABLE.c.resident_id == kept))
    }
    beyond: list[tuple[tuple[str, str, str], int]] = []
    for row in session.execute(select(_TABLE).where(_TABLE.c.resident_id == gone).order_by(_TABLE.c.name)).all():
        if row.used == 0:
            continue
        standing = rows.get((row.name, row.period, row.canteen))
        cap = max(row.cap, standing.cap) if standing else row.cap
        used = row.used + (standing.used if standing else 0)
        if used > cap:
            beyond.append(((row.name, row.period, row.canteen), cap))
        values = {"used": used, "cap": max(cap, used)}
        here = (_TABLE.c.name == row.name, _TABLE.c.period == row.period, _TABLE.c.canteen == row.canteen)
        if standing:
            session.execute(update(_TABLE).where(_TABLE.c.resident_id == kept, *here).values(**values))
        else:
            key = {"resident_id": kept, "name": row.name, "period": row.period, "canteen": row.canteen}
            session.execute(insert(_TABLE).values(**key, **values))
        session.execute(update(_TABLE).where(_TABLE.c.resident_id == gone, *here).values(used=0))
    return beyond


_TABLE = EntitlementCounter.__table__  # type: ignore[attr-defined]


def _upsert(statement: sqlite.Insert | postgresql.Insert) -> Insert:
    return statement.on_conflict_do_update(
        index_elements=["resident_id", "name", "period", "canteen"],
        set_={"used": _TABLE.c.used + statement.excluded.used, "cap": statement.excluded.cap},
    )


_TAKE = {"sqlite": _upsert(sqlite.insert(_TABLE)), "postgresql": _upsert(postgresql.insert(_TABLE))}
_GIVE_BACK = (
    update(_TABLE)
    .where(
        _TABLE.c.resident_id == bindparam("r"),
        _TABLE.c.name == bindparam("n"),
        _TABLE.c.period == bindparam("p"),
        _TABLE.c.canteen == bindparam("k"),
    )
    .values(used=_TABLE.c.used - bindparam("t"))
)
