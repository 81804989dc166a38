"""To-order kitchens: an order is cooked and called, or that was a slip of the finger."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import store
from canteen.orders.status import OrderStatus, advance
from canteen.orders.store import OrderView


def mark_ready(session: Session, order_id: str, *, ready: bool, now: datetime, actor: str) -> OrderView:
    """Move a paid order to ready, or back.

    Raises:
        orders.errors.WrongStatus: it is neither paid nor ready.
        orders.errors.OrderNotFound: no such order.
    """
    order = store.get(session, order_id, lock=True)
    wanted = OrderStatus.READY if ready else OrderStatus.PAID
    if order.status == wanted:
        return order
    advance(session, order.id, order.status, wanted, ready_at=now if ready else None)
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.ready" if ready else "order.not-ready",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
    )
    return store.get(session, order.id)
