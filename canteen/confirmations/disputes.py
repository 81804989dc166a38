"""Disputes of meals as rows in: opened once, taken back once."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from ulid import ULID

from canteen.confirmations.models import MealDispute

How = Literal["phone", "staff", "office", "call"]


def open_one(
    session: Session, order_id: str, canteen_id: str, period: str, how: How, *, now: datetime, by: str
) -> bool:
    """Store it; False when one stands already."""
    if standing(session, (order_id,)):
        return False
    row = MealDispute(
        id=str(ULID.from_datetime(now)),
        order_id=order_id,
        canteen_id=canteen_id,
        period=period,
        how=how,
        said_at=now,
        said_by=by,
    )
    try:
        with session.begin_nested():
            session.execute(insert(MealDispute).values(**row.model_dump()))
    except IntegrityError:
        return False  # said twice at the same moment
    return True


def take_back(session: Session, order_id: str, *, now: datetime, by: str) -> bool:
    """The standing one ends; False when none stands."""
    ended = session.execute(
        update(MealDispute)
        .where(col(MealDispute.order_id) == order_id, col(MealDispute.taken_back_at).is_(None))
        .values(taken_back_at=now, taken_back_by=by)
        .returning(col(MealDispute.id))
        .execution_options(synchronize_session=False)
    ).first()
    return ended is not None


def standing(session: Session, order_ids: Collection[str]) -> dict[str, datetime]:
    """Order → when it was said, of those that stand."""
    rows = session.execute(
        select(col(MealDispute.order_id), col(MealDispute.said_at)).where(
            col(MealDispute.order_id).in_(order_ids), col(MealDispute.taken_back_at).is_(None)
        )
    )
    return dict(rows.all())
