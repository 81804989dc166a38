"""A dry run is put aside, some lines at a time, until somebody says yes to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.tables import batches
from canteen.tables.batches import NewBatch, StagedRow
from canteen.tables.models import BatchState, Verdict


def open_import(session: Session, key: str, new: NewBatch, *, now: datetime, real_now: datetime) -> None:
    """Begin."""
    batches.open_batch(session, key, new, now=now, real_now=real_now)


def stage_rows(session: Session, key: str, rows: Sequence[StagedRow], *, real_now: datetime) -> None:
    """Some lines more, already sealed."""
    batches.add_rows(session, key, rows)
    batches.step(session, key, run="", real_now=real_now)


def end_staging(session: Session, key: str, *, now: datetime, real_now: datetime) -> None:
    """All lines are there. Written down, for somebody now holds a list of people on our disk."""
    batches.step(session, key, run="", real_now=real_now, state=BatchState.CHECKED)
    found = batches.batch(session, key)
    log.record(
        session,
        at=now,
        actor=found.by,
        action="import.checked",
        subject=f"import:{key}",
        details={"kind": found.kind.value, "scope": found.scope, **counts(found)},
    )


def counts(found: batches.BatchView) -> dict[str, int]:
    """Lines by verdict, for the log."""
    pairs = zip(Verdict, (found.new, found.changed, found.same, found.bad), strict=True)
    return {verdict.value: count for verdict, count in pairs}
