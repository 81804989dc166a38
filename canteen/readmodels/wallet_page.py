"""S7, one person's stored value at this canteen's operator: what is in it, what may go back, what moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.payments import refunds, wallets
from canteen.payments.models import Payment, PaymentUndo, WalletRefund
from canteen.payments.refunds import RefundView
from canteen.people.residents import resident
from canteen.people.sealed import mask_name
from canteen.readmodels.receipt import kind_of
from canteen.sites import places
from canteen.sites.models import Canteen
from menus.service_days import business_day

LAST = 12
"""Movements shown; the whole statement is on the person's own phone."""


@dataclass(frozen=True, slots=True)
class WalletMove:
    """One sum in or out of the wallet; fen."""

    payment_id: str
    kind: str
    at: datetime
    is_in: bool
    """Into the wallet."""
    fen: int
    is_undone: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class WalletPage:
    """Fen. `waiting`: a refund that has not found its second person."""

    resident_id: str
    shown_as: str
    balance_fen: int
    cooling_off_fen: int
    alone_fen: int
    waiting: RefundView | None
    moves: tuple[WalletMove, ...]


def wallet_page(session: Session, canteen_id: str, resident_id: str, *, now: datetime) -> WalletPage:
    """Shown to staff only.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    person = resident(session, resident_id)
    operator_id = places.canteen(session, canteen_id).operator_id
    wallet = wallets.find(session, resident_id, operator_id)
    limit = session.execute(select(col(Canteen.refund_alone_fen)).where(col(Canteen.id) == canteen_id)).scalar_one()
    open_one = next((one for one in refunds.waiting(session, canteen_id) if one.resident_id == resident_id), None)
    balance = wallet.balance_fen if wallet else 0
    cooling = refunds.cooling_off_fen(session, wallet.ref, now=now) if wallet else 0
    return WalletPage(
        resident_id,
        mask_name(person.name),
        balance,
        min(balance, cooling),
        int(limit),
        open_one,
        _moves(session, canteen_id, wallet.ref, now=now) if wallet else (),
    )


def _moves(session: Session, canteen_id: str, ref: str, *, now: datetime) -> tuple[WalletMove, ...]:
    undone = PaymentUndo.__table__.alias("undone")  # type: ignore[attr-defined]
    takes_back = PaymentUndo.__table__.alias("takes_back")  # type: ignore[attr-defined]
    rows = session.execute(
        select(
            Payment,
            undone.c.payment_id.label("undone"),
            takes_back.c.payment_id.label("takes_back"),
            col(WalletRefund.kind).label("refund_kind"),
        )
        .outerjoin(undone, undone.c.payment_id == col(Payment.id))
        .outerjoin(takes_back, takes_back.c.back_id == col(Payment.id))
        .outerjoin(WalletRefund, col(WalletRefund.payment_id) == col(Payment.id))
        .where(col(Payment.wallet_ref) == ref)
        .order_by(col(Payment.at).desc(), col(Payment.id).desc())
        .limit(LAST)
    ).all()
    found = []
    for row in rows:
        payment: Payment = row.Payment
        is_order = payment.purpose == "order"
        # for an order the money moves the other way: paid in for the meal is out of the wallet
        is_in = (payment.direction == "in") is not is_order
        found.append(
            WalletMove(
                payment.id,
                kind_of(payment.purpose, payment.direction, payment.reason, is_undo=row.takes_back is not None),
                payment.at,
                is_in,
                payment.fen,
                row.undone is not None,
                payment.purpose == "top_up"
                and payment.direction == "in"
                and row.undone is None
                and payment.canteen_id == canteen_id
                and payment.business_day == business_day(now),
            )
        )
    return tuple(found)
