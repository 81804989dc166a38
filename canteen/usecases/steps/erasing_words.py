"""What people wrote about an erased person, taken out of rows that stay: `erasing` holds the guards open meanwhile."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import String, cast, delete, or_, select, update
from sqlmodel import Session, SQLModel, col

from canteen.applications.models import Application, ApplicationStep, CategoryCheck, Evidence
from canteen.audit import log
from canteen.audit.models import AuditEntry
from canteen.confirmations.models import CallAttempt, CallLine
from canteen.orders.models import Adjustment, IdempotencyKey, MealOrder, OrderLine
from canteen.payments.models import Due, Payment, PaymentUndo, WalletRefund
from canteen.pickup.models import Collection as HandOver
from canteen.tables.models import ImportRow
from subsidies.models import CategoryGrant, CategoryProposal

GONE = "※"
"""Stands where somebody was named."""


def take_out(session: Session, ids: Sequence[str], words: Collection[str]) -> None:
    """Notes, reasons in words, papers and photos of these files, and `words` in the audit log."""
    orders = select(col(MealOrder.id)).where(col(MealOrder.resident_id).in_(ids))
    _orders(session, ids, orders)
    grants = select(col(CategoryGrant.id)).where(col(CategoryGrant.resident_id).in_(ids))
    _set(session, CategoryGrant, col(CategoryGrant.resident_id).in_(ids), evidence=GONE)
    _set(session, CategoryProposal, col(CategoryProposal.resident_id).in_(ids), evidence=GONE, reason="")
    _set(session, CategoryCheck, col(CategoryCheck.grant_id).in_(grants), evidence=GONE)
    mine = select(col(Application.id)).where(col(Application.resident_id).in_(ids))
    session.execute(delete(Evidence).where(col(Evidence.application_id).in_(mine)))
    _set(session, Application, col(Application.resident_id).in_(ids), answers_sealed=None)
    told = col(ApplicationStep.reason_sealed).is_not(None)
    _set(session, ApplicationStep, col(ApplicationStep.application_id).in_(mine) & told, reason_sealed=b"")
    lines = [
        tuple(row)
        for row in session.execute(
            select(col(CallLine.canteen_id), col(CallLine.period), col(CallLine.position)).where(
                col(CallLine.resident_id).in_(ids)
            )
        )
    ]
    for canteen_id, period, position in lines:
        of_line = (col(CallAttempt.canteen_id) == canteen_id) & (col(CallAttempt.period) == period)
        _set(session, CallAttempt, of_line & (col(CallAttempt.position) == position), note_sealed=None)
    session.execute(delete(ImportRow).where(col(ImportRow.target).in_(ids)))
    _audit(session, ids, words)


def _orders(session: Session, ids: Sequence[str], orders: object) -> None:
    _set(session, OrderLine, col(OrderLine.order_id).in_(orders) & (col(OrderLine.note) != ""), note="")  # type: ignore[arg-type]  # a subquery
    _set(session, IdempotencyKey, col(IdempotencyKey.order_id).in_(orders), answer=b"")  # type: ignore[arg-type]
    written = col(MealOrder.resident_id).in_(ids)
    coded = col(MealOrder.end_reason).in_([*log.REASON_CODES, ""])
    _set(session, MealOrder, written & ~coded, end_reason=log.IN_WORDS)
    _set(session, MealOrder, written & (col(MealOrder.offline_reason) != ""), offline_reason=log.IN_WORDS)
    undone = col(HandOver.order_id).in_(orders) & col(HandOver.undone_reason).is_not(None)  # type: ignore[arg-type]
    _set(session, HandOver, undone, undone_reason=log.IN_WORDS)
    _set(session, Due, col(Due.resident_id).in_(ids), reason=log.IN_WORDS)
    theirs = select(col(Payment.id)).where(col(Payment.order_id).in_(orders))  # type: ignore[arg-type]
    _set(session, PaymentUndo, col(PaymentUndo.payment_id).in_(theirs), reason=log.IN_WORDS)
    paid = col(WalletRefund.resident_id).in_(ids)
    _set(session, WalletRefund, paid, reason=log.IN_WORDS)
    _set(session, WalletRefund, paid & (col(WalletRefund.payee) != ""), payee=GONE)
    _set(session, Adjustment, col(Adjustment.resident_id).in_(ids), reason=log.IN_WORDS, decided_reason="")


def _set(session: Session, table: type[SQLModel], where: object, **values: str | bytes | None) -> None:
    session.execute(
        update(table)
        .where(where)  # type: ignore[arg-type]  # a condition of any shape
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _audit(session: Session, ids: Sequence[str], words: Collection[str]) -> None:
    """Reasons in words of their own lines, and their name or numbers in anybody's."""
    # JSON is stored with non-ASCII letters escaped
    forms = {json.dumps(word)[1:-1] for word in words} | set(words)
    stored = cast(col(AuditEntry.details), String)
    named = [stored.contains(form, autoescape=True) for form in forms]
    own = col(AuditEntry.subject).in_([f"resident:{key}" for key in ids])
    rows = session.execute(select(col(AuditEntry.id), col(AuditEntry.details)).where(or_(own, *named))).all()
    for key, details in rows:
        clean = {name: _without(value, words) for name, value in details.items()}
        if isinstance(clean.get("reason"), str):
            clean["reason"] = log.reason_code(str(clean["reason"]))
        if clean != details:
            session.execute(
                update(AuditEntry)
                .where(col(AuditEntry.id) == key)
                .values(details=clean)
                .execution_options(synchronize_session=False)
            )


def _without(value: object, words: Collection[str]) -> object:
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    if not isinstance(value, str):
        return value
    for word in words:
        value = value.replace(word, GONE)
    return value
