"""Somebody takes a list of people away: written down before the file leaves."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people.errors import ReasonMissing


@dataclass(frozen=True, slots=True)
class PeopleExport:
    """`clear`: whole ID and telephone numbers, for which a reason is needed."""

    rows: int
    kind: str
    clear: bool = False
    reason: str = ""


def note_people_export(
    session: Session, request: PeopleExport, *, now: datetime, actor: str, canteen_id: str | None = None
) -> None:
    """Write it down.

    Raises:
        people.errors.ReasonMissing: numbers in clear without a reason of at least two characters.
    """
    reason = request.reason.strip()
    if request.clear and len(reason) < 2:
        raise ReasonMissing
    log.record(
        session,
        at=now,
        actor=actor,
        action="people.exported",
        subject="people",
        canteen_id=canteen_id,
        details={"rows": request.rows, "kind": request.kind, "clear": request.clear, "reason": reason[:120]},
    )
