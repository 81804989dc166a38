"""The cook says that more portions of a line are made."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import portions, queries
from menus.errors import MenuClosed, NotOnMenu
from menus.models import MenuStatus


@dataclass(frozen=True, slots=True)
class MadeNow:
    """`more` whole portions are cooked; below zero takes a slip of the finger back."""

    kitchen_id: str
    item_id: int
    more: int


def record_made(session: Session, request: MadeNow, *, now: datetime, actor: str) -> None:
    """Add them to what was made. What is left for sale follows the plan, never this.

    Raises:
        menus.errors.NotOnMenu: no such line in this kitchen.
        menus.errors.MenuClosed: the meal is over.
        menus.errors.PortionsRefused: more than any kitchen cooks.
    """
    kitchen_id, status, _ = queries.item_kitchen(session, request.item_id)
    if kitchen_id != request.kitchen_id:
        raise NotOnMenu(request.item_id)
    if status is MenuStatus.CLOSED:
        raise MenuClosed
    made = portions.add_made(session, request.item_id, request.more)
    log.record(
        session,
        at=now,
        actor=actor,
        action="menu.portions",
        subject=f"menu-item:{request.item_id}",
        details={"kitchen": kitchen_id, "made": made},
    )
