"""The entries of one month of one canteen, in the order of its chain, a few thousand postings in memory at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from subsidies.ledger import entry_json, hash_of
from subsidies.models import LedgerTransaction, Posting
from subsidies.months import Month

Progress = Callable[[int, int], None]
"""(done, of)."""
LegRow = tuple[str, str, str, str, str, str, str, int]
"""Book, account, funder, programme, rule, category, owner, fen."""

_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c
_P = SQLModel.metadata.tables[str(Posting.__tablename__)].c
_HELD = 5_000
"""Postings fetched at once."""
_ENTRY = (
    _T.seq, _T.key, _T.canteen_id, _T.kind, _T.subject, _T.resolves, _T.effective_date, _T.period, _T.posted_at,
    _T.rule_set_id, _T.actor, _T.reason, _T.corrects, _T.prev_hash, _T.hash,
)  # fmt: skip
_LEG = (_P.book, _P.account, _P.funder, _P.programme, _P.rule, _P.category, _P.owner, _P.fen)


class ChainBroken(Exception):
    """An entry has not the hash that its content gives: no pack is made of such a month."""


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """One entry with its legs; `body` is what its hash covers besides `prev_hash`."""

    seq: int
    key: str
    kind: str
    subject: str
    effective_date: date
    posted_at: datetime
    rule_set_id: int | None
    corrects: str | None
    prev_hash: str
    hash: str
    body: bytes
    legs: tuple[LegRow, ...]


def month_span(session: Session, canteen_id: str, month: Month) -> tuple[int, int, int]:
    """How many entries count in the month, the first and the last place of them in the chain; zeros when there are none."""
    count, first, last = session.execute(
        select(func.count(), func.min(_T.seq), func.max(_T.seq)).where(
            _T.canteen_id == canteen_id, _T.period == month.text
        )
    ).one()
    return int(count), int(first or 0), int(last or 0)


def month_entries(session: Session, canteen_id: str, month: Month, progress: Progress | None) -> Iterator[MonthEntry]:
    """Every entry whose `period` is the month; entries of other months between them are passed over.

    Raises:
        ChainBroken: one was changed.
    """
    count, first, last = month_span(session, canteen_id, month)
    # an expression, so that SQLite walks along the chain and sorts nothing
    here = (_T.canteen_id == canteen_id, _T.seq >= first, _T.seq <= last, _T.period + "" == month.text)
    streamed = {"yield_per": _HELD}
    rows = session.execute(select(*_ENTRY).where(*here).order_by(_T.seq), execution_options=streamed)
    found = session.execute(
        select(_T.seq, *_LEG)
        .join_from(LedgerTransaction.__table__, Posting.__table__, _P.transaction_id == _T.id)  # type: ignore[attr-defined]
        .where(*here)
        .order_by(_T.seq, _P.position),
        execution_options=streamed,
    )
    by_entry = groupby(found, key=itemgetter(0))
    names = [column.name for column in _ENTRY]
    for done, row in enumerate(rows, 1):
        seq, grouped = next(by_entry, (0, iter(())))
        legs: tuple[LegRow, ...] = tuple(tuple(leg)[1:] for leg in grouped)
        told = dict(zip(names, row, strict=True))
        body = entry_json(told, legs)
        if seq != row[0] or hash_of(row[13], body) != row[14]:
            raise ChainBroken(f"{canteen_id} entry {row[0]} ({row[1]}) is not what its hash says")
        yield MonthEntry(row[0], row[1], row[3], row[4], row[6], row[8], row[9], row[12], row[13], row[14], body, legs)
        if progress is not None and (done % 2_000 == 0 or done == count):
            progress(done, count)
