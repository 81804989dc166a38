"""Whom a canteen's staff know: those they enrolled, and those who showed a card or an ID at its counter."""

from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select
from sqlmodel import Session, col

from canteen.people.models import KnownAt

How = Literal["enrolled", "card", "id"]


def note(session: Session, canteen_id: str, resident_id: str, how: How, *, by: str, now: datetime) -> None:
    """From now on the person's page opens at this canteen; again is harmless."""
    if not is_known(session, canteen_id, resident_id):
        session.execute(
            insert(KnownAt).values(canteen_id=canteen_id, resident_id=resident_id, how=how, since=now, by=by)
        )


def is_known(session: Session, canteen_id: str, resident_id: str) -> bool:
    """Whether somebody of this canteen has enrolled them or seen their card or ID."""
    return (
        session.execute(
            select(col(KnownAt.how)).where(
                col(KnownAt.canteen_id) == canteen_id, col(KnownAt.resident_id) == resident_id
            )
        ).first()
        is not None
    )
