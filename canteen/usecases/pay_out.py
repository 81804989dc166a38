"""Hand out money that is owed back for an order and found no wallet: it waits on account 2200."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.orders import store
from canteen.orders.errors import OrderNotFound
from canteen.payments.errors import NothingOwed
from canteen.usecases.steps import paying
from subsidies.ledger import post
from subsidies.models import LedgerTransaction, Posting


def pay_out(session: Session, order_id: str, canteen_id: str, *, now: datetime, actor: str) -> str:
    """Pay all of it in cash from the drawer; returns the payment's id.

    Raises:
        NothingOwed: nothing waits for this order (any more).
        orders.errors.OrderNotFound: none of this canteen.
    """
    order = store.get(session, order_id, lock=True)
    if order.canteen_id != canteen_id:
        raise OrderNotFound(order=order_id)
    fen = owed_back_fen(session, order_id)
    if fen <= 0:
        raise NothingOwed(status=order.status)
    payment_id, entry = paying.move(
        session, order, fen, ("2200", "1000"), direction="out", name="payout", kind="pay_out", now=now, actor=actor,
        reason="paid-out",
    )  # fmt: skip
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.paid-out",
        subject=f"order:{order_id}",
        canteen_id=canteen_id,
        details={"fen": fen},
    )
    return payment_id


def owed_back_fen(session: Session, order_id: str) -> int:
    """What stands on 2200 for this order; fen."""
    found = session.execute(
        select(func.coalesce(func.sum(col(Posting.fen)), 0))
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(
            col(LedgerTransaction.subject) == f"order:{order_id}",
            col(Posting.book) == "F",
            col(Posting.account) == "2200",
        )
    ).scalar_one()
    return -int(found)
