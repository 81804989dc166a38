"""Several processes and one clock: each minute of each job runs once, and a process that dies in the middle loses nothing."""

from collections import Counter

from sqlmodel import Session, select

from canteen.audit.job_runs import JobRun
from canteen.audit.models import AuditEntry
from canteen.orders.models import MealOrder
from canteen.readmodels.invariants import check
from canteen.web.due_jobs import JOBS
from tests.faults.minutes import ACTION, run_minutes
from tests.support.world import World

ORDERS = 24
MINUTES = 3


def _waiting_orders(world: World) -> None:
    elders = world.add_elders(ORDERS)
    world.stock(ORDERS + 10)
    world.place_all(elders, world.items["longcheng"]["soft"])


def _runs(session: Session) -> list[JobRun]:
    return list(session.exec(select(JobRun)).all())


def _times(session: Session, action: str) -> Counter[str]:
    return Counter(session.exec(select(AuditEntry.subject).where(AuditEntry.action == action)).all())


def _statuses(session: Session) -> Counter[str]:
    return Counter(session.exec(select(MealOrder.status)).all())


def _check_once_each(world: World) -> None:
    runs = world.database.read_sync(_runs)
    assert {run.outcome for run in runs} == {"done"}
    assert Counter(run.name for run in runs) == dict.fromkeys(["leave-a-trace", *(job.name for job in JOBS)], MINUTES)
    traces = world.database.read_sync(_times, ACTION)
    assert len(traces) == MINUTES
    assert set(traces.values()) == {1}
    ended = world.database.read_sync(_times, "order.expired")
    assert len(ended) == ORDERS
    assert set(ended.values()) == {1}
    assert world.database.read_sync(_statuses) == {"expired": ORDERS}
    assert [found.name for found in world.database.read_sync(check) if not found.ok] == []


def test_four_processes_run_each_minute_once(either_world: World) -> None:
    """Unpaid orders end once each, whoever ends them."""
    _waiting_orders(either_world)

    run_minutes(either_world, processes=4, minutes=MINUTES, lease_s=30)

    _check_once_each(either_world)


def test_a_process_killed_in_the_middle_loses_nothing(either_world: World) -> None:
    """It had ended eight orders of the first minute; another takes that minute over and ends the rest."""
    _waiting_orders(either_world)

    run_minutes(either_world, processes=4, minutes=MINUTES, lease_s=3, die=True)

    taken = [run for run in either_world.database.read_sync(_runs) if run.takeovers]
    assert [run.name for run in taken] == ["end-orders"]
    _check_once_each(either_world)
