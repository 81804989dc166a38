"""Close a shift (交班): the drawer counted, the difference posted, what goes to the bank posted, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.payments import shifts
from canteen.payments.shifts import MOST_FEN, CountNeeded, SecondPersonWrong, ShiftClosed
from canteen.people.accounts import Actor
from canteen.usecases.steps import legs
from menus.service_days import business_day
from subsidies.ledger import Entry, Leg, post


@dataclass(frozen=True, slots=True)
class DrawerCounted:
    """What was found; fen. `second` counted too and signed in for it; None: nobody else was on site."""

    shift_id: str
    canteen_id: str
    counted_fen: int
    banked_fen: int
    reference: str
    second: Actor | None
    note: str = ""


def close_shift(session: Session, count: DrawerCounted, *, now: datetime, actor: str, actor_name: str) -> int:
    """Returns what was over (above zero) or short (below); fen.

    Raises:
        payments.shifts.ShiftClosed: it is not the open one of this canteen (any more).
        payments.shifts.CountNeeded: more banked than counted, or banked without a reference.
        payments.shifts.SecondPersonWrong: the second is the one who closes, or works elsewhere.
    """
    _check(count, actor)
    shifts.hold_drawer(session, count.canteen_id)
    shift = shifts.open_shift(session, count.canteen_id)
    if shift is None or shift.id != count.shift_id:
        raise ShiftClosed(shift=count.shift_id)
    expected = shift.float_fen + shifts.moved_fen(session, shift.id)
    shifts.end(
        session,
        shift.id,
        closed_at=now,
        closed_by=actor,
        closed_name=actor_name,
        expected_fen=expected,
        counted_fen=count.counted_fen,
        second_by=count.second.ref if count.second else None,
        second_name=count.second.name if count.second else "",
        none_on_site=count.second is None,
        banked_fen=count.banked_fen,
        reference=count.reference if count.banked_fen else "",
        note=count.note,
    )
    over = count.counted_fen - expected

    def entry(kind: str, pair: tuple[Leg, Leg]) -> Entry:
        return Entry(
            key=f"{kind}:{shift.id}",
            canteen_id=count.canteen_id,
            kind=kind,
            subject=f"shift:{shift.id}",
            effective_date=business_day(now),
            legs=pair,
            actor=actor,
        )

    entries = [entry("over_short", legs.moved("1000", "5010", over))] if over else []
    if count.banked_fen:
        entries.append(entry("bank", legs.moved("1020", "1000", count.banked_fen)))
    post(session, entries, now=now)
    log.record(
        session, at=now, actor=actor, action="shift.closed", subject=f"shift:{shift.id}", canteen_id=count.canteen_id,
        details={
            "over_fen": over, "banked_fen": count.banked_fen, "second": count.second.ref if count.second else "none",
        },
    )  # fmt: skip
    return over


def _check(count: DrawerCounted, actor: str) -> None:
    if not 0 <= count.banked_fen <= count.counted_fen <= MOST_FEN or (count.banked_fen and not count.reference):
        raise CountNeeded()
    if count.second is not None and (count.second.ref == actor or count.second.canteen_id != count.canteen_id):
        raise SecondPersonWrong()
