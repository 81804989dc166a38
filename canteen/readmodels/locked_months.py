"""Is a canteen's month locked? Nothing of it is said or taken back any more then."""

from sqlalchemy import select
from sqlmodel import Session, col

from subsidies.statement_models import MonthStatement
from subsidies.statement_states import LOCKED


def is_locked(session: Session, canteen_id: str, month: str) -> bool:
    """`month` is `2026-11`; paid months are locked too."""
    state = session.execute(
        select(col(MonthStatement.state)).where(
            col(MonthStatement.canteen_id) == canteen_id, col(MonthStatement.period) == month
        )
    ).scalar()
    return state in LOCKED
