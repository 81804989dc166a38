"""Take back cash that was taken by mistake, the same day: a top-up, a meal's cash, a meal paid afterwards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from canteen.audit import log
from canteen.db.locks import hold
from canteen.orders import store
from canteen.orders.errors import ReasonMissing
from canteen.orders.status import OrderStatus, advance
from canteen.payments import dues, receipts, wallets
from canteen.payments.errors import (
    NotUndoable,
    SpentSince,
    UndoMealFirst,
    UndoTooLate,
    WalletShort,
)
from canteen.payments.models import Due
from canteen.payments.receipts import PaymentView
from canteen.usecases.steps import paying
from menus.service_days import business_day
from subsidies.ledger import Entry, post, posted_legs


@dataclass(frozen=True, slots=True)
class Undone:
    """The payment that took the cash back, and whose order waits for its money again, if any."""

    back_id: str
    order_id: str | None


def undo_payment(
    session: Session, payment_id: str, canteen_id: str, *, reason: str, now: datetime, actor: str
) -> Undone:
    """Give the cash back and book the negative of what was posted; undoing twice answers the same.

    Raises:
        ReasonMissing: no reason in words.
        PaymentNotFound: none here.
        NotUndoable: no cash taken in, or what it paid for has ended.
        UndoMealFirst: the meal was handed over for it.
        UndoTooLate: its business day is over.
        SpentSince: a top-up the wallet no longer covers.
        payments.errors.DueAlreadyOpen: a meal paid afterwards, while another one of this person is open.
    """
    if not reason.strip():
        raise ReasonMissing()
    hold(session, f"undo {payment_id}")
    payment = receipts.get(session, payment_id, canteen_id)
    before = receipts.taken_back_by(session, payment_id)
    if before is not None:
        return Undone(before, payment.order_id)
    if (payment.direction, payment.method) != ("in", "cash") or payment.reason == "substituted":
        raise NotUndoable(status="")
    if payment.business_day != business_day(now):
        raise UndoTooLate(day=payment.business_day.isoformat())
    if payment.order_id is None:
        original = f"top-up:{payment.id}"
        _take_back_top_up(session, payment)
        attempt = 1
    else:
        original = _take_back_order_money(session, payment, payment.order_id)
        attempt = paying.next_attempt(session, payment.order_id)
    back_id = receipts.record(
        session,
        canteen_id,
        order_id=payment.order_id,
        purpose=payment.purpose,
        method="cash",
        direction="out",
        fen=payment.fen,
        wallet_ref=payment.wallet_ref or "",
        attempt=attempt,
        now=now,
        by=actor,
        reason="undone",
    )
    receipts.note_undo(session, payment.id, back_id, reason=reason.strip(), now=now, by=actor)
    subject = f"order:{payment.order_id}" if payment.order_id else f"payment:{payment.id}"
    entry = Entry(
        key=f"undo:{payment.id}",
        canteen_id=canteen_id,
        kind="undo_payment",
        subject=subject,
        effective_date=business_day(now),
        legs=tuple(leg.negated() for leg in posted_legs(session, original)),
        actor=actor,
        corrects=original,
        reason=log.reason_code(reason),
    )
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="wallet.top-up-undone" if payment.order_id is None else "order.payment-undone",
        subject=subject,
        canteen_id=canteen_id,
        details={"fen": payment.fen, "reason": log.reason_code(reason)},
    )
    return Undone(back_id, payment.order_id)


def _take_back_top_up(session: Session, payment: PaymentView) -> None:
    wallet = wallets.by_ref(session, payment.wallet_ref or "")
    try:
        wallets.debit(session, wallet.resident_id, wallet.operator_id, payment.fen)
    except WalletShort as short:
        raise SpentSince(short_fen=short.data["short_fen"]) from short


def _take_back_order_money(session: Session, payment: PaymentView, order_id: str) -> str:
    """Put the order back to where it waited for this money; returns the key of the entry that booked it."""
    order = store.get(session, order_id, lock=True)
    if payment.reason == "due":
        if order.status != OrderStatus.COLLECTED:
            raise NotUndoable(status=order.status)
        if order.resident_id is not None:
            dues.refuse_open(session, order.resident_id)
        session.execute(
            update(Due.__table__).where(col(Due.order_id) == order_id).values(paid_at=None)  # type: ignore[attr-defined]
        )
        return f"settle:{order_id}:{payment.attempt}"
    if order.status == OrderStatus.COLLECTED:
        raise UndoMealFirst(number=order.pickup_number)
    if order.status != OrderStatus.PAID or order.paid_fen < payment.fen:
        raise NotUndoable(status=order.status)
    advance(session, order.id, order.status, OrderStatus.PLACED, paid_fen=order.paid_fen - payment.fen)
    return f"pay:{order_id}:{payment.attempt}"
