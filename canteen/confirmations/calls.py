"""Who is telephoned about a month, and how the calls went."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select
from sqlmodel import Session, col
from ulid import ULID

from canteen.confirmations.errors import NotOnTheList
from canteen.confirmations.models import CallAttempt, CallDraw, CallLine

Outcome = Literal["no_answer", "confirmed", "denied", "wrong_number"]
OUTCOMES: tuple[Outcome, ...] = ("confirmed", "denied", "no_answer", "wrong_number")
PERCENT = 3
AT_LEAST = 5


@dataclass(frozen=True, slots=True)
class LineKey:
    """One person of one list."""

    canteen_id: str
    period: str
    position: int


def drawn(seed: str, residents: Collection[str]) -> list[str]:
    """Three in a hundred, rounded up, at least five where there are five: those whose SHA-256 of seed and key is smallest.

    Whoever has the seed and the diners of the month gets the same list in the same order.
    """
    wanted = max(AT_LEAST, -(-len(residents) * PERCENT // 100))
    return sorted(residents, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).digest())[:wanted]


def keep(session: Session, draw: CallDraw, residents: Collection[str]) -> None:
    """Store a draw and its lines."""
    session.execute(insert(CallDraw).values(**draw.model_dump()))
    session.execute(
        insert(CallLine),
        [
            {"canteen_id": draw.canteen_id, "period": draw.period, "position": position, "resident_id": resident}
            for position, resident in enumerate(residents, 1)
        ],
    )


def is_drawn(session: Session, canteen_id: str, period: str) -> bool:
    """Whether this month's list exists."""
    return session.get(CallDraw, (canteen_id, period)) is not None


def resident_of(session: Session, line: LineKey) -> str:
    """Who was drawn there.

    Raises:
        NotOnTheList: nobody.
    """
    found = session.execute(
        select(col(CallLine.resident_id)).where(
            col(CallLine.canteen_id) == line.canteen_id,
            col(CallLine.period) == line.period,
            col(CallLine.position) == line.position,
        )
    ).scalar()
    if found is None:
        raise NotOnTheList(position=line.position)
    return str(found)


def note(
    session: Session,
    line: LineKey,
    outcome: Outcome,
    note_sealed: bytes | None,
    *,
    key: str,
    now: datetime,
    by: str,
    by_name: str,
) -> None:
    """Store one call under `key`."""
    row = CallAttempt(
        id=key,
        canteen_id=line.canteen_id,
        period=line.period,
        position=line.position,
        at=now,
        by=by,
        by_name=by_name[:60],
        outcome=outcome,
        note_sealed=note_sealed,
    )
    session.execute(insert(CallAttempt).values(**row.model_dump()))


def new_key(now: datetime) -> str:
    """Of a call about to be stored."""
    return str(ULID.from_datetime(now))
