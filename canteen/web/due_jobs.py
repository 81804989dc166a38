"""Runs the jobs that fall due. The jobs are idempotent, so several processes may run them side by side."""

import asyncio
import importlib
import importlib.util
from collections.abc import Callable
from datetime import datetime
from typing import cast

import structlog

from canteen.clock import Clock
from canteen.db.database import Database

log = structlog.get_logger(__name__)

EVERY_S = 60.0
_MODULE = "canteen.usecases.run_jobs"


async def run_due(database: Database, now: datetime) -> None:
    """Once, off the loop."""
    if importlib.util.find_spec(_MODULE) is None:
        return
    run = cast(Callable[..., object], importlib.import_module(_MODULE).run_due_jobs)
    await asyncio.to_thread(run, database, now=now)


async def keep_running(database: Database, clock: Clock) -> None:
    """Every minute until cancelled; a failing round is logged and the next one comes."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await run_due(database, clock.now())
        except Exception:
            log.exception("due jobs failed")
