"""After a month has ended, three in a hundred of a canteen's diners are drawn to be telephoned."""

from datetime import datetime, time

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.confirmations import calls
from canteen.confirmations.models import CallDraw
from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from menus.service_days import LOCAL
from subsidies.models import LedgerTransaction
from subsidies.months import read_month


def draw_calls(session: Session, canteen_id: str, month: str, *, now: datetime, actor: str) -> int:
    """Draw and return how many; 0 when it was done before, the month still runs, or nobody ate.

    The seed is the hash of the last entry booked in the canteen's chain before the month ended: it was not known
    while meals were handed over, and nobody chose it. People whose data was erased cannot be asked and are not drawn.
    """
    wanted = read_month(month)
    ended = datetime.combine(wanted.after, time.min, LOCAL)
    if now < ended or calls.is_drawn(session, canteen_id, wanted.text):
        return 0
    last = session.execute(
        select(col(LedgerTransaction.hash), col(LedgerTransaction.seq))
        .where(col(LedgerTransaction.canteen_id) == canteen_id, col(LedgerTransaction.posted_at) < ended)
        .order_by(col(LedgerTransaction.seq).desc())
        .limit(1)
    ).first()
    diners = session.execute(
        select(col(MealOrder.resident_id))
        .join(Resident, col(Resident.id) == col(MealOrder.resident_id))
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) >= wanted.first,
            col(MealOrder.day) < wanted.after,
            col(MealOrder.status) == "collected",
            col(Resident.erased_at).is_(None),
        )
        .distinct()
    ).scalars()
    everybody = [str(one) for one in diners]
    if last is None or not everybody:
        return 0
    chosen = calls.drawn(last.hash, everybody)
    draw = CallDraw(
        canteen_id=canteen_id,
        period=wanted.text,
        seed=last.hash,
        seed_seq=last.seq,
        diners=len(everybody),
        drawn=len(chosen),
        drawn_at=now,
    )
    calls.keep(session, draw, chosen)
    log.record(
        session,
        at=now,
        actor=actor,
        action="calls.drawn",
        subject=f"calls:{canteen_id}/{wanted.text}",
        canteen_id=canteen_id,
        details={"drawn": len(chosen), "diners": len(everybody), "seed_seq": last.seq},
    )
    return len(chosen)
