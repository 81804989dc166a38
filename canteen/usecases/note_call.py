"""Somebody has telephoned a diner about the month, and writes down how it went."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.confirmations import calls
from canteen.confirmations.calls import OUTCOMES, LineKey
from canteen.confirmations.errors import MealsMissing, OutcomeMissing
from canteen.people.sealed import Sealer
from canteen.readmodels.canteen_people import standing_id
from canteen.usecases.steps import disputing

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class CallNoted:
    """One call: its outcome, and when not all meals were theirs, the orders of those that were not."""

    line: LineKey
    outcome: str
    not_theirs: tuple[str, ...] = ()
    note: str = ""
    by_name: str = ""


def note_call(session: Session, request: CallNoted, *, now: datetime, actor: str, sealer: Sealer) -> int:
    """Store the call beside earlier ones, and each meal that was not theirs as a dispute; returns how many of those are new.

    Raises:
        confirmations.errors.OutcomeMissing: none of the four.
        confirmations.errors.MealsMissing: denied, and no meal is named.
        confirmations.errors.NotOnTheList: nobody was drawn there.
        confirmations.errors.MealNotTheirs, MonthLocked: as for any dispute.
    """
    outcome = next((one for one in OUTCOMES if one == request.outcome), None)
    if outcome is None:
        raise OutcomeMissing
    if outcome == "denied" and not request.not_theirs:
        raise MealsMissing
    resident_id = standing_id(session, calls.resident_of(session, request.line))
    key = calls.new_key(now)
    note = request.note.strip()[:LONGEST_NOTE]
    sealed = sealer.seal(note, ("call_attempt", "note_sealed", key)) if note else None
    calls.note(session, request.line, outcome, sealed, key=key, now=now, by=actor, by_name=request.by_name)
    opened = 0
    if outcome == "denied":
        for order_id in request.not_theirs:
            opened += disputing.say(session, resident_id, order_id, "call", now=now, actor=actor)
    log.record(
        session,
        at=now,
        actor=actor,
        action="calls.noted",
        subject=f"calls:{request.line.canteen_id}/{request.line.period}",
        canteen_id=request.line.canteen_id,
        details={"outcome": outcome, "position": request.line.position, "disputed": opened},
    )
    return opened
