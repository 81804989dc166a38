"""The books: entries that sum to zero, are keyed by the caller, chained by hash and never changed.

Book B holds each public funder's budget, book F the operator's money. Debits are positive fen, credits negative.
In book B a bucket (`available`, `reserved`, `earned`…) grows by a debit; `appropriated` is the source and is credited.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from ulid import ULID

from subsidies import budgets
from subsidies.budgets import BudgetKey
from subsidies.errors import SubsidyError
from subsidies.models import ChainHead, LedgerTransaction, Posting

GENESIS = "0" * 64
"""What the first entry of a chain points back to."""
ACCOUNTS = frozenset(
    "1000 1005 1010 1020 1100 1110 1120 1900 2000 2100 2200 2300 2310 2400 2500"
    " 4000 4010 4020 4030 4090 5000 5010 5020".split()
)
FUNDERS_WITHOUT_BUDGET = frozenset({"operator", "charity"})
"""Book F only: the operator's own discount and donations claim no public money."""


class Unbalanced(SubsidyError):
    """The legs of an entry do not sum to zero in a book: a defect of the program, never of its user."""

    code = "subsidies.unbalanced"


class AlreadyBooked(SubsidyError):
    """An entry with this key, or one that resolves the same reservation, is in the books."""

    code = "subsidies.already-booked"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of an entry."""

    book: str
    account: str
    fen: int
    funder: str = ""
    programme: str = ""
    rule: str = ""
    category: str = ""
    owner: str = ""

    def negated(self) -> "Leg":
        """The same leg the other way round, taken from what was posted and not computed again."""
        return Leg(
            self.book, self.account, -self.fen, self.funder, self.programme, self.rule, self.category, self.owner
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction to be booked in a canteen's chain."""

    key: str
    canteen_id: str
    kind: str
    subject: str
    effective_date: date
    legs: tuple[Leg, ...]
    actor: str
    rule_set_id: int | None = None
    resolves: str | None = None
    corrects: str | None = None
    reason: str = ""
    period: str = ""
    """The month it counts in where that is not the month of `effective_date`; a month that was declared takes no more
    entries: what would have counted there counts in the first that is open."""


def budget_move(fen: int, source: str, target: str, leg: Leg) -> tuple[Leg, Leg]:
    """Two legs of book B that move `fen` from one bucket to another; funder, rule and category as on `leg`."""
    return (
        Leg("B", source, -fen, leg.funder, leg.programme, leg.rule, leg.category),
        Leg("B", target, fen, leg.funder, leg.programme, leg.rule, leg.category),
    )


def post(session: Session, entries: Sequence[Entry], *, now: datetime) -> None:
    """Book `entries` (all of one canteen) in order, and move the cached budgets with them.

    Locks budgets in key order, then the chain head, last of all locks of a transaction.

    Raises:
        AlreadyBooked: a key is used or a reservation is resolved already.
        subsidies.budgets.BudgetMissing: book B names a budget that was never loaded.
        Unbalanced: an entry does not sum to zero in each book.
    """
    entries = [entry for entry in entries if entry.legs]
    if not entries:
        return
    canteen_id = entries[0].canteen_id
    for entry in entries:
        _check(entry, canteen_id)
    _move_budgets(session, canteen_id, entries)
    seq, head, open_from = _lock_head(session, canteen_id)
    rows: list[dict[str, object]] = []
    legs: list[dict[str, object]] = []
    for entry in entries:
        seq += 1
        row = _row(entry, seq, head, open_from, now)
        head = link_hash(row, entry.legs)
        row["hash"] = head
        rows.append(row)
        legs += [
            {
                "transaction_id": row["id"],
                "position": position,
                "book": leg.book,
                "account": leg.account,
                "funder": leg.funder,
                "programme": leg.programme,
                "rule": leg.rule,
                "category": leg.category,
                "owner": leg.owner,
                "fen": leg.fen,
            }
            for position, leg in enumerate(entry.legs)
        ]
    try:
        session.execute(_INSERT_TRANSACTION, rows)
    except IntegrityError as error:
        raise AlreadyBooked(keys=" ".join(entry.key for entry in entries)) from error
    session.execute(_INSERT_POSTING, legs)
    session.execute(_SET_HEAD, {"c": canteen_id, "s": seq, "h": head})


def link_hash(row: dict[str, object], legs: Sequence[Leg]) -> str:
    """SHA-256 over the previous hash and the canonical JSON of an entry, hex. `row["prev_hash"]` is the link before."""
    return hash_of(str(row["prev_hash"]), link_body(row, legs))


def hash_of(prev_hash: str, body: bytes) -> str:
    """The link after `prev_hash` that carries `body`, hex."""
    return hashlib.sha256(prev_hash.encode() + b"\n" + body).hexdigest()


def link_body(row: Mapping[str, object], legs: Sequence[Leg]) -> bytes:
    """What the hash of an entry covers besides the link before: canonical JSON, one array."""
    return entry_json(
        row,
        [
            (leg.book, leg.account, leg.funder, leg.programme, leg.rule, leg.category, leg.owner, leg.fen)
            for leg in legs
        ],
    )


def entry_json(row: Mapping[str, object], legs: Sequence[tuple[str | int, ...]]) -> bytes:
    """`link_body` for whoever has many: each leg a tuple (book, account, funder, programme, rule, category, owner, fen)."""
    posted_at = row["posted_at"]
    effective = row["effective_date"]
    if not isinstance(posted_at, datetime) or not isinstance(effective, date):
        raise TypeError("posted_at is an instant, effective_date a date")
    body = (
        row["key"],
        row["canteen_id"],
        row["seq"],
        row["kind"],
        row["subject"],
        row["resolves"],
        effective.isoformat(),
        row["period"],
        posted_at.isoformat(),
        row["rule_set_id"],
        row["actor"],
        row["reason"],
        row["corrects"],
        legs,
    )
    return msgspec.json.encode(body)


def posted_legs(session: Session, key: str) -> tuple[Leg, ...]:
    """The legs of the entry booked under `key`; empty when there is none."""
    rows = session.execute(_LEGS_OF, {"k": key}).all()
    return tuple(Leg(*row) for row in rows)


def _check(entry: Entry, canteen_id: str) -> None:
    if entry.canteen_id != canteen_id:
        raise ValueError("one call books one canteen")
    sums: dict[str, int] = defaultdict(int)
    for leg in entry.legs:
        if leg.account not in (budgets.BUCKETS if leg.book == "B" else ACCOUNTS):
            raise ValueError(f"no account {leg.account!r} in book {leg.book}")
        sums[leg.book] += leg.fen
    if any(sums.values()):
        raise Unbalanced(key=entry.key)


def _move_budgets(session: Session, canteen_id: str, entries: Sequence[Entry]) -> None:
    moves: dict[BudgetKey, dict[str, int]] = {}
    for entry in entries:
        for leg in entry.legs:
            if leg.book == "B":
                key = (leg.funder, leg.programme, entry.effective_date.year)
                buckets = moves.setdefault(key, defaultdict(int))
                # appropriated is credited in the books and shown as a positive figure in the cache
                buckets[leg.account] += -leg.fen if leg.account == "appropriated" else leg.fen
    budgets.move(session, canteen_id, moves)


def _lock_head(session: Session, canteen_id: str) -> tuple[int, str, str]:
    head = session.execute(_LOCK_HEAD, {"c": canteen_id}).one_or_none()
    if head is None:
        # the first entry of a canteen: two may come at once, and the second waits for the head of the first
        session.execute(
            _OPEN_HEAD[session.get_bind().dialect.name], {"canteen_id": canteen_id, "seq": 0, "hash": GENESIS}
        )
        head = session.execute(_LOCK_HEAD, {"c": canteen_id}).one()
    return head.seq, head.hash, head.open_from


def _row(entry: Entry, seq: int, prev_hash: str, open_from: str, now: datetime) -> dict[str, object]:
    return {
        "id": str(ULID.from_datetime(now)),
        "key": entry.key,
        "canteen_id": entry.canteen_id,
        "seq": seq,
        "kind": entry.kind,
        "subject": entry.subject,
        "resolves": entry.resolves,
        "effective_date": entry.effective_date,
        "period": max(entry.period or entry.effective_date.strftime("%Y-%m"), open_from),
        "posted_at": now.astimezone(UTC),  # what is stored is UTC, and the hash covers what is read again
        "rule_set_id": entry.rule_set_id,
        "actor": entry.actor,
        "reason": entry.reason,
        "corrects": entry.corrects,
        "prev_hash": prev_hash,
    }


_INSERT_TRANSACTION = insert(LedgerTransaction.__table__)  # type: ignore[attr-defined]
_INSERT_POSTING = insert(Posting.__table__)  # type: ignore[attr-defined]
_HEAD = ChainHead.__table__.c  # type: ignore[attr-defined]
_LOCK_HEAD = select(_HEAD.seq, _HEAD.hash, _HEAD.open_from).where(_HEAD.canteen_id == bindparam("c")).with_for_update()
_OPEN_HEAD = {
    name: dialect.insert(ChainHead.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_SET_HEAD = (
    update(ChainHead.__table__)  # type: ignore[attr-defined]
    .where(ChainHead.__table__.c.canteen_id == bindparam("c"))  # type: ignore[attr-defined]
    .values(seq=bindparam("s"), hash=bindparam("h"))
)
LEG_COLUMNS = tuple(col(getattr(Posting, name)) for name in Leg.__dataclass_fields__)
"""Columns of a posting, in the order of the fields of `Leg`."""
_LEGS_OF = (
    select(*LEG_COLUMNS)
    .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
    .where(col(LedgerTransaction.key) == bindparam("k"))
    .order_by(col(Posting.position))
)
