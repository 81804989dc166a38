"""Which job ran in which minute: one row each, held by a lease, so that of several processes one runs it.

All times are real time, also in demos. Whoever holds the lease proves it in the transaction of every step.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Index, Update, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

LEASE = timedelta(seconds=30)
"""Longer than any step takes: a holder that stays silent for this long is dead."""
KEEP = timedelta(days=3)
FORGET_AT_ONCE = 500


class JobRun(SQLModel, table=True):
    """One job in one minute. `ended_at` None: somebody is at it, or was until `lease_until`."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'done', 'failed')", name="job_run_outcome"),
        CheckConstraint("(ended_at IS NULL) = (outcome = '')", name="job_run_ended"),
        Index("job_run_open", "ended_at", "lease_until"),
    )
    name: str = Field(primary_key=True, max_length=40)
    slot: datetime = Field(primary_key=True)
    """The minute; a run by hand has the instant it began."""
    holder: str = Field(max_length=80)
    lease_until: datetime
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = Field(default="", max_length=6)
    done_count: int = 0
    """What the job counts: orders ended, menus closed…"""
    error: str = ""
    """Kind of error only; the log has the rest."""
    takeovers: int = 0
    """How often another process went on after its holder had died."""


class LeaseLost(Exception):
    """Another process has taken this run over: whoever lost it writes nothing more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One process's hold on one run."""

    name: str
    slot: datetime
    holder: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """How a job went last: `outcome` done, failed, or empty while it runs; `good_at` is when it was last done."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    done_count: int
    error: str
    good_at: datetime | None


def wanted(session: Session, names: Collection[str], slot: datetime, now: datetime) -> list[tuple[str, datetime]]:
    """Runs nobody is at: those of `slot` not begun yet, and earlier ones whose holder died. Oldest first."""
    begun = set(session.execute(select(col(JobRun.name)).where(col(JobRun.slot) == slot)).scalars())
    left_lying = session.execute(
        select(col(JobRun.name), col(JobRun.slot))
        .where(col(JobRun.ended_at).is_(None), col(JobRun.lease_until) <= now, col(JobRun.name).in_(names))
        .order_by(col(JobRun.slot))
    ).all()
    return [(name, at) for name, at in left_lying] + [(name, slot) for name in names if name not in begun]


def claim(session: Session, lease: Lease, *, now: datetime, length: timedelta = LEASE) -> bool:
    """Take a run nobody holds; False when somebody was quicker."""
    values = {
        "name": lease.name,
        "slot": lease.slot,
        "holder": lease.holder,
        "lease_until": now + length,
        "started_at": now,
        "outcome": "",
        "done_count": 0,
        "error": "",
        "takeovers": 0,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(JobRun).values(**values).on_conflict_do_nothing().returning(col(JobRun.name))
    if session.execute(new).first() is not None:
        return True
    return _changed(
        session,
        update(JobRun)
        .where(
            col(JobRun.name) == lease.name,
            col(JobRun.slot) == lease.slot,
            col(JobRun.ended_at).is_(None),
            col(JobRun.lease_until) <= now,
        )
        .values(holder=lease.holder, lease_until=now + length, takeovers=col(JobRun.takeovers) + 1),
    )


def hold(session: Session, lease: Lease, *, now: datetime, length: timedelta = LEASE) -> None:
    """Renew the lease, in the transaction of the step it is for.

    Raises:
        LeaseLost: it is another's now; the step must not be written.
    """
    if not _changed(session, update(JobRun).where(*_mine(lease)).values(lease_until=now + length)):
        raise LeaseLost(lease.name)


def finish(session: Session, lease: Lease, *, now: datetime, count: int, error: str = "") -> bool:
    """Write down how it went; False when another has taken it over meanwhile."""
    return _changed(
        session,
        update(JobRun)
        .where(*_mine(lease))
        .values(ended_at=now, outcome="failed" if error else "done", done_count=count, error=error[:200]),
    )


def last_runs(session: Session) -> dict[str, LastRun]:
    """The latest run of each job."""
    latest = select(col(JobRun.name), func.max(col(JobRun.slot)).label("slot")).group_by(col(JobRun.name)).subquery()
    good = dict(
        session.execute(
            select(col(JobRun.name), func.max(col(JobRun.ended_at)))
            .where(col(JobRun.outcome) == "done")
            .group_by(col(JobRun.name))
        ).all()
    )
    rows = session.execute(
        select(JobRun).join(latest, (latest.c.name == col(JobRun.name)) & (latest.c.slot == col(JobRun.slot)))
    ).scalars()
    return {
        run.name: LastRun(
            run.name, run.started_at, run.ended_at, run.outcome, run.done_count, run.error, good.get(run.name)
        )
        for run in rows
    }


def forget(session: Session, now: datetime) -> int:
    """Drop up to `FORGET_AT_ONCE` runs older than `KEEP`; returns how many."""
    old = (
        select(col(JobRun.name), col(JobRun.slot))
        .where(col(JobRun.ended_at) <= now - KEEP)
        .order_by(col(JobRun.slot))
        .limit(FORGET_AT_ONCE)
    )
    rows = session.execute(old).all()
    for name, slot in rows:
        session.execute(delete(JobRun).where(col(JobRun.name) == name, col(JobRun.slot) == slot))
    return len(rows)


def _mine(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        col(JobRun.name) == lease.name,
        col(JobRun.slot) == lease.slot,
        col(JobRun.holder) == lease.holder,
        col(JobRun.ended_at).is_(None),
    )


def _changed(session: Session, statement: Update) -> bool:
    asked = statement.returning(col(JobRun.name)).execution_options(synchronize_session=False)
    return session.execute(asked).first() is not None
