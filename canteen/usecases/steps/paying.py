"""Taking and giving back a diner's money inside the caller's transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from canteen.orders.store import OrderView
from canteen.payments import receipts, wallets
from canteen.payments.errors import NoWallet, WalletFull
from canteen.payments.models import Payment
from canteen.usecases.steps import legs
from menus.service_days import business_day
from subsidies.ledger import Entry, Leg


def take(
    session: Session, order: OrderView, operator_id: str, *, method: str, attempt: int, now: datetime, actor: str
) -> tuple[OrderView, Entry]:
    """Take all that is owed by wallet or cash; returns the order with it paid, and the entry to book.

    The caller stores the order's new `paid_fen` and status.

    Raises:
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    entry = _take(
        session,
        order,
        operator_id,
        order.owed_fen,
        method=method,
        target="2100",
        key=f"pay:{order.id}:{attempt}",
        kind="pay",
        attempt=attempt,
        now=now,
        actor=actor,
    )
    return replace(order, paid_fen=order.self_pay_fen), entry


def take_due(
    session: Session, order: OrderView, operator_id: str, fen: int, *, method: str, now: datetime, actor: str
) -> Entry:
    """Take `fen` that stood on account 1110 since the meal was served; returns the entry to book.

    Raises:
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    attempt = next_attempt(session, order.id)
    return _take(
        session,
        order,
        operator_id,
        fen,
        method=method,
        target="1110",
        key=f"settle:{order.id}:{attempt}",
        kind="settle_due",
        attempt=attempt,
        now=now,
        actor=actor,
        reason="due",
    )


def give_back(
    session: Session,
    order: OrderView,
    operator_id: str,
    *,
    fen: int,
    now: datetime,
    actor: str,
    reason: str,
    to_wallet: bool = False,
) -> Entry | None:
    """Give `fen` of a prepaid meal back the way it came: wallet to wallet, cash from the drawer.

    `to_wallet`: nobody stands at the counter, so cash goes to the diner's wallet. What finds no wallet, or a full one,
    waits in 2200 for the counter to pay out.
    """
    if fen == 0:
        return None
    attempt = next_attempt(session, order.id)
    key = f"refund:{order.id}:{attempt}"
    if order.method == "wallet" or to_wallet:
        owner = _into_wallet(session, order, operator_id, fen)
        if owner is None:
            return _entry(order, key, "refund", legs.moved("2100", "2200", fen), now=now, actor=actor, reason=reason)
        method, pair = "wallet", legs.moved("2100", "2000", fen, owner=owner)
    else:
        owner, method, pair = "", "cash", legs.moved("2100", "1000", fen)
    receipts.record(
        session,
        order.canteen_id,
        order_id=order.id,
        purpose="order",
        method=method,
        direction="out",
        fen=fen,
        wallet_ref=owner,
        attempt=attempt,
        now=now,
        by=actor,
        reason=reason,
    )
    return _entry(order, key, "refund", pair, now=now, actor=actor, reason=reason)


def _into_wallet(session: Session, order: OrderView, operator_id: str, fen: int) -> str | None:
    if order.resident_id is None:
        return None
    try:
        return wallets.credit(session, order.resident_id, operator_id, fen)
    except (NoWallet, WalletFull):
        return None


def next_attempt(session: Session, order_id: str) -> int:
    """Number of the next payment or refund of an order, from 1."""
    return int(session.execute(_LAST_ATTEMPT, {"id": order_id}).scalar_one()) + 1


def _take(
    session: Session,
    order: OrderView,
    operator_id: str,
    fen: int,
    *,
    method: str,
    target: str,
    key: str,
    kind: str,
    attempt: int,
    now: datetime,
    actor: str,
    reason: str = "",
) -> Entry:
    source, owner = "1000", ""
    if method == "wallet":
        if order.resident_id is None:
            raise NoWallet()
        source, owner = "2000", wallets.debit(session, order.resident_id, operator_id, fen)
    receipts.record(
        session,
        order.canteen_id,
        order_id=order.id,
        purpose="order",
        method=method,
        direction="in",
        fen=fen,
        wallet_ref=owner,
        attempt=attempt,
        now=now,
        by=actor,
        reason=reason,
    )
    return _entry(order, key, kind, legs.moved(source, target, fen, owner=owner), now=now, actor=actor)


def _entry(
    order: OrderView, key: str, kind: str, pair: tuple[Leg, Leg], *, now: datetime, actor: str, reason: str = ""
) -> Entry:
    return Entry(
        key=key,
        canteen_id=order.canteen_id,
        kind=kind,
        subject=f"order:{order.id}",
        effective_date=business_day(now),
        legs=pair,
        actor=actor,
        reason=reason,
    )


_LAST_ATTEMPT = select(func.coalesce(func.max(col(Payment.attempt)), 0)).where(col(Payment.order_id) == bindparam("id"))
