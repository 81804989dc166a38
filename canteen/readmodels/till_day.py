"""Today's money at the counter: every sum in and out, what must lie in the drawer, what still has to be handed out."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.payments import refunds
from canteen.payments.models import Payment, PaymentUndo, Wallet
from canteen.payments.refunds import RefundView
from canteen.people.models import Resident
from canteen.people.residents import resident
from canteen.people.sealed import mask_name
from canteen.readmodels.audit_page import names_of
from canteen.readmodels.receipt import kind_of, receipt_number
from subsidies.models import LedgerTransaction, Posting


@dataclass(frozen=True, slots=True)
class Movement:
    """One sum; fen. `reason` in words when it was undone."""

    payment_id: str
    number: str
    kind: str
    at: datetime
    shown_as: str
    pickup_number: str
    order_id: str | None
    method: str
    is_in: bool
    fen: int
    by: str
    is_undone: bool
    may_undo: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OwedBack:
    """Money of an ended order that found no wallet; fen."""

    order_id: str
    pickup_number: str
    day: date
    shown_as: str
    fen: int


@dataclass(frozen=True, slots=True)
class WaitingRefund:
    """A refund that waits for its second person."""

    refund: RefundView
    shown_as: str


@dataclass(frozen=True, slots=True)
class TillDay:
    """A business day of one canteen, latest first. Fen."""

    day: date
    cash: tuple[Movement, ...]
    waiting: tuple[WaitingRefund, ...]
    owed_back: tuple[OwedBack, ...]

    @property
    def in_fen(self) -> int:
        """Cash taken in."""
        return sum(one.fen for one in self.cash if one.is_in)

    @property
    def out_fen(self) -> int:
        """Cash handed out."""
        return sum(one.fen for one in self.cash if not one.is_in)

    @property
    def drawer_fen(self) -> int:
        """What today added to the drawer; below zero when more was handed out."""
        return self.in_fen - self.out_fen


def till_day(session: Session, canteen_id: str, day: date) -> TillDay:
    """Everything on one page."""
    return TillDay(day, _cash(session, canteen_id, day), _waiting(session, canteen_id), owed_back(session, canteen_id))


def _cash(session: Session, canteen_id: str, day: date) -> tuple[Movement, ...]:
    takes_back = PaymentUndo.__table__.alias("takes_back")  # type: ignore[attr-defined]
    undone = PaymentUndo.__table__.alias("undone")  # type: ignore[attr-defined]
    rows = session.execute(
        select(
            Payment,
            col(MealOrder.pickup_number),
            col(MealOrder.status).label("order_status"),
            func.coalesce(col(MealOrder.resident_id), col(Wallet.resident_id)).label("resident_id"),
            undone.c.reason.label("undone_reason"),
            undone.c.payment_id.label("undone_id"),
            takes_back.c.payment_id.label("takes_back"),
            takes_back.c.reason.label("why"),
        )
        .outerjoin(MealOrder, col(MealOrder.id) == col(Payment.order_id))
        .outerjoin(Wallet, col(Wallet.ref) == col(Payment.wallet_ref))
        .outerjoin(undone, undone.c.payment_id == col(Payment.id))
        .outerjoin(takes_back, takes_back.c.back_id == col(Payment.id))
        .where(col(Payment.canteen_id) == canteen_id, col(Payment.business_day) == day, col(Payment.method) == "cash")
        .order_by(col(Payment.at).desc(), col(Payment.id).desc())
    ).all()
    people = {row.resident_id for row in rows if row.resident_id}
    names = dict(
        session.execute(select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(people))).all()
    )
    by = names_of(session, {row.Payment.by for row in rows})
    found = []
    for row in rows:
        payment: Payment = row.Payment
        is_in = payment.direction == "in"
        stands = payment.order_id is None or row.order_status in (
            {OrderStatus.COLLECTED} if payment.reason == "due" else {OrderStatus.PAID}
        )
        found.append(
            Movement(
                payment_id=payment.id,
                number=receipt_number(payment),
                kind=kind_of(payment.purpose, payment.direction, payment.reason, is_undo=row.takes_back is not None),
                at=payment.at,
                shown_as=mask_name(names[row.resident_id]) if row.resident_id in names else "",
                pickup_number=row.pickup_number or "",
                order_id=payment.order_id,
                method=payment.method,
                is_in=is_in,
                fen=payment.fen,
                by=by.get(payment.by, payment.by),
                is_undone=row.undone_id is not None,
                may_undo=is_in and row.undone_id is None and stands and payment.reason != "substituted",
                reason=row.undone_reason or row.why or "",
            )
        )
    return tuple(found)


def _waiting(session: Session, canteen_id: str) -> tuple[WaitingRefund, ...]:
    return tuple(
        WaitingRefund(refund, mask_name(resident(session, refund.resident_id).name))
        for refund in refunds.waiting(session, canteen_id)
    )


def owed_back(session: Session, canteen_id: str) -> tuple[OwedBack, ...]:
    """What stands on account 2200, by order, oldest first."""
    open_fen = func.sum(col(Posting.fen))
    rows = session.execute(
        select(col(LedgerTransaction.subject), open_fen.label("fen"))
        .join(Posting, col(Posting.transaction_id) == col(LedgerTransaction.id))
        .where(
            col(Posting.book) == "F",
            col(Posting.account) == "2200",
            col(LedgerTransaction.canteen_id) == canteen_id,
            col(LedgerTransaction.subject).startswith("order:"),
        )
        .group_by(col(LedgerTransaction.subject))
        .having(open_fen < 0)
        .order_by(col(LedgerTransaction.subject))
    ).all()
    owed = {row.subject.removeprefix("order:"): -int(row.fen) for row in rows}
    orders = session.execute(
        select(col(MealOrder.id), col(MealOrder.pickup_number), col(MealOrder.day), col(Resident.name))
        .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(col(MealOrder.id).in_(list(owed)))
        .order_by(col(MealOrder.id))
    )
    return tuple(
        OwedBack(row.id, row.pickup_number, row.day, mask_name(row.name) if row.name else "", owed[row.id])
        for row in orders
    )
