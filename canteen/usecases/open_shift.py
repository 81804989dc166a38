"""Open a shift of the cash drawer with its float counted."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.payments import shifts
from canteen.payments.shifts import MOST_FEN, CountNeeded
from canteen.usecases.steps import legs
from menus.service_days import business_day
from subsidies.ledger import Entry, post


def open_shift(session: Session, canteen_id: str, *, float_fen: int, now: datetime, actor: str, actor_name: str) -> str:
    """Begin with `float_fen` counted; returns its id.

    What differs from what the last shift left is cash over or short. Before the first shift it is change fetched from
    the bank, or earlier takings brought there.

    Raises:
        payments.shifts.ShiftOpen: one is open.
        payments.shifts.CountNeeded: no sum a drawer can hold.
    """
    if not 0 <= float_fen <= MOST_FEN:
        raise CountNeeded()
    shifts.hold_drawer(session, canteen_id)
    is_first = shifts.last_closed(session, canteen_id) is None
    differs = float_fen - shifts.drawer_fen(session, canteen_id)
    shift_id = shifts.begin(
        session, canteen_id, float_fen=float_fen, is_counted=True, now=now, by=actor, name=actor_name
    )
    if differs:
        other = "1020" if is_first else "5010"
        entry = Entry(
            key=f"float:{shift_id}",
            canteen_id=canteen_id,
            kind="shift_float",
            subject=f"shift:{shift_id}",
            effective_date=business_day(now),
            legs=legs.moved("1000", other, differs),
            actor=actor,
        )
        post(session, [entry], now=now)
    log.record(
        session, at=now, actor=actor, action="shift.opened", subject=f"shift:{shift_id}", canteen_id=canteen_id,
        details={"float_fen": float_fen, "differs_fen": differs},
    )  # fmt: skip
    return shift_id
