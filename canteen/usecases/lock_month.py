"""An approved month is locked: root, signature and every file of its pack are stored, for good."""

import hashlib

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from canteen.audit_pack.build import Pack
from canteen.audit_pack.month_papers import last_root
from canteen.audit_pack.statement import GENESIS_ROOT
from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month
from subsidies import statements
from subsidies.models import LedgerTransaction
from subsidies.statement_models import StatementFile
from subsidies.statement_states import LOCKED, BooksMoved, DifferencesOpen, StatementState


def lock_month(session: Session, step: MonthStep, pack: Pack, *, blocking: int) -> None:
    """`pack` was built outside, and verified, from the month as it was approved. Locking twice is harmless.

    Raises:
        DifferencesOpen: differences that block are open.
        BooksMoved: it was built from other books, or is an unsigned draft.
        MonthNotThere: it was not approved.
    """
    hold_month(session, step)
    found = statements.statement(session, step.canteen_id, step.month)
    if found is not None and found.state in LOCKED:
        return
    found = statements.there(session, step.canteen_id, step.month, StatementState.APPROVED)
    if blocking:
        raise DifferencesOpen(count=blocking)
    if not pack.signature or (pack.canteen_id, pack.month) != (step.canteen_id, step.month):
        raise BooksMoved
    last = session.execute(
        select(col(LedgerTransaction.seq), col(LedgerTransaction.hash))
        .where(col(LedgerTransaction.canteen_id) == step.canteen_id, col(LedgerTransaction.period) == step.month.text)
        .order_by(col(LedgerTransaction.seq).desc())
        .limit(1)
    ).one_or_none()
    if last is not None and (last.seq, last.hash) != (pack.last_seq, pack.last_hash):
        raise BooksMoved
    if pack.previous_root != (last_root(session, step.canteen_id, step.month) or GENESIS_ROOT):
        raise BooksMoved
    files = [
        {
            "statement_id": found.id, "name": name, "sha256": hashlib.sha256(content).hexdigest(), "content": content,
            "built_at": step.now,
        }
        for name, content in pack.files.items()
    ]  # fmt: skip
    session.execute(insert(_FILE), files)
    advance(
        session,
        found,
        StatementState.LOCKED,
        step,
        locked_by=step.by,
        locked_at=step.now,
        merkle_root=pack.merkle_root,
        previous_root=pack.previous_root,
        signature=pack.signature,
        key_id=pack.key_id,
    )


_FILE = SQLModel.metadata.tables[str(StatementFile.__tablename__)]
