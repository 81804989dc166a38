"""Take the money for a meal that was served on credit."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from canteen.audit import log
from canteen.orders import store
from canteen.payments.errors import MethodUnknown, NothingOwed
from canteen.payments.models import Due
from canteen.sites import places
from canteen.usecases.steps import paying
from subsidies.ledger import post


def settle_due(session: Session, order_id: str, *, method: str, now: datetime, actor: str) -> int:
    """Take what stands on account 1110 for this meal, by cash or wallet; returns the fen taken.

    Raises:
        NothingOwed: it was paid, or nothing is due.
        MethodUnknown: neither cash nor wallet.
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    if method not in {"cash", "wallet"}:
        raise MethodUnknown(method=method)
    order = store.get(session, order_id, lock=True)
    due = session.execute(
        select(col(Due.fen)).where(
            col(Due.order_id) == order_id, col(Due.paid_at).is_(None), col(Due.dropped_at).is_(None)
        )
    ).one_or_none()
    if due is None:
        raise NothingOwed(status=order.status)
    canteen = places.canteen(session, order.canteen_id)
    entry = paying.take_due(session, order, canteen.operator_id, due.fen, method=method, now=now, actor=actor)
    session.execute(update(Due.__table__).where(col(Due.order_id) == order_id).values(paid_at=now))  # type: ignore[attr-defined]
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="due.settled",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"fen": due.fen, "method": method},
    )
    return int(due.fen)
