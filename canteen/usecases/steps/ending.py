"""Ending an order that was not handed over, inside the caller's transaction: whatever it holds is given back."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import substitutions
from canteen.orders.status import OrderStatus, advance, ending_of, ends
from canteen.orders.store import OrderView
from canteen.sites import places
from canteen.usecases.steps import collecting, paying, reservations
from subsidies.ledger import Entry


def end(
    session: Session,
    order: OrderView,
    wanted: OrderStatus,
    *,
    reason: str,
    now: datetime,
    actor: str,
    to_wallet: bool,
    kept_fen: int = 0,
) -> list[Entry]:
    """Release portions, reservation, what its rule set does not keep of counters, and prepaid money but `kept_fen`.

    Returns the entries to book. The order was read with its lock; a `reason` in words stays on it alone: the books keep its code.

    Raises:
        orders.errors.WrongStatus: it was handed over, or has ended already.
    """
    code = log.reason_code(reason)
    canteen = places.canteen(session, order.canteen_id)
    advance(session, order.id, order.status, wanted, **ends(now, reason), paid_fen=kept_fen)
    substitutions.lapse(session, order.id, now=now, by=actor)
    reservations.give_back(session, order, ending_of(wanted, reason), now=now)
    undone = collecting.times_undone(session, order.id)
    release = reservations.release_entry(session, order, undone=undone, actor=actor, reason=code)
    refund = paying.give_back(
        session,
        order,
        canteen.operator_id,
        fen=order.paid_fen - kept_fen,
        now=now,
        actor=actor,
        reason=code,
        to_wallet=to_wallet,
    )
    return [entry for entry in (release, refund) if entry is not None]


def cancel(
    session: Session, order: OrderView, *, reason: str, now: datetime, actor: str, to_wallet: bool
) -> list[Entry]:
    """The order is cancelled, and the audit log says so; returns the entries to book. As `end`."""
    entries = end(session, order, OrderStatus.CANCELLED, reason=reason, now=now, actor=actor, to_wallet=to_wallet)
    log.record(
        session,
        at=now,
        actor=actor,
        action="order.cancelled",
        subject=f"order:{order.id}",
        canteen_id=order.canteen_id,
        details={"reason": log.reason_code(reason), "returned_fen": order.paid_fen},
    )
    return entries
