"""The cook says how many portions of a line are made so far, or will be."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import portions, queries
from menus.errors import MenuClosed, NotOnMenu
from menus.models import MenuStatus


@dataclass(frozen=True, slots=True)
class MadeCount:
    """`made` whole portions are cooked so far; `planned`, when given, is the new total for the meal."""

    kitchen_id: str
    item_id: int
    made: int | None = None
    planned: int | None = None


def record_made(session: Session, request: MadeCount, *, now: datetime, actor: str) -> None:
    """Store the counts. What is left for sale follows `planned`, never `made`.

    Raises:
        menus.errors.NotOnMenu: no such line in this kitchen.
        menus.errors.MenuClosed: the meal is over.
        menus.errors.PortionsRefused: out of range, or fewer planned than ordered.
    """
    kitchen_id, status, _ = queries.item_kitchen(session, request.item_id)
    if kitchen_id != request.kitchen_id:
        raise NotOnMenu(request.item_id)
    if status is MenuStatus.CLOSED:
        raise MenuClosed
    if request.planned is not None:
        portions.set_planned(session, request.item_id, request.planned)
    if request.made is not None:
        portions.record_made(session, request.item_id, request.made)
    log.record(
        session,
        at=now,
        actor=actor,
        action="menu.portions",
        subject=f"menu-item:{request.item_id}",
        details={"kitchen": kitchen_id, "made": request.made, "planned": request.planned},
    )
