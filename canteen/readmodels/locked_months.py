"""Is a canteen's month locked? Nothing of it is said or taken back any more then."""

from sqlalchemy import select
from sqlmodel import Session, SQLModel

LOCKED = ("locked", "paid")


def is_locked(session: Session, canteen_id: str, month: str) -> bool:
    """`month` is `2026-11`."""
    statement = SQLModel.metadata.tables.get("month_statement")
    if statement is None:
        return False
    state = session.execute(
        select(statement.c.state).where(statement.c.canteen_id == canteen_id, statement.c.period == month)
    ).scalar()
    return state in LOCKED
