"""Who may bring meals to whom: named by the one who eats."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from canteen.people.models import Fetcher

_MAY = select(col(Fetcher.withdrawn_at)).where(
    col(Fetcher.resident_id) == bindparam("resident"), col(Fetcher.fetcher_id) == bindparam("fetcher")
)


def may_fetch(session: Session, resident_id: str, fetcher_id: str) -> bool:
    """Whether `fetcher_id` may bring meals to `resident_id`."""
    row = session.execute(_MAY, {"resident": resident_id, "fetcher": fetcher_id}).first()
    return row is not None and row[0] is None


def name(session: Session, resident_id: str, fetcher_id: str, *, now: datetime) -> None:
    """From now on they may; named again after a withdrawal starts anew."""
    known = session.execute(_MAY, {"resident": resident_id, "fetcher": fetcher_id}).first()
    if known is None:
        session.execute(
            insert(Fetcher).values(resident_id=resident_id, fetcher_id=fetcher_id, named_at=now, withdrawn_at=None)
        )
    elif known[0] is not None:
        _update(session, resident_id, fetcher_id, named_at=now, withdrawn_at=None)


def withdraw(session: Session, resident_id: str, fetcher_id: str, *, now: datetime) -> None:
    """From now on they may not."""
    if may_fetch(session, resident_id, fetcher_id):
        _update(session, resident_id, fetcher_id, withdrawn_at=now)


def withdraw_all(session: Session, resident_id: str, *, now: datetime) -> int:
    """Nobody brings them meals any more; returns how many did."""
    ended = session.execute(
        update(Fetcher)
        .where(col(Fetcher.resident_id) == resident_id, col(Fetcher.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
        .returning(col(Fetcher.fetcher_id))
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)


def fetched_for(session: Session, fetcher_id: str) -> tuple[str, ...]:
    """The residents somebody may bring meals to, in the order they were named."""
    rows = session.execute(
        select(col(Fetcher.resident_id))
        .where(col(Fetcher.fetcher_id) == fetcher_id, col(Fetcher.withdrawn_at).is_(None))
        .order_by(col(Fetcher.named_at), col(Fetcher.resident_id))
    )
    return tuple(row[0] for row in rows)


def fetchers_of(session: Session, resident_id: str) -> tuple[str, ...]:
    """Who may bring meals to this resident."""
    rows = session.execute(
        select(col(Fetcher.fetcher_id))
        .where(col(Fetcher.resident_id) == resident_id, col(Fetcher.withdrawn_at).is_(None))
        .order_by(col(Fetcher.named_at), col(Fetcher.fetcher_id))
    )
    return tuple(row[0] for row in rows)


def _update(session: Session, resident_id: str, fetcher_id: str, **values: datetime | None) -> None:
    session.execute(
        update(Fetcher)
        .where(col(Fetcher.resident_id) == resident_id, col(Fetcher.fetcher_id) == fetcher_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
