"""Failed look-ups by phone tail and birthday: five at one device pause it a minute."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from canteen.people.models import Attempt

MOST_FAILURES = 5
PAUSE = timedelta(minutes=1)
PURPOSE = "phone-tail"


def is_paused(session: Session, subject: str, now: datetime) -> bool:
    """Whether this device must wait. `now` is real time: a moved demo clock pauses nobody for a month."""
    until = session.execute(
        select(col(Attempt.paused_until)).where(col(Attempt.purpose) == PURPOSE, col(Attempt.subject) == subject)
    ).scalar()
    return until is not None and until > now


def note_failure(session: Session, subject: str, now: datetime) -> bool:
    """Count one more; returns whether it paused the device. The count starts anew after a pause."""
    key = (col(Attempt.purpose) == PURPOSE, col(Attempt.subject) == subject)
    standing = session.execute(select(col(Attempt.failures)).where(*key).with_for_update()).scalar()
    if standing is None:
        session.execute(insert(Attempt).values(purpose=PURPOSE, subject=subject, failures=1, paused_until=None))
        return False
    paused: bool = standing + 1 >= MOST_FAILURES
    session.execute(
        update(Attempt)
        .where(*key)
        .values(failures=0 if paused else standing + 1, paused_until=now + PAUSE if paused else None)
        .execution_options(synchronize_session=False)
    )
    return paused


def forget(session: Session, subject: str) -> None:
    """Somebody was found: the next one has five tries again."""
    session.execute(delete(Attempt).where(col(Attempt.purpose) == PURPOSE, col(Attempt.subject) == subject))
