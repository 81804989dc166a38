"""Put cash into a resident's wallet at the counter."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import idempotency
from canteen.payments import receipts, wallets
from canteen.payments.errors import AmountMismatch
from canteen.payments.models import WALLET_LIMIT_FEN
from canteen.people import residents
from canteen.sites import places
from canteen.usecases.steps import legs
from menus.service_days import business_day
from subsidies.ledger import Entry, post


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """Which payment it was, and what the wallet holds now; fen."""

    payment_id: str
    balance_fen: int


def top_up_wallet(
    session: Session, resident_id: str, canteen_id: str, *, fen: int, now: datetime, actor: str, key: str = ""
) -> ToppedUp:
    """Take `fen` in cash and credit the wallet at this canteen's operator, opening one if there is none.

    With a `key` a doubled press takes the money once.

    Raises:
        AmountMismatch: not between 1 fen and ¥5,000.
        payments.errors.WalletFull: it would hold more than ¥5,000.
        people.errors.ResidentUnknown: nobody has this key.
        orders.errors.KeyReused: the key belongs to another top-up.
    """
    if not 0 < fen <= WALLET_LIMIT_FEN:
        raise AmountMismatch(owed_fen=WALLET_LIMIT_FEN, fen=fen)
    canteen = places.canteen(session, canteen_id)
    residents.resident(session, resident_id)
    wallet = wallets.open_wallet(session, resident_id, canteen.operator_id, now=now)
    body = idempotency.fingerprint(["top-up", resident_id, canteen_id, fen])
    kept = idempotency.first_answer(session, actor, key, body) if key else None
    if kept is not None:
        return ToppedUp(kept.decode(), wallet.balance_fen)
    owner = wallets.credit(session, resident_id, canteen.operator_id, fen)
    payment_id = receipts.record(
        session,
        canteen_id,
        order_id=None,
        purpose="top_up",
        method="cash",
        direction="in",
        fen=fen,
        wallet_ref=owner,
        attempt=1,
        now=now,
        by=actor,
    )
    entry = Entry(
        key=f"top-up:{payment_id}",
        canteen_id=canteen_id,
        kind="top_up",
        subject=f"payment:{payment_id}",
        effective_date=business_day(now),
        legs=legs.moved("1000", "2000", fen, owner=owner),
        actor=actor,
    )
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="wallet.topped-up",
        subject=f"payment:{payment_id}",
        canteen_id=canteen_id,
        details={"fen": fen},
    )
    if key:
        idempotency.keep(session, actor, key, body, order_id=payment_id, answer=payment_id.encode(), now=now)
    return ToppedUp(payment_id, wallet.balance_fen + fen)
