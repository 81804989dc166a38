"""Give stored value back in cash: at once, or above a canteen's limit after a second person agreed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col
from ulid import ULID

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders import idempotency
from canteen.orders.errors import ReasonMissing
from canteen.payments import refunds, wallets
from canteen.payments.errors import AmountMismatch, CoolingOffOver, NoWallet, PayeeMissing, RefundTooMuch
from canteen.payments.refunds import RefundView
from canteen.people import residents
from canteen.sites import places
from canteen.sites.models import Canteen
from canteen.usecases.steps import refunding
from subsidies.ledger import post


@dataclass(frozen=True, slots=True)
class RefundWish:
    """`fen` of the wallet of one resident at this canteen's operator."""

    canteen_id: str
    resident_id: str
    fen: int
    kind: str
    """cooling_off · leaving · death · other."""
    reason: str
    """In words; `other` needs them."""
    payee: str
    """Who takes the cash; after a death somebody with a name."""
    key: str


def refund_wallet(session: Session, request: RefundWish, *, now: datetime, actor: str, actor_name: str) -> RefundView:
    """Pay it out, or let it wait; a doubled press with the same key answers the same and pays once.

    Raises:
        ReasonMissing: no kind, or `other` without words.
        PayeeMissing: after a death, without the name of whoever takes the cash.
        AmountMismatch: nothing or less.
        NoWallet, RefundTooMuch: there is not so much in it.
        CoolingOffOver: without a reason only what was topped up in the last seven days.
        RefundWaiting: another refund of this wallet waits for its second person.
        people.errors.ResidentUnknown; orders.errors.KeyReused.
    """
    reason, payee = request.reason.strip(), request.payee.strip()
    if request.kind not in refunds.KINDS or (request.kind == "other" and not reason):
        raise ReasonMissing()
    if request.kind == "death" and not payee:
        raise PayeeMissing()
    if request.fen <= 0:
        raise AmountMismatch(owed_fen=1, fen=request.fen)
    canteen = places.canteen(session, request.canteen_id)
    residents.resident(session, request.resident_id)
    body = idempotency.fingerprint(request)
    kept = idempotency.first_answer(session, actor, request.key, body)
    if kept is not None:
        return refunds.get(session, kept.decode(), canteen.id)
    hold(session, f"refund {request.resident_id} {canteen.operator_id}")  # two tablets: one after the other
    wallet = wallets.find(session, request.resident_id, canteen.operator_id)
    if wallet is None:
        raise NoWallet()
    if request.fen > wallet.balance_fen:
        raise RefundTooMuch(balance_fen=wallet.balance_fen)
    if request.kind == "cooling_off":
        most = min(wallet.balance_fen, refunds.cooling_off_fen(session, wallet.ref, now=now))
        if request.fen > most:
            raise CoolingOffOver(most_fen=most)
    alone = refunds.paid_alone_today_fen(session, request.resident_id, canteen.id, now=now)
    is_alone = alone + request.fen <= alone_limit_fen(session, canteen.id)
    refund = RefundView(
        id=str(ULID.from_datetime(now)),
        canteen_id=canteen.id,
        resident_id=request.resident_id,
        fen=request.fen,
        kind=request.kind,
        reason=reason,
        payee=payee,
        state="paid" if is_alone else "waiting",
        asked_at=now,
        asked_by=actor,
        asked_by_name=actor_name,
        decided_by=actor if is_alone else None,
        decided_by_name=actor_name if is_alone else None,
        payment_id=None,
    )
    return _keep(session, request, refund, body, now=now, actor=actor)


def alone_limit_fen(session: Session, canteen_id: str) -> int:
    """What one person may pay out of one wallet in a day without a second one. Fen."""
    found = session.execute(select(col(Canteen.refund_alone_fen)).where(col(Canteen.id) == canteen_id))
    return int(found.scalar_one())


def _keep(
    session: Session, request: RefundWish, refund: RefundView, body: str, *, now: datetime, actor: str
) -> RefundView:
    entry = None
    if refund.state == "paid":
        payment_id, entry = refunding.pay_out(
            session,
            places.canteen(session, refund.canteen_id),
            refund.resident_id,
            fen=refund.fen,
            refund_id=refund.id,
            kind=refund.kind,
            now=now,
            actor=actor,
        )
        values = {name: getattr(refund, name) for name in RefundView.__dataclass_fields__}
        refund = RefundView(**(values | {"payment_id": payment_id}))
    refunds.add(session, refund, now=now)
    if entry is not None:
        post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="wallet.refunded" if refund.state == "paid" else "wallet.refund-asked",
        subject=f"payment:{refund.payment_id}" if refund.payment_id else f"refund:{refund.id}",
        canteen_id=refund.canteen_id,
        details={"fen": refund.fen, "kind": refund.kind},
    )
    idempotency.keep(session, actor, request.key, body, order_id=refund.id, answer=refund.id.encode(), now=now)
    return refund
