"""The manager changes the price of a published line, with a reason; orders that stand keep theirs."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders.errors import ReasonMissing
from menus import prices, queries
from menus.errors import NotOnMenu
from menus.prices import NewPrice


def change_price(
    session: Session, kitchen_id: str, wanted: NewPrice, *, now: datetime, actor: str, actor_name: str
) -> bool:
    """Sell it for another price from now on; False when it costs that already.

    Raises:
        ReasonMissing: no reason in words.
        menus.errors.NotOnMenu: no such line in this kitchen. And as `menus.prices.change_price`.
    """
    if not wanted.reason.strip():
        raise ReasonMissing()
    kitchen, _, _ = queries.item_kitchen(session, wanted.item_id)
    if kitchen != kitchen_id:
        raise NotOnMenu(wanted.item_id)
    changed = prices.change_price(session, wanted, now=now, by=actor, by_name=actor_name)
    if changed:
        log.record(
            session,
            at=now,
            actor=actor,
            action="menu.price-changed",
            subject=f"menu-item:{wanted.item_id}",
            details={"was_fen": wanted.was_fen, "fen": wanted.price_fen, "reason": log.reason_code(wanted.reason)},
        )
    return changed
