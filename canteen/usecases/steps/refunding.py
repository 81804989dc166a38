"""Paying stored value out of the drawer inside the caller's transaction."""

from datetime import datetime

from sqlmodel import Session

from canteen.payments import receipts, wallets
from canteen.payments.errors import RefundTooMuch, WalletShort
from canteen.sites.places import CanteenView
from canteen.usecases.steps import legs
from menus.service_days import business_day
from subsidies.ledger import Entry


def pay_out(
    session: Session,
    canteen: CanteenView,
    resident_id: str,
    *,
    fen: int,
    refund_id: str,
    kind: str,
    now: datetime,
    actor: str,
) -> tuple[str, Entry]:
    """Take `fen` out of the wallet and the drawer; returns the payment's id and the entry to book.

    A wallet holds only what somebody paid in: subsidies never reach it.

    Raises:
        payments.errors.RefundTooMuch: it holds less by now.
        payments.errors.NoWallet: there is none at this operator.
    """
    try:
        owner = wallets.debit(session, resident_id, canteen.operator_id, fen)
    except WalletShort as short:
        wallet = wallets.find(session, resident_id, canteen.operator_id)
        raise RefundTooMuch(balance_fen=wallet.balance_fen if wallet else 0) from short
    payment_id = receipts.record(
        session,
        canteen.id,
        order_id=None,
        purpose="wallet_refund",
        method="cash",
        direction="out",
        fen=fen,
        wallet_ref=owner,
        attempt=1,
        now=now,
        by=actor,
        reason=kind,
    )
    entry = Entry(
        key=f"wallet-refund:{refund_id}",
        canteen_id=canteen.id,
        kind="wallet_refund",
        subject=f"payment:{payment_id}",
        effective_date=business_day(now),
        legs=legs.moved("2000", "1000", fen, owner=owner),
        actor=actor,
        reason=kind,
    )
    return payment_id, entry
