"""Somebody's data shall go: one person says so, a second person does it."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from ulid import ULID

from canteen.audit import log
from canteen.people import residents
from canteen.people.erasure_models import Erasure
from canteen.people.errors import ErasureRefused

WHY = ("asked", "family", "retention")


def ask_erasure(session: Session, resident_id: str, why: str, *, by_name: str, now: datetime, actor: str) -> str:
    """Store the request and return its id. Nothing else changes yet.

    Raises:
        people.errors.ErasureRefused: no such reason, or one waits already.
        people.errors.ResidentUnknown, ResidentMerged: no such file.
    """
    residents.require_own_file(session, resident_id)
    if why not in WHY:
        raise ErasureRefused(why="why")
    row = Erasure(
        id=str(ULID.from_datetime(now)),
        resident_id=resident_id,
        why=why,
        asked_at=now,
        asked_by=actor,
        asked_name=by_name[:60],
    )
    try:
        session.execute(insert(Erasure).values(**row.model_dump()))
    except IntegrityError as error:
        raise ErasureRefused(why="waiting") from error
    log.record(
        session, at=now, actor=actor, action="erasure.asked", subject=f"resident:{resident_id}", details={"why": why}
    )
    return row.id
