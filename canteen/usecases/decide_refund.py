"""A refund above the limit: a second person pays it out, or somebody takes it back."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.payments import refunds
from canteen.payments.errors import RefundDecided, SecondPersonNeeded
from canteen.payments.refunds import RefundView
from canteen.people.models import Account, Role
from canteen.sites import places
from canteen.usecases.steps import refunding
from subsidies.ledger import Entry, post


def decide_refund(
    session: Session,
    refund_id: str,
    canteen_id: str,
    *,
    agreed: bool,
    now: datetime,
    actor: str,
    actor_name: str,
    is_manager: bool,
) -> RefundView:
    """Pay it out, or withdraw it. The same person deciding the same again changes nothing.

    Raises:
        RefundDecided: another decision stands, or there is no such refund here.
        SecondPersonNeeded: whoever asked agrees with themselves, or neither of the two is the manager.
        RefundTooMuch: the wallet holds less by now.
    """
    refund = refunds.get(session, refund_id, canteen_id)
    wanted = "paid" if agreed else "withdrawn"
    if refund.state != "waiting":
        if (refund.state, refund.decided_by) == (wanted, actor):
            return refund
        raise RefundDecided()
    if agreed and (actor == refund.asked_by or not (is_manager or _is_manager(session, refund.asked_by))):
        raise SecondPersonNeeded()
    payment_id: str | None = None
    entries: list[Entry] = []
    if agreed:
        payment_id, entry = refunding.pay_out(
            session,
            places.canteen(session, canteen_id),
            refund.resident_id,
            fen=refund.fen,
            refund_id=refund.id,
            kind=refund.kind,
            now=now,
            actor=actor,
        )
        entries.append(entry)
    refunds.decide(session, refund.id, wanted, now=now, by=actor, by_name=actor_name, payment_id=payment_id)
    post(session, entries, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="wallet.refunded" if agreed else "wallet.refund-withdrawn",
        subject=f"payment:{payment_id}" if payment_id else f"refund:{refund.id}",
        canteen_id=canteen_id,
        details={"fen": refund.fen, "kind": refund.kind},
    )
    return replace(refund, state=wanted, decided_by=actor, decided_by_name=actor_name, payment_id=payment_id)


def _is_manager(session: Session, ref: str) -> bool:
    account_id = ref.removeprefix("account:")
    role = session.execute(select(col(Account.role)).where(col(Account.id) == account_id)).scalar()
    return role == Role.MANAGER
