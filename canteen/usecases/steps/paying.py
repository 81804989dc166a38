"""Taking and giving back a diner's money inside the caller's transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, col
from ulid import ULID

from canteen.orders.store import OrderView
from canteen.payments import wallets
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
    fen = order.owed_fen
    owner = ""
    if method == "wallet":
        if order.resident_id is None:
            raise NoWallet()
        owner = wallets.debit(session, order.resident_id, operator_id, fen)
    _record(session, order, method=method, direction="in", fen=fen, owner=owner, attempt=attempt, now=now, actor=actor)
    source = "2000" if method == "wallet" else "1000"
    entry = _entry(
        order, f"pay:{order.id}:{attempt}", "pay", legs.moved(source, "2100", fen, owner=owner), now=now, actor=actor
    )
    return replace(order, paid_fen=order.paid_fen + fen), entry


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
    _record(
        session,
        order,
        method=method,
        direction="out",
        fen=fen,
        owner=owner,
        attempt=attempt,
        now=now,
        actor=actor,
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


def _record(
    session: Session,
    order: OrderView,
    *,
    method: str,
    direction: str,
    fen: int,
    owner: str,
    attempt: int,
    now: datetime,
    actor: str,
    reason: str = "",
) -> None:
    session.execute(
        _INSERT,
        {
            "id": str(ULID.from_datetime(now)),
            "canteen_id": order.canteen_id,
            "order_id": order.id,
            "attempt": attempt,
            "purpose": "order",
            "method": method,
            "direction": direction,
            "fen": fen,
            "wallet_ref": owner or None,
            "business_day": business_day(now),
            "at": now,
            "by": actor,
            "reason": reason,
        },
    )


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


_INSERT = insert(Payment.__table__)  # type: ignore[attr-defined]
_LAST_ATTEMPT = select(func.coalesce(func.max(col(Payment.attempt)), 0)).where(col(Payment.order_id) == bindparam("id"))
