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
    session: Session, order: OrderView, operator_id: str, *, method: str, now: datetime, actor: str
) -> tuple[OrderView, Entry]:
    """Take all that is owed by wallet or cash; returns the order with it paid, and the entry to book.

    The caller stores the order's new `paid_fen` and status.

    Raises:
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    source, owner = _source(session, order, operator_id, order.owed_fen, method)
    route = (source, "2100")
    _, entry = move(
        session, order, order.owed_fen, route, direction="in", owner=owner, name="pay", kind="pay", now=now, actor=actor
    )
    return replace(order, paid_fen=order.self_pay_fen), entry


def take_due(
    session: Session, order: OrderView, operator_id: str, fen: int, *, method: str, now: datetime, actor: str
) -> Entry:
    """Take `fen` that stood on account 1110 since the meal was served; returns the entry to book.

    Raises:
        payments.errors.WalletShort, NoWallet: the wallet cannot pay.
    """
    source, owner = _source(session, order, operator_id, fen, method)
    _, entry = move(
        session, order, fen, (source, "1110"), direction="in", owner=owner, name="settle", kind="settle_due", now=now,
        actor=actor, reason="due",
    )  # fmt: skip
    return entry


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
    target, owner = "1000", ""
    if order.method == "wallet" or to_wallet:
        found = _into_wallet(session, order, operator_id, fen)
        if found is None:
            key = f"refund:{order.id}:{next_attempt(session, order.id)}"
            return _entry(order, key, "refund", legs.moved("2100", "2200", fen), now=now, actor=actor, reason=reason)
        target, owner = "2000", found
    _, entry = move(
        session, order, fen, ("2100", target), direction="out", owner=owner, name="refund", kind="refund", now=now,
        actor=actor, reason=reason,
    )  # fmt: skip
    return entry


def move(
    session: Session,
    order: OrderView,
    fen: int,
    route: tuple[str, str],
    *,
    direction: str,
    owner: str = "",
    name: str,
    kind: str,
    now: datetime,
    actor: str,
    reason: str = "",
) -> tuple[str, Entry]:
    """One sum of an order through the drawer, or through the wallet `owner`.

    Returns the payment's id, and the entry to book: `fen`, Dr and Cr the two accounts of `route`.
    """
    attempt = next_attempt(session, order.id)
    payment_id = receipts.record(
        session,
        order.canteen_id,
        order_id=order.id,
        purpose="order",
        method="wallet" if owner else "cash",
        direction=direction,
        fen=fen,
        wallet_ref=owner,
        attempt=attempt,
        now=now,
        by=actor,
        reason=reason,
    )
    key, pair = f"{name}:{order.id}:{attempt}", legs.moved(*route, fen, owner=owner)
    return payment_id, _entry(order, key, kind, pair, now=now, actor=actor, reason=reason)


def next_attempt(session: Session, order_id: str) -> int:
    """Number of the next payment or refund of an order, from 1."""
    return int(session.execute(_LAST_ATTEMPT, {"id": order_id}).scalar_one()) + 1


def _source(session: Session, order: OrderView, operator_id: str, fen: int, method: str) -> tuple[str, str]:
    """Drawer, or the wallet with its reference once it has paid."""
    if method != "wallet":
        return "1000", ""
    if order.resident_id is None:
        raise NoWallet()
    return "2000", wallets.debit(session, order.resident_id, operator_id, fen)


def _into_wallet(session: Session, order: OrderView, operator_id: str, fen: int) -> str | None:
    if order.resident_id is None:
        return None
    try:
        return wallets.credit(session, order.resident_id, operator_id, fen)
    except (NoWallet, WalletFull):
        return None


def _entry(
    order: OrderView, key: str, kind: str, pair: tuple[Leg, Leg], *, now: datetime, actor: str, reason: str
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
