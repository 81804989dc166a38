"""The jobs that fall due, once a minute whatever the number of processes, or by hand.

Each minute of each job is one row with a lease (`canteen.audit.job_runs`); work goes in steps of one short write each, and a
step is written only while the lease is held. What a dead process left lying is taken over by whoever looks next.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlmodel import Session

from canteen.audit import job_runs
from canteen.audit.job_runs import LEASE, Lease, LeaseLost
from canteen.clock import Clock
from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import drop_ended
from canteen.readmodels.call_checks import undrawn
from canteen.readmodels.due_meals import due_menus
from canteen.readmodels.retention import retention
from canteen.sites.pairing import lapse_codes
from canteen.usecases.close_menu import MenuOf, close_menu
from canteen.usecases.draw_calls import draw_calls
from canteen.usecases.end_orders import end_orders
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.usecases.top_up_portions import top_up_portions
from canteen.web.importing import Importer
from menus import top_ups
from menus.service_days import business_day
from subsidies.months import month_of

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 10.0
"""How often a process asks whether a minute is still to be done: a dead one's work waits for its lease and this."""


@dataclass(frozen=True)
class Turn:
    """One run of one job. `now` is the canteen's clock; `lease` None: without a row, as tests and the demo bar do."""

    database: Database
    sealer: Sealer
    now: datetime
    lease: Lease | None = None
    length: timedelta = LEASE

    async def write(self, step: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One step in one transaction.

        Raises:
            LeaseLost: another process does this job now; nothing of the step is kept.
        """

        def held(session: Session) -> T:
            if self.lease is not None:
                job_runs.hold(session, self.lease, now=datetime.now(UTC), length=self.length)
            return step(session, *args, **kwargs)

        return await self.database.write(held)


@dataclass(frozen=True)
class Job:
    """Something that falls due. Its words are `jobs.{name}`; `run` returns how many things it did."""

    name: str
    run: Callable[[Turn], Awaitable[int]]


async def _end_orders(turn: Turn) -> int:
    ended = 0
    while count := await turn.write(end_orders, now=turn.now):
        ended += count
    return ended


async def _close_menus(turn: Turn) -> int:
    closed = 0
    for kitchen_id, day, meal in await turn.database.read(due_menus, now=turn.now, after=AROUND_MEAL):
        ended = MenuOf(kitchen_id, day, meal)
        closed += await turn.write(close_menu, ended, now=turn.now, actor="job:close-menus")
    return closed


async def _top_up_portions(turn: Turn) -> int:
    applied = 0
    for top_up_id in await turn.database.read(top_ups.due, turn.now):
        done = await turn.write(top_up_portions, top_up_id, now=turn.now, actor="job:top-up-portions")
        applied += done is not None
    return applied


async def _draw_calls(turn: Turn) -> int:
    month = month_of(business_day(turn.now)).previous.text
    drawn = 0
    for canteen_id in await turn.database.read(undrawn, month):
        drawn += await turn.write(draw_calls, canteen_id, month, now=turn.now, actor="job:draw-calls")
    return drawn


async def _list_retention(turn: Turn) -> int:
    return (await turn.database.read(retention, now=turn.now)).over


async def _drop_sessions(turn: Turn) -> int:
    dropped = 0
    while count := await turn.write(drop_ended, datetime.now(UTC)):
        dropped += count
    return dropped


async def _lapse_codes(turn: Turn) -> int:
    return await turn.write(lapse_codes, datetime.now(UTC))


async def _end_imports(turn: Turn) -> int:
    # in a thread, for it blocks; imports have a lease of their own, so this one need not last as long as a list
    return await asyncio.to_thread(Importer(turn.database, turn.sealer, turn.now).sweep)


async def _forget_runs(turn: Turn) -> int:
    return await turn.write(job_runs.forget, datetime.now(UTC))


JOBS: tuple[Job, ...] = (
    Job("top-up-portions", _top_up_portions),
    Job("end-orders", _end_orders),
    Job("close-menus", _close_menus),
    Job("draw-calls", _draw_calls),
    Job("drop-sessions", _drop_sessions),
    Job("lapse-codes", _lapse_codes),
    Job("forget-runs", _forget_runs),
    Job("list-retention", _list_retention),
    Job("end-imports", _end_imports),
)
"""In this order: what waits for its meal ends before the menu closes, and what may take minutes hinders nobody."""


def holder() -> str:
    """Who we are, for the row and the log."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def minute(at: datetime) -> datetime:
    """The slot `at` lies in."""
    return at.replace(second=0, microsecond=0)


async def run_slot(
    database: Database,
    sealer: Sealer,
    now: datetime,
    real_now: datetime,
    *,
    jobs: Sequence[Job] = JOBS,
    length: timedelta = LEASE,
    slot: datetime | None = None,
) -> dict[str, int]:
    """Do what nobody has begun of this minute, and what a dead process left lying; returns what each job counted."""
    known = {job.name: job for job in jobs}
    done: dict[str, int] = {}
    for name, at in await database.read(job_runs.wanted, list(known), slot or minute(real_now), real_now):
        lease = Lease(name, at, holder())
        if await database.write(job_runs.claim, lease, now=datetime.now(UTC), length=length):
            done[name] = done.get(name, 0) + await _run(known[name], Turn(database, sealer, now, lease, length))
    return done


async def run_due(database: Database, sealer: Sealer, now: datetime, names: Sequence[str] = ()) -> dict[str, int]:
    """By hand, whatever ran this minute already: all jobs, or those named. `now` is the canteen's clock."""
    jobs = [job for job in JOBS if not names or job.name in names]
    real_now = datetime.now(UTC)
    return await run_slot(database, sealer, now, real_now, jobs=jobs, slot=real_now)


async def keep_running(database: Database, sealer: Sealer, clock: Clock) -> None:
    """Every minute until cancelled; a failing round is logged and the next one comes."""
    while True:
        try:
            await run_slot(database, sealer, clock.now(), datetime.now(UTC))
        except Exception:
            log.exception("jobs could not be looked at")
        await asyncio.sleep(LOOK_EVERY_S)


async def _run(job: Job, turn: Turn) -> int:
    """One job; what goes wrong is written down and hinders no other job."""
    count, error = 0, ""
    try:
        count = await job.run(turn)
    except LeaseLost:
        log.warning("job taken over by another process", job=job.name)
        return 0
    except Exception as failure:
        error = getattr(failure, "code", "") or type(failure).__name__
        log.exception("job failed", job=job.name)
    if turn.lease is not None:
        await turn.database.write(job_runs.finish, turn.lease, now=datetime.now(UTC), count=count, error=error)
    return count
