"""A member of staff has gone to whoever asked for help, or the caller changed their mind."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.sites import help_calls
from canteen.sites.errors import HelpCallUnknown


@dataclass(frozen=True, slots=True)
class HelpAnswered:
    """Which call, at which canteen."""

    canteen_id: str
    call_id: str


def answer_help(session: Session, request: HelpAnswered, *, now: datetime, actor: str) -> bool:
    """End the call; False when somebody else had answered it.

    Raises:
        sites.errors.HelpCallUnknown: no such call at this canteen.
    """
    ended = help_calls.answer(session, request.canteen_id, request.call_id, by=actor, now=now)
    if ended is None:
        raise HelpCallUnknown
    if ended:
        log.record(
            session,
            at=now,
            actor=actor,
            action="help.answered",
            subject=f"help:{request.call_id}",
            canteen_id=request.canteen_id,
        )
    return ended
