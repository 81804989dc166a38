"""Other processes running the jobs: `python -m tests.faults.minutes URL PROCESSES MINUTES LEASE_S [die]`.

Each process looks at every minute, as servers do. With `die` the first one kills itself in the middle of its work. A job of the
test's own leaves one audit entry for each run, beside the real ones.
"""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from sqlmodel import Session

from canteen.audit import log
from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.usecases.end_orders import AT_ONCE, end_orders
from canteen.web.due_jobs import JOBS, Job, Turn, run_slot
from tests.canteen.building import NOW
from tests.support.world_contents import SECRET

if TYPE_CHECKING:
    from tests.support.world import World

FIRST = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
AFTER_LUNCH = NOW + timedelta(hours=3)
ACTION = "test.minute"
_LONGEST_S = 120


def run_minutes(world: "World", *, processes: int, minutes: int, lease_s: float, die: bool = False) -> None:
    """Until every process has seen every minute (one may have died)."""
    arguments = [world.database.url, str(processes), str(minutes), str(lease_s), *(["die"] if die else [])]
    subprocess.run(
        [sys.executable, "-m", "tests.faults.minutes", *arguments], check=True, timeout=_LONGEST_S, capture_output=True
    )


def _note(session: Session, slot: str) -> None:
    log.record(session, at=AFTER_LUNCH, actor=f"process:{os.getpid()}", action=ACTION, subject=slot)


async def _leave_a_trace(turn: Turn) -> int:
    assert turn.lease is not None
    await turn.write(_note, turn.lease.slot.isoformat())
    return 1


async def _end_some_and_die(turn: Turn) -> int:
    """As the real job, but the plug is pulled when some orders have ended and some have not."""
    assert await turn.write(end_orders, now=turn.now) == AT_ONCE
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


async def _look(database: Database, jobs: tuple[Job, ...], minutes: int, lease_s: float, *, once_more: bool) -> None:
    length = timedelta(seconds=lease_s)
    for minute in range(minutes):
        slot = FIRST + timedelta(minutes=minute)
        await run_slot(database, Sealer(SECRET), AFTER_LUNCH, datetime.now(UTC), jobs=jobs, length=length, slot=slot)
    if not once_more:
        return
    # as servers do, look again when a dead one's lease has run out
    await asyncio.sleep(lease_s * 1.2)
    await run_slot(database, Sealer(SECRET), AFTER_LUNCH, datetime.now(UTC), jobs=jobs, length=length, slot=FIRST)


def _process(url: str, minutes: int, lease_s: float, dies: bool, barrier: Barrier) -> None:
    database = Database(url)
    trace = Job("leave-a-trace", _leave_a_trace)
    jobs = (trace, *JOBS)
    if dies:
        jobs = tuple(Job(job.name, _end_some_and_die) if job.name == "end-orders" else job for job in jobs)
    barrier.wait()
    asyncio.run(_look(database, jobs, minutes, lease_s, once_more=sys.argv[5:] == ["die"]))
    database.close()


def _main() -> None:
    url, processes, minutes, lease_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    die = sys.argv[5:] == ["die"]
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(processes - die)
    first = fork.Process(target=_process, args=(url, minutes, lease_s, True, fork.Barrier(1))) if die else None
    if first is not None:
        first.start()
        first.join()
        assert first.exitcode == -signal.SIGKILL, first.exitcode
    others = [
        fork.Process(target=_process, args=(url, minutes, lease_s, False, barrier)) for _ in range(processes - die)
    ]
    for process in others:
        process.start()
    for process in others:
        process.join()
        assert process.exitcode == 0, process.exitcode


if __name__ == "__main__":
    _main()
