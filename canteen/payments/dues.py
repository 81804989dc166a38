"""Meals served now and paid later: one open at a time for one person, wherever they eat."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from canteen.db.locks import hold
from canteen.payments.errors import DueAlreadyOpen
from canteen.payments.models import Due


def open_fen(session: Session, resident_id: str) -> int | None:
    """What this person has still to pay for a meal served; None when nothing. Fen."""
    return session.execute(_OPEN, {"id": resident_id}).scalar()


def refuse_open(session: Session, resident_id: str) -> None:
    """Nobody has two meals open. Holds the person: two canteens at once must not both find nothing.

    Raises:
        DueAlreadyOpen: an earlier one is not paid yet.
    """
    hold(session, f"due {resident_id}")
    fen = open_fen(session, resident_id)
    if fen is not None:
        raise DueAlreadyOpen(fen=fen)


def agree(
    session: Session, order_id: str, resident_id: str, canteen_id: str, *, fen: int, reason: str, now: datetime, by: str
) -> None:
    """Store that `fen` is to be paid later; an earlier agreement on this meal, dropped with its hand-over, is renewed."""
    agreed = {"fen": fen, "reason": reason, "agreed_at": now, "agreed_by": by}
    again = session.execute(update(_D).where(_D.c.order_id == order_id).values(**agreed, dropped_at=None))
    if again.rowcount == 0:  # type: ignore[attr-defined]
        session.execute(insert(_D).values(order_id=order_id, resident_id=resident_id, canteen_id=canteen_id, **agreed))


_D = Due.__table__  # type: ignore[attr-defined]
_STANDS = _D.c.paid_at.is_(None) & _D.c.dropped_at.is_(None)
_OPEN = select(_D.c.fen).where(_D.c.resident_id == bindparam("id"), _STANDS)
