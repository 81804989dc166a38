"""What is still owed when a meal is handed over: taken at once, or agreed to be paid later."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from canteen.orders.errors import ReasonMissing
from canteen.orders.status import OrderStatus, advance
from canteen.orders.store import OrderView
from canteen.payments import dues
from canteen.payments.errors import DueAlreadyOpen, MethodUnknown
from canteen.sites import places
from canteen.usecases.steps import paying
from subsidies.ledger import Entry


def settle(
    session: Session, order: OrderView, *, method: str, later_reason: str, now: datetime, actor: str
) -> tuple[OrderView, list[Entry]]:
    """The order as paid (or agreed), and what is to be booked now. `method`: cash · wallet · later.

    Raises:
        MethodUnknown: none of these.
        ReasonMissing, DueAlreadyOpen: as `_agree_later`.
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    if method == "later":
        _agree_later(session, order, reason=later_reason.strip(), now=now, actor=actor)
        advance(session, order.id, order.status, OrderStatus.PAID, method="later")
        return replace(order, status=OrderStatus.PAID, method="later"), []
    if method not in {"cash", "wallet"}:
        raise MethodUnknown(method=method)
    operator_id = places.canteen(session, order.canteen_id).operator_id
    paid, entry = paying.take(session, order, operator_id, method=method, now=now, actor=actor)
    advance(session, order.id, order.status, OrderStatus.PAID, paid_fen=paid.paid_fen, method=method)
    return replace(paid, status=OrderStatus.PAID, method=method), [entry]


def _agree_later(session: Session, order: OrderView, *, reason: str, now: datetime, actor: str) -> None:
    """What is owed stands on account 1110 until it is paid.

    Raises:
        ReasonMissing: no reason in words.
        DueAlreadyOpen: an earlier meal is not paid yet, or the diner is a guest, whom nobody would know to ask.
    """
    if not reason:
        raise ReasonMissing()
    if order.resident_id is None:
        raise DueAlreadyOpen(fen=order.owed_fen)
    dues.refuse_open(session, order.resident_id)
    dues.agree(
        session, order.id, order.resident_id, order.canteen_id, fen=order.owed_fen, reason=reason, now=now, by=actor
    )
