"""Does the drawer agree? Shifts against their payments and postings, account 1000 against the shift that stands."""

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from canteen.payments import shifts
from canteen.payments.models import Payment
from canteen.payments.shift_models import Shift
from canteen.payments.shifts import COLUMNS, ShiftView
from canteen.readmodels.invariant import Invariant, judged
from subsidies.models import LedgerTransaction, Posting

_S = SQLModel.metadata.tables[str(Shift.__tablename__)].c
_P = SQLModel.metadata.tables[str(Payment.__tablename__)].c
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c
_G_TABLE = SQLModel.metadata.tables[str(Posting.__tablename__)]
_G = _G_TABLE.c


def drawers(session: Session) -> Invariant:
    """Account 1000 is the float and the cash of the open shift, or what the last left; closes agree with their entries."""
    found: dict[str, list[ShiftView]] = {}
    for row in session.execute(select(*COLUMNS).order_by(_S.number)):
        view = ShiftView(*row)
        found.setdefault(view.canteen_id, []).append(view)
    posted = _posted(session)
    moved: dict[str, int] = {}
    for shift_id, direction, fen in session.execute(
        select(_P.shift_id, _P.direction, func.sum(_P.fen))
        .where(_P.shift_id.is_not(None))
        .group_by(_P.shift_id, _P.direction)
    ):
        moved[shift_id] = moved.get(shift_id, 0) + (int(fen) if direction == "in" else -int(fen))
    breaches: list[str] = []
    for canteen_id, views in found.items():
        for view in views:
            standing = view.float_fen + moved.get(view.id, 0)
            if view.closed_at is None:
                continue
            if view.expected_fen != standing:
                breaches.append(f"shift {view.id}: expected {view.expected_fen}, payments say {standing}")
            if posted.get(("over_short", view.id), 0) != view.over_fen:
                breaches.append(f"shift {view.id}: over or short is not what was posted")
            if posted.get(("bank", view.id), 0) != -(view.banked_fen or 0):
                breaches.append(f"shift {view.id}: banked is not what was posted")
        last = next((view for view in views if view.closed_at is None), views[-1])
        holds = last.left_fen if last.closed_at else last.float_fen + moved.get(last.id, 0)
        books = shifts.books_fen(session, canteen_id)
        if books != holds:
            breaches.append(f"{canteen_id}: account 1000 says {books}, the drawer {holds}")
    return judged("drawers", f"{sum(map(len, found.values()))} shifts", breaches)


def _posted(session: Session) -> dict[tuple[str, str], int]:
    """Account 1000 of each close by kind and shift; fen."""
    rows = session.execute(
        select(_T.kind, _T.subject, func.sum(_G.fen))
        .join(_G_TABLE, _G.transaction_id == _T.id)
        .where(_T.kind.in_(["over_short", "bank"]), _G.account == "1000")
        .group_by(_T.kind, _T.subject)
    )
    return {(kind, subject.removeprefix("shift:")): int(fen) for kind, subject, fen in rows}
