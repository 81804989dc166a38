"""Runs the jobs that fall due. They are idempotent and go in small steps, so several processes may run them at once."""

import asyncio
from datetime import UTC, datetime

import structlog

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.people.web_sessions import drop_ended
from canteen.readmodels.due_meals import due_menus
from canteen.usecases.close_menu import EndedMeal, close_menu
from canteen.usecases.end_orders import end_orders
from canteen.usecases.steps.collecting import AROUND_MEAL

log = structlog.get_logger(__name__)

EVERY_S = 60.0


async def run_due(database: Database, now: datetime) -> int:
    """Once, by the business clock `now`; returns how many orders ended. Each step is its own short transaction."""
    ended = 0
    while count := await database.write(end_orders, now=now):
        ended += count
    for kitchen_id, day, meal in await database.read(due_menus, now=now, after=AROUND_MEAL):
        await database.write(close_menu, EndedMeal(kitchen_id, day, meal), now=now, actor="job:close-menus")
    await database.write(drop_ended, datetime.now(UTC))
    return ended


async def keep_running(database: Database, clock: Clock) -> None:
    """Every minute until cancelled; a failing round is logged and the next one comes."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await run_due(database, clock.now())
        except Exception:
            log.exception("due jobs failed")
