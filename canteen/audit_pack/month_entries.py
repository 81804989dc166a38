"""The entries of one month of one canteen, in the order of its chain, a few thousand postings in memory at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.errors import EntryWithoutLegs
from subsidies.ledger import entry_json
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
_NAMES = tuple(column.name for column in _ENTRY)
_LEG = (_P.book, _P.account, _P.funder, _P.programme, _P.rule, _P.category, _P.owner, _P.fen)


@dataclass(slots=True)
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
    legs: list[LegRow]


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

    Whether each has the hash that its content gives is the verifier's question: it asks it of what was written.

    Raises:
        EntryWithoutLegs: rows were removed.
    """
    count, first, last = month_span(session, canteen_id, month)
    # an expression, so that SQLite walks along the chain and sorts nothing
    here = (_T.canteen_id == canteen_id, _T.seq >= first, _T.seq <= last, _T.period + "" == month.text)
    streamed = {"yield_per": _HELD}
    rows = session.execute(select(*_ENTRY).where(*here).order_by(_T.seq), execution_options=streamed)
    all_legs = _legs(session, here)
    done = 0
    for part in rows.partitions():
        for row in part:
            done += 1
            seq, key, _, kind, subject, _, effective, _, posted, rules, _, _, corrects, prev, told = row
            legs = next(all_legs, (0, []))
            body = entry_json(dict(zip(_NAMES, row, strict=True)), legs[1])
            if legs[0] != seq:
                raise EntryWithoutLegs(canteen_id, seq)
            yield MonthEntry(seq, key, kind, subject, effective, posted, rules, corrects, prev, told, body, legs[1])
            if progress is not None and (done % 2_000 == 0 or done == count):
                progress(done, count)


def _legs(session: Session, here: tuple[ColumnElement[bool], ...]) -> Iterator[tuple[int, list[LegRow]]]:
    """Place in the chain → the legs of that entry, in their order."""
    found = session.execute(
        select(*_LEG, _T.seq)
        .join_from(LedgerTransaction.__table__, Posting.__table__, _P.transaction_id == _T.id)  # type: ignore[attr-defined]
        .where(*here)
        .order_by(_T.seq, _P.position),
        execution_options={"yield_per": _HELD},
    )
    at, legs = 0, list[LegRow]()
    for part in found.partitions():
        for book, account, funder, programme, rule, category, owner, fen, seq in part:
            if seq != at:
                if legs:
                    yield at, legs
                at, legs = seq, []
            legs.append((book, account, funder, programme, rule, category, owner, fen))
    if legs:
        yield at, legs
