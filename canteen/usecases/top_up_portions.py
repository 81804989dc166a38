"""The moment of a planned top-up has come: its portions go on sale, once, whoever runs the jobs."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import top_ups
from menus.top_ups import Applied


def top_up_portions(session: Session, top_up_id: int, *, now: datetime, actor: str) -> Applied | None:
    """Apply one of `menus.top_ups.due`; None when another process did it, or it is not due. Safe to repeat."""
    done = top_ups.apply(session, top_up_id, now=now)
    if done is not None:
        log.record(
            session,
            at=now,
            actor=actor,
            action="menu.topped-up",
            subject=f"menu:{done.menu_id}",
            details={"kitchen": done.kitchen_id, "portions": done.portions, "outcome": done.outcome.value},
        )
    return done
