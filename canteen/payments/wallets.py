"""Stored value: one wallet per resident and operator, known to the books by a random reference."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session
from ulid import ULID

from canteen.payments.errors import NoWallet, WalletFull, WalletShort
from canteen.payments.models import WALLET_LIMIT_FEN, Wallet


@dataclass(frozen=True)
class WalletView:
    """A wallet as it stands; `balance_fen` in fen."""

    resident_id: str
    ref: str
    operator_id: str
    balance_fen: int


def find(session: Session, resident_id: str, operator_id: str) -> WalletView | None:
    """The wallet of a resident at an operator, if one was opened."""
    row = session.execute(_FIND, {"resident": resident_id, "operator": operator_id}).one_or_none()
    return WalletView(*row) if row else None


def by_ref(session: Session, ref: str) -> WalletView:
    """The wallet the books know by this reference.

    Raises:
        NoWallet: there is none.
    """
    row = session.execute(_BY_REF, {"ref": ref}).one_or_none()
    if row is None:
        raise NoWallet()
    return WalletView(*row)


def open_wallet(session: Session, resident_id: str, operator_id: str, *, now: datetime) -> WalletView:
    """The resident's wallet, opened with nothing in it when there is none."""
    found = find(session, resident_id, operator_id)
    if found is not None:
        return found
    ref = str(ULID.from_datetime(now))
    row = {"resident_id": resident_id, "ref": ref, "operator_id": operator_id, "balance_fen": 0}
    session.execute(_OPEN[session.get_bind().dialect.name], row)
    opened = find(session, resident_id, operator_id)  # by whoever was first: two counters may open it at once
    if opened is None:
        raise NoWallet()
    return opened


def of_resident(session: Session, resident_id: str) -> tuple[WalletView, ...]:
    """Every wallet of theirs, by operator."""
    rows = session.execute(
        select(_TABLE.c.resident_id, _TABLE.c.ref, _TABLE.c.operator_id, _TABLE.c.balance_fen)
        .where(_TABLE.c.resident_id == resident_id)
        .order_by(_TABLE.c.operator_id)
    )
    return tuple(WalletView(*row) for row in rows)


def debit(session: Session, resident_id: str, operator_id: str, fen: int) -> str:
    """Take `fen` out of a wallet; returns its reference.

    Raises:
        NoWallet: none was opened.
        WalletShort: it holds less.
    """
    ref: str | None = session.execute(
        _DEBIT, {"resident": resident_id, "operator": operator_id, "fen": fen}
    ).scalar_one_or_none()
    if ref is None:
        wallet = find(session, resident_id, operator_id)
        if wallet is None:
            raise NoWallet()
        raise WalletShort(short_fen=fen - wallet.balance_fen)
    return ref


def credit(session: Session, resident_id: str, operator_id: str, fen: int) -> str:
    """Put `fen` into a wallet; returns its reference.

    Raises:
        NoWallet: none was opened.
        WalletFull: it would hold more than the limit.
    """
    ref: str | None = session.execute(
        _CREDIT, {"resident": resident_id, "operator": operator_id, "fen": fen}
    ).scalar_one_or_none()
    if ref is None:
        if find(session, resident_id, operator_id) is None:
            raise NoWallet()
        raise WalletFull(limit_fen=WALLET_LIMIT_FEN)
    return ref


_TABLE = Wallet.__table__  # type: ignore[attr-defined]
_MINE = (_TABLE.c.resident_id == bindparam("resident"), _TABLE.c.operator_id == bindparam("operator"))
_OPEN = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=["resident_id", "operator_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_FIND = select(_TABLE.c.resident_id, _TABLE.c.ref, _TABLE.c.operator_id, _TABLE.c.balance_fen).where(*_MINE)
_BY_REF = select(_TABLE.c.resident_id, _TABLE.c.ref, _TABLE.c.operator_id, _TABLE.c.balance_fen).where(
    _TABLE.c.ref == bindparam("ref")
)
_DEBIT = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.balance_fen >= bindparam("fen"))
    .values(balance_fen=_TABLE.c.balance_fen - bindparam("fen"))
    .returning(_TABLE.c.ref)
)
_CREDIT = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.balance_fen + bindparam("fen") <= WALLET_LIMIT_FEN)
    .values(balance_fen=_TABLE.c.balance_fen + bindparam("fen"))
    .returning(_TABLE.c.ref)
)
