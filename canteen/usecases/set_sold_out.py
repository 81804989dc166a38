"""Somebody at the window says a dish is gone, or is back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import portions, queries
from menus.errors import MenuClosed, NotOnMenu
from menus.models import MenuStatus


@dataclass(frozen=True, slots=True)
class OnSale:
    """One line of a kitchen's menu, on sale or not."""

    kitchen_id: str
    item_id: int
    sold_out: bool


def set_sold_out(session: Session, request: OnSale, *, now: datetime, actor: str) -> bool:
    """Take the line off sale everywhere at once, or put it back; False when it already was so.

    Raises:
        menus.errors.NotOnMenu: no such line in this kitchen.
        menus.errors.MenuClosed: the meal is over.
    """
    kitchen_id, status, _ = queries.item_kitchen(session, request.item_id)
    if kitchen_id != request.kitchen_id:
        raise NotOnMenu(request.item_id)
    if status is MenuStatus.CLOSED:
        raise MenuClosed
    changed = portions.set_sold_out(session, request.item_id, request.sold_out)
    if changed:
        log.record(
            session,
            at=now,
            actor=actor,
            action="menu.sold-out" if request.sold_out else "menu.on-sale",
            subject=f"menu-item:{request.item_id}",
            details={"kitchen": kitchen_id},
        )
    return changed
