"""The chain of each canteen walked from its first entry to its head, a few thousand postings in memory at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import func, select
from sqlmodel import Session, col

from subsidies.ledger import GENESIS, LEG_COLUMNS, Leg, link_hash
from subsidies.models import ChainHead, LedgerTransaction, Posting

_ENTRY = LedgerTransaction.__table__  # type: ignore[attr-defined]
_HELD = 5_000
"""Postings fetched at once."""
OnEntry = Callable[[int, int], None]
"""(entries walked, entries in all)."""


@dataclass(slots=True)
class Chain:
    """One canteen's chain as it was found. `breaches` says in order what does not hold; empty when all of it does."""

    canteen_id: str
    entries: int = 0
    seq: int = 0
    head: str = GENESIS
    breaches: list[str] = field(default_factory=list)


def walked_chains(session: Session, canteen_id: str = "", on_entry: OnEntry | None = None) -> tuple[Chain, ...]:
    """Every chain (or that of one canteen) in the order of their canteens.

    Each entry is 1, 2, 3… without a gap, follows the hash of the one before, has the hash of what stands in it and in
    its postings, and the last one is the head.
    """
    chains: dict[str, Chain] = {}
    count = select(func.count()).select_from(_ENTRY)
    total = session.execute(count.where(_ENTRY.c.canteen_id == canteen_id) if canteen_id else count).scalar_one()
    for done, (row, legs) in enumerate(_entries(session, canteen_id), 1):
        chain = chains.setdefault(canteen := str(row["canteen_id"]), Chain(canteen))
        _follow(chain, row, legs)
        if on_entry is not None and (done % 1_000 == 0 or done == total):
            on_entry(done, total)
    heads = select(col(ChainHead.canteen_id), col(ChainHead.seq), col(ChainHead.hash))
    headed = set()
    for canteen, seq, head in session.execute(
        heads.where(col(ChainHead.canteen_id) == canteen_id) if canteen_id else heads
    ):
        headed.add(canteen)
        chain = chains.setdefault(canteen, Chain(canteen))
        if (seq, head) != (chain.seq, chain.head):
            chain.breaches.append(f"{canteen} ends at {chain.seq}, its head says {seq}")
    for canteen in chains.keys() - headed:
        chains[canteen].breaches.append(f"{canteen} has no head")
    return tuple(chains[canteen] for canteen in sorted(chains))


def _follow(chain: Chain, row: dict[str, object], legs: list[Leg]) -> None:
    seq, told = row["seq"], str(row["hash"])
    if not isinstance(seq, int):
        raise TypeError("seq is a number")
    if seq != chain.seq + 1:
        chain.breaches.append(f"{chain.canteen_id} has no entry {chain.seq + 1}")
    if row["prev_hash"] != chain.head:
        chain.breaches.append(f"{chain.canteen_id} entry {seq} does not follow the one before")
    if link_hash(row, legs) != told:
        chain.breaches.append(f"{chain.canteen_id} entry {seq} was changed ({row['key']})")
    chain.entries, chain.seq, chain.head = chain.entries + 1, seq, told


def _entries(session: Session, canteen_id: str) -> Iterator[tuple[dict[str, object], list[Leg]]]:
    """Each entry with its legs; an entry without any has none."""
    width = len(_ENTRY.c)
    found = (
        select(_ENTRY, *LEG_COLUMNS)
        .join(Posting, col(Posting.transaction_id) == _ENTRY.c.id, isouter=True)
        .order_by(_ENTRY.c.canteen_id, _ENTRY.c.seq, col(Posting.position))
    )
    if canteen_id:
        found = found.where(_ENTRY.c.canteen_id == canteen_id)
    rows = session.execute(found, execution_options={"yield_per": _HELD})
    names = [column.name for column in _ENTRY.c]
    for _, legs in groupby(rows, key=lambda row: row[0]):
        found_legs = list(legs)
        yield (
            dict(zip(names, found_legs[0][:width], strict=True)),
            [Leg(*leg[width:]) for leg in found_legs if leg[width] is not None],
        )
