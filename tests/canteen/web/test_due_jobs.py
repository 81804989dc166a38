"""The jobs: what falls due is done once, a minute has one run whoever looks, the dead are taken over, failures are told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from canteen.audit import job_runs
from canteen.audit.job_runs import JobRun, Lease, LeaseLost, last_runs
from canteen.readmodels.job_list import job_list
from canteen.web.due_jobs import JOBS, Job, Turn, run_due, run_slot
from menus.models import Menu
from tests.support.world import World

REAL = datetime(2026, 11, 23, 3, 0, 20, tzinfo=UTC)
SHORT = timedelta(seconds=1)


def _statuses(session: Session) -> set[str]:
    return set(session.exec(select(Menu.status)).all())


def _runs(world: World) -> list[JobRun]:
    return world.database.read_sync(lambda session: list(session.exec(select(JobRun).order_by("slot")).all()))


async def test_after_the_meal_orders_end_and_menus_close(world: World) -> None:
    """At 10:50 nothing is due; half an hour after lunch everything is; again, nothing."""
    world.place("elder82", "soft", method="cash")

    assert (await run_due(world.database, world.sealer, world.now))["end-orders"] == 0
    assert world.database.read_sync(_statuses) == {"published"}
    later = await run_due(world.database, world.sealer, world.now + timedelta(hours=3))
    assert (later["end-orders"], later["close-menus"]) == (1, 2)
    assert world.database.read_sync(_statuses) == {"closed"}
    assert sum((await run_due(world.database, world.sealer, world.now + timedelta(hours=3))).values()) == 0


async def test_a_minute_is_done_once(either_world: World) -> None:
    """Whoever looks again in the same minute finds nothing to do; the next minute is another."""
    database = either_world.database

    first = await run_slot(database, either_world.sealer, either_world.now, REAL)
    again = await run_slot(database, either_world.sealer, either_world.now, REAL + timedelta(seconds=30))
    next_minute = await run_slot(database, either_world.sealer, either_world.now, REAL + timedelta(seconds=60))

    assert set(first) == set(next_minute) == {job.name for job in JOBS}
    assert again == {}


async def test_only_the_holder_of_a_lease_writes(either_world: World) -> None:
    """A process that slept through its lease has lost it: its step is not written."""
    database = either_world.database
    sleeper, waker = Lease("end-orders", REAL, "one:1"), Lease("end-orders", REAL, "two:2")

    assert database.write_sync(job_runs.claim, sleeper, now=REAL, length=SHORT)
    assert not database.write_sync(job_runs.claim, waker, now=REAL, length=SHORT)
    assert database.write_sync(job_runs.claim, waker, now=REAL + SHORT, length=SHORT)

    with pytest.raises(LeaseLost):
        await Turn(database, either_world.sealer, either_world.now, sleeper).write(lambda _: None)
    assert not database.write_sync(job_runs.finish, sleeper, now=REAL, count=1)
    assert database.write_sync(job_runs.finish, waker, now=REAL, count=1)
    [run] = _runs(either_world)
    assert (run.holder, run.takeovers, run.done_count) == ("two:2", 1, 1)


async def test_what_a_dead_process_left_lying_is_done_by_another(world: World) -> None:
    """Also when nobody looked in the minute it died."""
    dead = Lease("close-menus", REAL.replace(second=0), "dead:1")
    world.database.write_sync(job_runs.claim, dead, now=REAL, length=SHORT)

    await run_slot(world.database, world.sealer, world.now, REAL + timedelta(minutes=5))

    taken = [run for run in _runs(world) if run.takeovers]
    assert [(run.name, run.outcome) for run in taken] == [("close-menus", "done")]


async def test_a_job_that_fails_is_told_and_hinders_no_other(world: World) -> None:
    async def broken(_: Turn) -> int:
        raise ValueError("with something private in it")

    async def well(turn: Turn) -> int:
        return await turn.write(lambda _: 3)

    jobs = (Job("broken", broken), Job("well", well))

    done = await run_slot(world.database, world.sealer, world.now, REAL, jobs=jobs)

    runs = world.database.read_sync(last_runs)
    assert done == {"broken": 0, "well": 3}
    assert (runs["broken"].outcome, runs["broken"].error) == ("failed", "ValueError")
    assert (runs["well"].outcome, runs["well"].done_count) == ("done", 3)
    lines = world.database.read_sync(job_list, ["broken", "well", "new"], datetime.now(UTC))
    assert [line.state for line in lines] == ["failed", "done", "never"]


async def test_runs_of_days_ago_are_forgotten(world: World) -> None:
    old = Lease("end-orders", REAL - timedelta(days=9), "gone:1")
    world.database.write_sync(job_runs.claim, old, now=old.slot)
    world.database.write_sync(job_runs.finish, old, now=old.slot, count=0)

    assert world.database.write_sync(job_runs.forget, REAL) == 1
    assert _runs(world) == []


def test_health_says_when_the_jobs_ran_last(world: World) -> None:
    with world.client() as client:
        before = client.get("/health").json()
        world.database.write_sync(job_runs.claim, Lease("end-orders", REAL, "one:1"), now=REAL)
        world.database.write_sync(
            job_runs.finish, Lease("end-orders", REAL, "one:1"), now=REAL, count=0, error="ValueError"
        )
        after = client.get("/health").json()

    assert (before["jobs_ran_at"], before["jobs_failing"]) == ("", [])
    assert (after["jobs_ran_at"], after["jobs_failing"]) == (REAL.isoformat(timespec="seconds"), ["end-orders"])
    assert after["status"] == "ok"
