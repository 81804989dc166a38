"""One payment as its receipt shows it: no balance, no subsidy, the name shortened."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.payments import receipts
from canteen.payments.models import Payment, PaymentUndo, ReceiptCopy, Wallet, WalletRefund
from canteen.payments.receipts import PaymentView
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.readmodels.audit_page import names_of
from canteen.sites import places


@dataclass(frozen=True, slots=True)
class Receipt:
    """`kind`: top_up · top_up_undone · refund · meal · due · meal_undone · meal_back. Fen."""

    payment_id: str
    number: str
    kind: str
    canteen_name: str
    operator_name: str
    at: datetime
    shown_as: str
    """Shortened; empty for a guest."""
    resident_id: str | None
    payee: str
    """Shortened name of whoever took the cash instead."""
    fen: int
    is_in: bool
    method: str
    by: str
    pickup_number: str
    copies: int
    """How often it was printed."""
    back_id: str | None
    """The payment that took it back."""
    takes_back: str | None
    """The number of the receipt it takes back."""


def receipt_number(payment: PaymentView | Payment) -> str:
    """`20261123-0007`, the seventh sum through the drawer that day; from wallets `20261123-K0007`."""
    return f"{payment.business_day:%Y%m%d}-{'' if payment.method == 'cash' else 'K'}{payment.number:04d}"


def receipt(session: Session, payment_id: str, canteen_id: str) -> Receipt:
    """One receipt.

    Raises:
        payments.errors.PaymentNotFound: none of this canteen.
    """
    payment = receipts.get(session, payment_id, canteen_id)
    canteen = places.canteen(session, canteen_id)
    order = None
    resident_id: str | None = None
    if payment.order_id is not None:
        order = session.execute(
            select(col(MealOrder.pickup_number), col(MealOrder.resident_id)).where(
                col(MealOrder.id) == payment.order_id
            )
        ).one()
        resident_id = order.resident_id
    elif payment.wallet_ref:
        resident_id = session.execute(
            select(col(Wallet.resident_id)).where(col(Wallet.ref) == payment.wallet_ref)
        ).scalar()
    name = session.execute(select(col(Resident.name)).where(col(Resident.id) == resident_id)).scalar()
    payee = session.execute(select(col(WalletRefund.payee)).where(col(WalletRefund.payment_id) == payment_id)).scalar()
    taken_back = session.execute(
        select(col(PaymentUndo.payment_id)).where(col(PaymentUndo.back_id) == payment_id)
    ).scalar()
    copies = session.execute(
        select(func.count()).select_from(ReceiptCopy).where(col(ReceiptCopy.payment_id) == payment_id)
    ).scalar_one()
    takes_back = None
    if taken_back is not None:
        takes_back = receipt_number(receipts.get(session, taken_back, canteen_id))
    return Receipt(
        payment_id=payment.id,
        number=receipt_number(payment),
        kind=kind_of(payment.purpose, payment.direction, payment.reason, is_undo=taken_back is not None),
        canteen_name=canteen.name,
        operator_name=canteen.operator_name,
        at=payment.at,
        shown_as=mask_name(name) if name else "",
        resident_id=resident_id,
        payee=mask_name(payee) if payee else "",
        fen=payment.fen,
        is_in=payment.direction == "in",
        method=payment.method,
        by=names_of(session, {payment.by}).get(payment.by, payment.by),
        pickup_number=order.pickup_number if order is not None else "",
        copies=int(copies),
        back_id=receipts.taken_back_by(session, payment_id),
        takes_back=takes_back,
    )


def kind_of(purpose: str, direction: str, reason: str, *, is_undo: bool) -> str:
    """The word a movement of money goes by."""
    if purpose == "wallet_refund":
        return "refund"
    if purpose == "top_up":
        return "top_up_undone" if is_undo else "top_up"
    if is_undo:
        return "meal_undone"
    if direction == "out":
        return "meal_back"
    return "due" if reason == "due" else "meal"
