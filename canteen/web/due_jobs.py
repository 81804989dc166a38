"""Runs the jobs that fall due. Each is idempotent and works in small transactions, so several processes may run them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.readmodels.due_meals import due_menus
from canteen.usecases.close_menu import EndedMeal, close_menu
from canteen.usecases.end_orders import end_orders
from canteen.usecases.steps.collecting import AROUND_MEAL

log = structlog.get_logger(__name__)

EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class JobsDone:
    """What one round did."""

    orders_ended: int
    menus_closed: int


def run_due_jobs(database: Database, *, now: datetime) -> JobsDone:
    """End orders whose meal is over, close its menus. Running it again, or twice at once, changes nothing more."""
    ended = 0
    while count := database.write_sync(end_orders, now=now):
        ended += count
    closed = 0
    for kitchen_id, day, meal in database.read_sync(due_menus, now=now, after=AROUND_MEAL):
        closed += database.write_sync(close_menu, EndedMeal(kitchen_id, day, meal), now=now, actor="job:close-menus")
    return JobsDone(ended, closed)


async def run_due(database: Database, now: datetime) -> None:
    """One round, off the loop."""
    await asyncio.to_thread(run_due_jobs, database, now=now)


async def keep_running(database: Database, clock: Clock) -> None:
    """Every minute until cancelled; a failing round is logged and the next one comes."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await run_due(database, clock.now())
        except Exception:
            log.exception("due jobs failed")
