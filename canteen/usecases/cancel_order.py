"""Cancel an order before its hand-over: everything it holds is released, money goes back to whoever paid."""

from datetime import datetime

from sqlmodel import Session

from canteen.orders import store
from canteen.orders.errors import TooLateToCancel
from canteen.orders.status import OPEN, OrderStatus
from canteen.orders.store import OrderView
from canteen.usecases.steps import ending
from subsidies.ledger import post


def cancel_order(
    session: Session, order_id: str, *, now: datetime, actor: str, reason: str = "asked", at_counter: bool = True
) -> OrderView:
    """Cancel; cancelling twice answers the same. The subsidy reservation is released, never earned.

    Not `at_counter` (a kiosk, a phone): nobody opens the drawer, so cash goes back to the diner's wallet. A `reason` in
    words stays on the order alone: audit and books keep its code.

    Raises:
        TooLateToCancel: collected, ended otherwise, or the meal is over.
        orders.errors.OrderNotFound: no such order.
    """
    order = store.get(session, order_id, lock=True)
    if order.status == OrderStatus.CANCELLED:
        return order
    if OrderStatus(order.status) not in OPEN or now >= order.deadline_at:
        raise TooLateToCancel(status=order.status, number=order.pickup_number)
    entries = ending.cancel(session, order, reason=reason, now=now, actor=actor, to_wallet=not at_counter)
    post(session, entries, now=now)
    return store.get(session, order.id)
