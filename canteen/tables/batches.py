"""Imports on their way: opened, filled, taken up by one run at a time, ended; staged rows go as they are done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, SQLModel, col
from ulid import ULID

from canteen.tables.errors import BatchBusy, BatchUnknown
from canteen.tables.kinds import ImportKind
from canteen.tables.models import BatchState, ImportBatch, ImportRow, Verdict

LEFT_AFTER = timedelta(seconds=30)
"""A run that has not moved for so long has died; another may take its place."""
KEPT_FOR = timedelta(hours=24)
"""How long a dry run waits for its yes."""
ENDED = frozenset({BatchState.DONE, BatchState.DROPPED})

_ROW = SQLModel.metadata.tables[str(ImportRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A file about to be put aside."""

    kind: ImportKind
    file_name: str
    scope: str
    by: str
    counts: dict[Verdict, int]
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchView:
    """One import."""

    id: str
    kind: ImportKind
    file_name: str
    scope: str
    state: BatchState
    by: str
    began_at: datetime
    touched_at: datetime
    new: int
    changed: int
    same: int
    bad: int
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One line put aside."""

    line: int
    verdict: Verdict
    sealed: bytes
    target: str


def new_key(now: datetime) -> str:
    """Of a batch not stored yet: rows are sealed for it beforehand."""
    return str(ULID.from_datetime(now))


def open_batch(session: Session, key: str, new: NewBatch, *, now: datetime, real_now: datetime) -> None:
    """Begin to put a file aside."""
    session.execute(
        insert(ImportBatch).values(
            id=key,
            kind=new.kind.value,
            file_name=new.file_name[:120],
            scope=new.scope,
            state=BatchState.STAGING.value,
            by=new.by,
            began_at=now,
            touched_at=real_now,
            taken_by="",
            new_count=new.counts[Verdict.NEW],
            changed_count=new.counts[Verdict.CHANGE],
            same_count=new.counts[Verdict.SAME],
            bad_count=new.counts[Verdict.BAD],
            told=new.told,
        )
    )


def add_rows(session: Session, key: str, rows: Sequence[StagedRow]) -> None:
    """Some lines more."""
    session.execute(
        insert(_ROW),
        [
            {"batch_id": key, "line": r.line, "verdict": r.verdict.value, "sealed": r.sealed, "target": r.target}
            for r in rows
        ],
    )


def batch(session: Session, key: str) -> BatchView:
    """One import. Raises: BatchUnknown."""
    row = session.execute(
        select(
            col(ImportBatch.id), col(ImportBatch.kind), col(ImportBatch.file_name), col(ImportBatch.scope),
            col(ImportBatch.state), col(ImportBatch.by), col(ImportBatch.began_at), col(ImportBatch.touched_at),
            col(ImportBatch.new_count), col(ImportBatch.changed_count), col(ImportBatch.same_count),
            col(ImportBatch.bad_count), col(ImportBatch.told),
        ).where(col(ImportBatch.id) == key)
    ).first()  # fmt: skip
    if row is None:
        raise BatchUnknown
    key, kind, name, scope, state, *rest = row
    return BatchView(key, ImportKind(kind), name, scope, BatchState(state), *rest)


def take(session: Session, key: str, *, run: str, real_now: datetime) -> BatchView:
    """This run works on the import from now on.

    Raises:
        BatchUnknown: no such import, or it has ended.
        BatchBusy: another run has moved a moment ago, or rows are still being put aside.
    """
    found = batch(session, key)
    if found.state in ENDED:
        raise BatchUnknown
    taken = session.execute(select(col(ImportBatch.taken_by)).where(col(ImportBatch.id) == key)).scalar_one()
    is_left = real_now - found.touched_at > LEFT_AFTER
    if found.state is BatchState.STAGING or (taken not in {"", run} and not is_left):
        raise BatchBusy
    session.execute(
        update(ImportBatch)
        .where(col(ImportBatch.id) == key)
        .values(taken_by=run, touched_at=real_now)
        .execution_options(synchronize_session=False)
    )
    return found


def step(
    session: Session,
    key: str,
    *,
    run: str,
    real_now: datetime,
    state: BatchState | None = None,
    ended_at: datetime | None = None,
) -> None:
    """Another step of the run, with a new state when it has one.

    Raises:
        BatchBusy: somebody else took the import meanwhile; this step undoes itself.
    """
    values: dict[str, Any] = {"touched_at": real_now}
    if state is not None:
        values["state"] = state.value
    if ended_at is not None:
        values["ended_at"] = ended_at
        values["taken_by"] = ""
    moved = session.execute(
        update(ImportBatch)
        .where(col(ImportBatch.id) == key, col(ImportBatch.taken_by) == run)
        .values(**values)
        .returning(col(ImportBatch.id))
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise BatchBusy


def release(session: Session, key: str, *, run: str) -> None:
    """Nobody works on it any more."""
    session.execute(
        update(ImportBatch)
        .where(col(ImportBatch.id) == key, col(ImportBatch.taken_by) == run)
        .values(taken_by="")
        .execution_options(synchronize_session=False)
    )


def rows(
    session: Session, key: str, verdicts: Iterable[Verdict], *, after: int = 0, most: int = 500
) -> tuple[StagedRow, ...]:
    """Lines still put aside, in order, from the one after `after`."""
    found = session.execute(
        select(col(ImportRow.line), col(ImportRow.verdict), col(ImportRow.sealed), col(ImportRow.target))
        .where(
            col(ImportRow.batch_id) == key,
            col(ImportRow.line) > after,
            col(ImportRow.verdict).in_([verdict.value for verdict in verdicts]),
        )
        .order_by(col(ImportRow.line))
        .limit(most)
    )
    return tuple(StagedRow(line, Verdict(verdict), sealed, target) for line, verdict, sealed, target in found)


def has_rows(session: Session, key: str, verdicts: Iterable[Verdict]) -> bool:
    """Whether such lines are still put aside."""
    wanted = [verdict.value for verdict in verdicts]
    some = select(col(ImportRow.line)).where(col(ImportRow.batch_id) == key, col(ImportRow.verdict).in_(wanted))
    return session.execute(some.limit(1)).first() is not None


def aim(session: Session, key: str, targets: Sequence[tuple[int, str]]) -> None:
    """Remember whose files lines have made: (line, key)."""
    statement = (
        update(_ROW)
        .where(_ROW.c.batch_id == key, _ROW.c.line == bindparam("the_line"))
        .values(target=bindparam("the_target"))
    )
    session.execute(statement, [{"the_line": line, "the_target": target} for line, target in targets])


def forget(session: Session, key: str, lines: Sequence[int]) -> None:
    """These lines are done."""
    session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == key, col(ImportRow.line).in_(lines)))


def forget_some(session: Session, key: str, *, most: int) -> int:
    """The first lines, whatever they are; returns how many went."""
    lines = (
        session.execute(
            select(col(ImportRow.line)).where(col(ImportRow.batch_id) == key).order_by(col(ImportRow.line)).limit(most)
        )
        .scalars()
        .all()
    )
    if lines:
        forget(session, key, lines)
    return len(lines)


def stale(session: Session, *, real_now: datetime) -> tuple[str, ...]:
    """Dry runs nobody has said yes to for a day."""
    found = session.execute(
        select(col(ImportBatch.id)).where(
            col(ImportBatch.state).in_([BatchState.STAGING.value, BatchState.CHECKED.value]),
            col(ImportBatch.touched_at) < real_now - KEPT_FOR,
        )
    )
    return tuple(found.scalars())


def unfinished(session: Session, *, real_now: datetime) -> tuple[str, ...]:
    """Imports whose run died: decided ones to be finished, others to be dropped."""
    found = session.execute(
        select(col(ImportBatch.id)).where(
            col(ImportBatch.state).in_([BatchState.ARRIVING.value, BatchState.APPLIED.value]),
            col(ImportBatch.touched_at) < real_now - LEFT_AFTER,
        )
    )
    return tuple(found.scalars())


def latest(session: Session, by: str, kinds: Iterable[ImportKind], *, most: int = 5) -> tuple[BatchView, ...]:
    """Somebody's last imports, newest first."""
    keys = session.execute(
        select(col(ImportBatch.id))
        .where(col(ImportBatch.by) == by, col(ImportBatch.kind).in_([kind.value for kind in kinds]))
        .order_by(col(ImportBatch.began_at).desc(), col(ImportBatch.id).desc())
        .limit(most)
    ).scalars()
    return tuple(batch(session, key) for key in keys.all())


def rows_of_first(session: Session, key: str, *, targets: int) -> tuple[StagedRow, ...]:
    """New and changed lines of the first few targets: what belongs together comes together."""
    wanted = [Verdict.NEW.value, Verdict.CHANGE.value]
    first = (
        select(col(ImportRow.target))
        .where(col(ImportRow.batch_id) == key, col(ImportRow.verdict).in_(wanted))
        .distinct()
        .order_by(col(ImportRow.target))
        .limit(targets)
    )
    found = session.execute(
        select(col(ImportRow.line), col(ImportRow.verdict), col(ImportRow.sealed), col(ImportRow.target))
        .where(
            col(ImportRow.batch_id) == key,
            col(ImportRow.verdict).in_(wanted),
            col(ImportRow.target).in_(first.scalar_subquery()),
        )
        .order_by(col(ImportRow.target), col(ImportRow.line))
    )
    return tuple(StagedRow(line, Verdict(verdict), sealed, target) for line, verdict, sealed, target in found)


def seize(session: Session, key: str, *, run: str, real_now: datetime) -> None:
    """Take what nobody has touched for a day, whatever it was in the middle of."""
    session.execute(
        update(ImportBatch)
        .where(col(ImportBatch.id) == key, col(ImportBatch.touched_at) < real_now - KEPT_FOR)
        .values(taken_by=run)
        .execution_options(synchronize_session=False)
    )
