"""Money that came in or went out: one row a sum, never changed afterwards."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session
from ulid import ULID

from canteen.db.locks import hold
from canteen.payments import shifts
from canteen.payments.errors import PaymentNotFound
from canteen.payments.models import Payment, PaymentUndo, ReceiptCopy
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One sum that came in or went out; fen."""

    id: str
    canteen_id: str
    order_id: str | None
    attempt: int
    purpose: str
    method: str
    direction: str
    fen: int
    wallet_ref: str | None
    number: int
    business_day: date
    at: datetime
    by: str
    reason: str


def record(
    session: Session,
    canteen_id: str,
    *,
    order_id: str | None,
    purpose: str,
    method: str,
    direction: str,
    fen: int,
    wallet_ref: str,
    attempt: int,
    now: datetime,
    by: str,
    reason: str = "",
) -> str:
    """Store the sum and return its id. `attempt` counts the payments and refunds of one order, from 1.

    It gets the next receipt number of the day; whoever else takes one waits, so that none is left out.
    Cash belongs to the shift that is open, or opens one.
    """
    payment_id, day = str(ULID.from_datetime(now)), business_day(now)
    shift_id = shifts.of_cash(session, canteen_id, now=now, by=by) if method == "cash" else None
    hold(session, f"receipt {canteen_id} {day} {method}")
    last = session.execute(_LAST_NUMBER, {"canteen": canteen_id, "day": day, "method": method}).scalar_one()
    session.execute(
        _INSERT,
        {
            "id": payment_id,
            "canteen_id": canteen_id,
            "order_id": order_id,
            "attempt": attempt,
            "purpose": purpose,
            "method": method,
            "direction": direction,
            "fen": fen,
            "wallet_ref": wallet_ref or None,
            "number": int(last) + 1,
            "business_day": day,
            "at": now,
            "by": by,
            "reason": reason,
            "shift_id": shift_id,
        },
    )
    return payment_id


def get(session: Session, payment_id: str, canteen_id: str) -> PaymentView:
    """One payment of this canteen.

    Raises:
        PaymentNotFound: none, or another canteen's; one answer for both, so that ids cannot be probed.
    """
    row = session.execute(_ONE, {"id": payment_id, "canteen": canteen_id}).one_or_none()
    if row is None:
        raise PaymentNotFound(payment=payment_id)
    return PaymentView(*row)


def taken_back_by(session: Session, payment_id: str) -> str | None:
    """The payment that took this one back, if it was undone."""
    return session.execute(_BACK, {"id": payment_id}).scalar_one_or_none()


def note_undo(session: Session, payment_id: str, back_id: str, *, reason: str, now: datetime, by: str) -> None:
    """Link a payment taken by mistake to the one that takes it back."""
    session.execute(_INSERT_UNDO, {"payment_id": payment_id, "back_id": back_id, "reason": reason, "at": now, "by": by})


def note_printed(session: Session, payment_id: str, *, now: datetime, by: str) -> int:
    """Count one more printing of a receipt; returns its number, 1 for the first. The caller holds the payment."""
    number = int(session.execute(_COPIES, {"id": payment_id}).scalar_one()) + 1
    session.execute(_INSERT_COPY, {"payment_id": payment_id, "number": number, "printed_at": now, "by": by})
    return number


_P = Payment.__table__.c  # type: ignore[attr-defined]
_LAST_NUMBER = select(func.coalesce(func.max(_P.number), 0)).where(
    _P.canteen_id == bindparam("canteen"), _P.business_day == bindparam("day"), _P.method == bindparam("method")
)
_ONE = select(*(_P[name] for name in PaymentView.__dataclass_fields__)).where(
    _P.id == bindparam("id"), _P.canteen_id == bindparam("canteen")
)
_UNDO = PaymentUndo.__table__  # type: ignore[attr-defined]
_BACK = select(_UNDO.c.back_id).where(_UNDO.c.payment_id == bindparam("id"))
_INSERT_UNDO = insert(_UNDO)
_COPY = ReceiptCopy.__table__  # type: ignore[attr-defined]
_COPIES = select(func.count()).select_from(_COPY).where(_COPY.c.payment_id == bindparam("id"))
_INSERT_COPY = insert(_COPY)
_INSERT = insert(Payment.__table__)  # type: ignore[attr-defined]
