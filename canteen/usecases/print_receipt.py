"""A receipt is printed: the first time the original, from then on copies that say so."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.db.locks import hold
from canteen.payments import receipts


def print_receipt(session: Session, payment_id: str, canteen_id: str, *, now: datetime, actor: str) -> int:
    """Count it; returns which printing this is, from 1.

    Raises:
        payments.errors.PaymentNotFound: none of this canteen.
    """
    hold(session, f"receipt {payment_id}")
    payment = receipts.get(session, payment_id, canteen_id)
    number = receipts.note_printed(session, payment.id, now=now, by=actor)
    log.record(
        session,
        at=now,
        actor=actor,
        action="receipt.printed",
        subject=f"payment:{payment.id}",
        canteen_id=canteen_id,
        details={"copy": number},
    )
    return number
