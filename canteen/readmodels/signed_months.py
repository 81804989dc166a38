"""Are the locked months what they were when they were signed? Root over their entries, signature, stored files."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.build import STATEMENT
from canteen.audit_pack.statement import GENESIS_ROOT
from canteen.audit_pack.verify_parts import ed25519
from canteen.readmodels.invariant import Invariant, judged
from subsidies.merkle import Growing
from subsidies.models import LedgerTransaction
from subsidies.statement_models import MonthStatement, StatementFile

_S = SQLModel.metadata.tables[str(MonthStatement.__tablename__)].c
_FILE = SQLModel.metadata.tables[str(StatementFile.__tablename__)].c
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c


@dataclass(frozen=True, slots=True)
class SignedMonth:
    """One locked month as it was found. `breaches` says what does not hold; empty when all of it does."""

    canteen_id: str
    period: str
    root: str
    key_id: str
    breaches: tuple[str, ...]


def signed_months(session: Session, canteen_id: str = "") -> tuple[SignedMonth, ...]:
    """Every locked month (or those of one canteen), by canteen and period."""
    asked = (
        select(_S.id, _S.canteen_id, _S.period, _S.merkle_root, _S.previous_root, _S.signature, _S.key_id, _S.locked_at)
        .where(_S.merkle_root.is_not(None))
        .order_by(_S.canteen_id, _S.period)
    )
    rows = session.execute(asked.where(_S.canteen_id == canteen_id) if canteen_id else asked).all()
    found: list[SignedMonth] = []
    for row in rows:
        where = f"{row.canteen_id} {row.period}"
        breaches = list(_chained(session, row.canteen_id, row.period, row.previous_root, row.merkle_root))
        before = [
            one for one in rows
            if one.canteen_id == row.canteen_id and one.period < row.period and one.locked_at <= row.locked_at
        ]  # fmt: skip
        if row.previous_root != (before[-1].merkle_root if before else GENESIS_ROOT):
            breaches.append("does not follow the root of the month locked before")
        breaches += _stored(session, row.id, row.signature, row.key_id, row.merkle_root)
        told = tuple(f"{where} {breach}" for breach in breaches)
        found.append(SignedMonth(row.canteen_id, row.period, row.merkle_root, row.key_id, told))
    return tuple(found)


def locked_unchanged(session: Session) -> Invariant:
    """Locked months give the roots that were signed, and their stored files are what they were."""
    months = signed_months(session)
    return judged(
        "locked-months", f"{len(months)} locked months", (breach for one in months for breach in one.breaches)
    )


def _chained(session: Session, canteen_id: str, period: str, previous: str, root: str) -> Iterator[str]:
    tree = Growing()
    tree.add(bytes.fromhex(previous))
    hashes = session.execute(
        select(_T.hash).where(_T.canteen_id == canteen_id, _T.period == period).order_by(_T.seq),
        execution_options={"yield_per": 5_000},
    )
    for (digest,) in hashes:
        tree.add(bytes.fromhex(digest))
    if tree.root().hex() != root:
        yield f"has another root than was signed ({tree.size - 1} entries)"


def _stored(session: Session, statement_id: str, signature: str, key_id: str, root: str) -> Iterator[str]:
    signed = None
    for name, sha256, content in session.execute(
        select(_FILE.name, _FILE.sha256, _FILE.content).where(_FILE.statement_id == statement_id).order_by(_FILE.name)
    ):
        if hashlib.sha256(content).hexdigest() != sha256:
            yield f"file {name} was changed"
        if name == STATEMENT:
            signed = bytes(content)
    if signed is None:
        yield f"has no {STATEMENT}"
        return
    told = json.loads(signed)
    public = bytes.fromhex(told["key"]["public"])
    if hashlib.sha256(public).hexdigest()[:16] != key_id or not ed25519(public, signed, bytes.fromhex(signature)):
        yield "has a signature that does not hold"
    if told["merkle"]["root"] != root:
        yield "has another root than its statement"
