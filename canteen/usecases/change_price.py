"""The manager changes prices of published lines, with a reason; orders that stand keep theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders.errors import ReasonMissing
from menus import prices, queries
from menus.errors import NotOnMenu
from menus.prices import NewPrice


def change_price(
    session: Session, kitchen_id: str, wanted: Sequence[NewPrice], *, now: datetime, actor: str, actor_name: str
) -> int:
    """Sell these lines for other prices from now on, all or none; returns how many changed.

    Raises:
        ReasonMissing: no reason in words.
        menus.errors.NotOnMenu: no such line in this kitchen. And as `menus.prices.change_price`.
    """
    changed = 0
    for one in sorted(wanted, key=lambda price: price.item_id):
        if not one.reason.strip():
            raise ReasonMissing()
        kitchen, _, _ = queries.item_kitchen(session, one.item_id)
        if kitchen != kitchen_id:
            raise NotOnMenu(one.item_id)
        if not prices.change_price(session, one, now=now, by=actor, by_name=actor_name):
            continue
        changed += 1
        log.record(
            session,
            at=now,
            actor=actor,
            action="menu.price-changed",
            subject=f"menu-item:{one.item_id}",
            details={"was_fen": one.was_fen, "fen": one.price_fen, "reason": log.reason_code(one.reason)},
        )
    return changed
