"""Take the money for a meal that was served on credit."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from canteen.audit import log
from canteen.orders import store
from canteen.payments import wallets
from canteen.payments.errors import MethodUnknown, NothingOwed
from canteen.payments.models import Due, Payment
from canteen.sites import places
from canteen.usecases.steps import legs, paying
from menus.service_days import business_day
from subsidies.ledger import Entry, post


def settle_due(session: Session, order_id: str, *, method: str, now: datetime, actor: str) -> int:
    """Take what stands on account 1110 for this meal, by cash or wallet; returns the fen taken.

    Raises:
        NothingOwed: it was paid, or nothing is due.
        MethodUnknown: neither cash nor wallet.
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
    owner = ""
    if method == "wallet":
        if order.resident_id is None:
            raise NothingOwed(status=order.status)
        owner = wallets.debit(session, order.resident_id, canteen.operator_id, due.fen)
    attempt = paying.next_attempt(session, order.id)
    session.execute(update(Due.__table__).where(col(Due.order_id) == order_id).values(paid_at=now))  # type: ignore[attr-defined]
    session.execute(
        insert(Payment.__table__).values(  # type: ignore[attr-defined]
            id=str(ULID.from_datetime(now)),
            canteen_id=order.canteen_id,
            order_id=order.id,
            attempt=attempt,
            purpose="order",
            method=method,
            direction="in",
            fen=due.fen,
            wallet_ref=owner or None,
            business_day=business_day(now),
            at=now,
            by=actor,
            reason="due",
        )
    )
    entry = Entry(
        key=f"settle:{order.id}:{attempt}",
        canteen_id=order.canteen_id,
        kind="settle_due",
        subject=f"order:{order.id}",
        effective_date=business_day(now),
        legs=legs.moved("1000" if method == "cash" else "2000", "1110", due.fen, owner=owner),
        actor=actor,
    )
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
