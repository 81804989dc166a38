"""Failed tries of one kind by one device or at one person: every fifth pauses it, for longer each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from canteen.people.models import Attempt

MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """`purpose` names the kind; the n-th pause is the n-th of `pauses`, then always the last."""

    purpose: str
    pauses: tuple[timedelta, ...]


PHONE_TAIL = Rule("phone-tail", (timedelta(minutes=1),))
"""Tail of the telephone and birthday, typed at a paired device."""
PIN = Rule("pin", (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)))
"""Six digits are guessed in years, not in days, at five an hour."""


def paused_for(session: Session, subject: str, now: datetime, rule: Rule = PHONE_TAIL) -> int:
    """Whole seconds to wait, 0 when none. `now` is real time: a moved demo clock pauses nobody for a month."""
    until = session.execute(
        select(col(Attempt.paused_until)).where(col(Attempt.purpose) == rule.purpose, col(Attempt.subject) == subject)
    ).scalar()
    return int((until - now).total_seconds()) + 1 if until is not None and until > now else 0


def is_paused(session: Session, subject: str, now: datetime, rule: Rule = PHONE_TAIL) -> bool:
    """Whether they must wait."""
    return paused_for(session, subject, now, rule) > 0


def note_failure(session: Session, subject: str, now: datetime, rule: Rule = PHONE_TAIL) -> bool:
    """Count one more; returns whether it brought a pause."""
    key = (col(Attempt.purpose) == rule.purpose, col(Attempt.subject) == subject)
    standing = session.execute(select(col(Attempt.failures)).where(*key).with_for_update()).scalar()
    if standing is None:
        session.execute(insert(Attempt).values(purpose=rule.purpose, subject=subject, failures=1, paused_until=None))
        return False
    failures = standing + 1
    nth, remainder = divmod(failures, MOST_FAILURES)
    pause = rule.pauses[min(nth, len(rule.pauses)) - 1] if remainder == 0 else None
    session.execute(
        update(Attempt)
        .where(*key)
        .values(failures=failures, paused_until=None if pause is None else now + pause)
        .execution_options(synchronize_session=False)
    )
    return pause is not None


def forget(session: Session, subject: str, rule: Rule = PHONE_TAIL) -> None:
    """It was right: the next one has five tries again."""
    session.execute(delete(Attempt).where(col(Attempt.purpose) == rule.purpose, col(Attempt.subject) == subject))
