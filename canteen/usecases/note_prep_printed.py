"""The prep sheet went on paper: nobody needs to be reminded any more."""

from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import kitchen_counts


def note_prep_printed(session: Session, kitchen_id: str, day: date, meal: str, *, now: datetime, actor: str) -> None:
    """Once for each print; what is ordered later is not on that paper."""
    kitchen_counts.note_printed(session, kitchen_id, day, meal, now=now, by=actor)
    log.record(
        session,
        at=now,
        actor=actor,
        action="menu.prep-printed",
        subject=f"kitchen:{kitchen_id}",
        details={"day": day.isoformat(), "meal": meal},
    )
