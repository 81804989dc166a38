"""The drawer's shifts: one open at a time; the first cash opens one kindly when nobody did."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.db.locks import hold
from canteen.payments.errors import PaymentError
from canteen.payments.models import Payment
from canteen.payments.shift_models import Shift
from menus.service_days import business_day
from subsidies.models import LedgerTransaction, Posting

DRAWER = "main"
MOST_FEN = 10_000_000
"""No drawer of a canteen holds ¥100,000."""


class ShiftOpen(PaymentError):
    """A shift of this drawer is open already."""

    code = "payments.shift-open"


class ShiftClosed(PaymentError):
    """It was closed already, or none is open."""

    code = "payments.shift-closed"


class CountNeeded(PaymentError):
    """A count below zero, more banked than counted, or banked without a reference."""

    code = "payments.shift-count"


class SecondPersonWrong(PaymentError):
    """The second person is not of this canteen, is the one who closes, or gave a wrong password."""

    code = "payments.shift-second"


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One shift; fen. What belongs to the close is None while it is open."""

    id: str
    canteen_id: str
    number: int
    day: date
    opened_at: datetime
    opened_name: str
    float_fen: int
    is_counted: bool
    closed_at: datetime | None
    closed_name: str
    expected_fen: int | None
    counted_fen: int | None
    second_name: str
    none_on_site: bool | None
    banked_fen: int | None
    reference: str
    note: str

    @property
    def over_fen(self) -> int:
        """Counted less expected: above zero there was too much, below too little."""
        return (self.counted_fen or 0) - (self.expected_fen or 0)

    @property
    def left_fen(self) -> int:
        """What stayed in the drawer for the next."""
        return (self.counted_fen or 0) - (self.banked_fen or 0)


def hold_drawer(session: Session, canteen_id: str) -> None:
    """Cash in, cash out and a close wait for each other."""
    hold(session, f"drawer {canteen_id}")


def open_shift(session: Session, canteen_id: str) -> ShiftView | None:
    """The one that is open."""
    row = session.execute(_OPEN, {"canteen": canteen_id}).one_or_none()
    return None if row is None else ShiftView(*row)


def last_closed(session: Session, canteen_id: str) -> ShiftView | None:
    """The one before."""
    row = session.execute(_LAST, {"canteen": canteen_id}).first()
    return None if row is None else ShiftView(*row)


def of_cash(session: Session, canteen_id: str, *, now: datetime, by: str) -> str:
    """The shift cash belongs to that moves now. None is open: one begins with what should lie in the drawer, uncounted."""
    hold_drawer(session, canteen_id)
    found = session.execute(_OPEN_ID, {"canteen": canteen_id}).scalar_one_or_none()
    if found is not None:
        return str(found)
    fen = max(0, drawer_fen(session, canteen_id))
    return begin(session, canteen_id, float_fen=fen, is_counted=False, now=now, by=by, name="")


def drawer_fen(session: Session, canteen_id: str) -> int:
    """What should lie in the drawer between two shifts: what the last left; before the first, what the books say."""
    last = last_closed(session, canteen_id)
    return books_fen(session, canteen_id) if last is None else last.left_fen


def books_fen(session: Session, canteen_id: str) -> int:
    """Account 1000 of a canteen's chain."""
    return int(session.execute(_BOOKS, {"canteen": canteen_id}).scalar_one())


def begin(
    session: Session, canteen_id: str, *, float_fen: int, is_counted: bool, now: datetime, by: str, name: str
) -> str:
    """Open one; returns its id. The caller holds the drawer.

    Raises:
        ShiftOpen: one is open.
    """
    number = int(session.execute(_NUMBER, {"canteen": canteen_id}).scalar_one()) + 1
    shift_id = str(ULID.from_datetime(now))
    row = {
        "id": shift_id, "canteen_id": canteen_id, "drawer": DRAWER, "number": number, "day": business_day(now), "opened_at": now,
        "opened_by": by, "opened_name": name, "float_fen": float_fen, "is_counted": is_counted,
        "closed_name": "", "second_name": "", "reference": "", "note": "",
    }  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(insert(_S_TABLE), row)
    except IntegrityError as error:
        raise ShiftOpen(canteen=canteen_id) from error
    return shift_id


def moved_fen(session: Session, shift_id: str) -> int:
    """Cash in less cash out of a shift."""
    return int(session.execute(_MOVED, {"shift": shift_id}).scalar_one())


def end(session: Session, shift_id: str, **closing: object) -> None:
    """Write the close.

    Raises:
        ShiftClosed: somebody else was first.
    """
    done = session.execute(
        update(_S_TABLE).where(_S.id == shift_id, _S.closed_at.is_(None)).values(**closing).returning(_S.id)
    ).scalar_one_or_none()
    if done is None:
        raise ShiftClosed(shift=shift_id)


def closed_since(session: Session, canteen_id: str, day: date, at: datetime) -> bool:
    """Whether a shift that was open on `day` was closed after `at`: what happened then is counted."""
    return session.execute(_CLOSED_SINCE, {"canteen": canteen_id, "day": day, "at": at}).first() is not None


_S_TABLE = SQLModel.metadata.tables[str(Shift.__tablename__)]
_S = _S_TABLE.c
_P = SQLModel.metadata.tables[str(Payment.__tablename__)].c
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c
_G = SQLModel.metadata.tables[str(Posting.__tablename__)].c
COLUMNS = tuple(_S[name] for name in ShiftView.__dataclass_fields__)
_OPEN = select(*COLUMNS).where(_S.canteen_id == bindparam("canteen"), _S.drawer == DRAWER, _S.closed_at.is_(None))
_OPEN_ID = select(_S.id).where(_S.canteen_id == bindparam("canteen"), _S.drawer == DRAWER, _S.closed_at.is_(None))
_LAST = (
    select(*COLUMNS)
    .where(_S.canteen_id == bindparam("canteen"), _S.closed_at.is_not(None))
    .order_by(_S.number.desc())
    .limit(1)
)
_NUMBER = select(func.coalesce(func.max(_S.number), 0)).where(
    _S.canteen_id == bindparam("canteen"), _S.drawer == DRAWER
)
_MOVED = select(func.coalesce(func.sum(case((_P.direction == "in", _P.fen), else_=-_P.fen)), 0)).where(
    _P.shift_id == bindparam("shift")
)
_BOOKS = (
    select(func.coalesce(func.sum(_G.fen), 0))
    .select_from(LedgerTransaction)
    .join(Posting, _G.transaction_id == _T.id)
    .where(_T.canteen_id == bindparam("canteen"), _G.book == "F", _G.account == "1000")
)
_CLOSED_SINCE = (
    select(_S.id)
    .where(_S.canteen_id == bindparam("canteen"), _S.day <= bindparam("day"), _S.closed_at > bindparam("at"))
    .limit(1)
)
