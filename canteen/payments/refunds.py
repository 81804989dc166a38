"""Refunds of stored value: what may go back without a reason, and refunds that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from canteen.payments.errors import RefundDecided, RefundWaiting
from canteen.payments.models import Payment, PaymentUndo, WalletRefund
from menus.service_days import business_day

COOLING_OFF = timedelta(days=7)
"""Single-purpose stored value: a top-up goes back within seven days, no reason asked."""
KINDS = ("cooling_off", "leaving", "death", "other")


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund, paid or waiting; fen."""

    id: str
    canteen_id: str
    resident_id: str
    fen: int
    kind: str
    reason: str
    payee: str
    state: str
    asked_at: datetime
    asked_by: str
    asked_by_name: str
    decided_by: str | None
    decided_by_name: str | None
    payment_id: str | None


def cooling_off_fen(session: Session, wallet_ref: str, *, now: datetime) -> int:
    """What was topped up in the last seven days, less what was undone or went back without a reason since. Fen."""
    since = now - COOLING_OFF
    undone = select(_UNDO.c.payment_id)
    topped_up = session.execute(
        select(func.coalesce(func.sum(_P.c.fen), 0)).where(
            _P.c.wallet_ref == wallet_ref,
            _P.c.purpose == "top_up",
            _P.c.direction == "in",
            _P.c.at > since,
            _P.c.id.not_in(undone),
        )
    ).scalar_one()
    returned = session.execute(
        select(func.coalesce(func.sum(_P.c.fen), 0))
        .join(_R, _R.c.payment_id == _P.c.id)
        .where(_P.c.wallet_ref == wallet_ref, _R.c.kind == "cooling_off", _P.c.at > since)
    ).scalar_one()
    return max(0, int(topped_up) - int(returned))


def paid_alone_today_fen(session: Session, resident_id: str, canteen_id: str, *, now: datetime) -> int:
    """What one person alone has paid out of this wallet today: the limit counts the day, not the press. Fen."""
    return int(
        session.execute(
            select(func.coalesce(func.sum(_R.c.fen), 0))
            .join(_P, _P.c.id == _R.c.payment_id)
            .where(
                _R.c.resident_id == resident_id,
                _R.c.canteen_id == canteen_id,
                _R.c.asked_by == _R.c.decided_by,
                _P.c.business_day == business_day(now),
            )
        ).scalar_one()
    )


def get(session: Session, refund_id: str, canteen_id: str) -> RefundView:
    """A refund of this canteen, held until the transaction ends.

    Raises:
        RefundDecided: there is none here.
    """
    row = session.execute(_ONE, {"id": refund_id, "canteen": canteen_id}).one_or_none()
    if row is None:
        raise RefundDecided()
    return RefundView(*row)


def waiting(session: Session, canteen_id: str) -> tuple[RefundView, ...]:
    """Refunds that wait for a second person, oldest first."""
    rows = session.execute(_VIEW.where(_R.c.canteen_id == canteen_id, _R.c.state == "waiting").order_by(_R.c.id))
    return tuple(RefundView(*row) for row in rows)


def add(session: Session, refund: RefundView, *, now: datetime) -> None:
    """Store it, paid or waiting.

    Raises:
        RefundWaiting: one of this wallet waits already.
    """
    values = {name: getattr(refund, name) for name in RefundView.__dataclass_fields__}
    open_fen = session.execute(
        select(_R.c.fen).where(
            _R.c.resident_id == refund.resident_id, _R.c.canteen_id == refund.canteen_id, _R.c.state == "waiting"
        )
    ).scalar()
    if open_fen is not None and refund.state == "waiting":
        raise RefundWaiting(fen=open_fen)
    try:
        session.execute(insert(_R).values(**values, decided_at=now if refund.decided_by else None))
    except IntegrityError as error:
        raise RefundWaiting(fen=refund.fen) from error


def decide(
    session: Session, refund_id: str, state: str, *, now: datetime, by: str, by_name: str, payment_id: str | None
) -> None:
    """Paid out or withdrawn; the caller holds the row."""
    session.execute(
        update(WalletRefund)
        .where(col(WalletRefund.id) == refund_id)
        .values(state=state, decided_at=now, decided_by=by, decided_by_name=by_name, payment_id=payment_id)
        .execution_options(synchronize_session=False)
    )


_P = Payment.__table__  # type: ignore[attr-defined]
_R = WalletRefund.__table__  # type: ignore[attr-defined]
_UNDO = PaymentUndo.__table__  # type: ignore[attr-defined]
_VIEW = select(*(_R.c[name] for name in RefundView.__dataclass_fields__))
_ONE = _VIEW.where(_R.c.id == bindparam("id"), _R.c.canteen_id == bindparam("canteen")).with_for_update()
