"""Pay an order before its hand-over: cash taken at the counter, or the wallet after all."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import store
from canteen.orders.status import OrderStatus, advance
from canteen.orders.store import OrderView
from canteen.payments.errors import AmountMismatch, MethodUnknown, NothingOwed
from canteen.sites import places
from canteen.usecases.steps import paying
from subsidies.ledger import post


def pay_order(session: Session, order_id: str, *, method: str, fen: int | None, now: datetime, actor: str) -> OrderView:
    """Take what is owed for an order that waits for it. `fen`, when given, must be exactly that.

    Raises:
        NothingOwed: it is paid, ended, or nothing was owed.
        AmountMismatch: `fen` is another sum.
        MethodUnknown: neither wallet nor cash.
        orders.errors.OrderNotFound; payments.errors.WalletShort, NoWallet.
    """
    if method not in {"cash", "wallet"}:
        raise MethodUnknown(method=method)
    order = store.get(session, order_id, lock=True)
    if order.status != OrderStatus.PLACED or order.owed_fen == 0:
        raise NothingOwed(status=order.status)
    if fen is not None and fen != order.owed_fen:
        raise AmountMismatch(owed_fen=order.owed_fen, fen=fen)
    canteen = places.canteen(session, order.canteen_id)
    paid, entry = paying.take(session, order, canteen.operator_id, method=method, now=now, actor=actor)
    advance(session, order.id, order.status, OrderStatus.PAID, paid_fen=paid.paid_fen, method=method)
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.paid",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"method": method, "fen": order.owed_fen},
    )
    return store.get(session, order.id)
