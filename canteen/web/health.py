"""`/health`: whether this process can answer, for supervisors and tests."""

from datetime import UTC
from importlib.metadata import PackageNotFoundError, version

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, text

from canteen.audit.job_runs import last_runs
from canteen.clock import Clock
from canteen.db.database import Database
from canteen.settings import Settings
from menus.service_days import business_day


class Health(msgspec.Struct, frozen=True):
    """`now` is the business clock, which in demo mode is not the machine's."""

    status: str
    """ok · broken."""
    database: str
    """sqlite · postgresql · unreachable."""
    now: str
    """ISO 8601, UTC."""
    business_day: str
    demo: bool
    version: str
    jobs_ran_at: str = ""
    """When a job was last begun, in real time; empty: never."""
    jobs_failing: tuple[str, ...] = ()
    """Jobs whose last run went wrong; the log says how."""


def app_version() -> str:
    """The installed version; `0` from a tree that was never installed."""
    try:
        return version("nuancan")
    except PackageNotFoundError:
        return "0"


def _ask(session: Session) -> tuple[str, tuple[str, ...]]:
    """When jobs ran last and which fail; asks the database in any case."""
    session.execute(text("SELECT 1"))
    runs = last_runs(session).values()
    begun = max((run.started_at for run in runs), default=None)
    failing = tuple(sorted(run.name for run in runs if run.outcome == "failed"))
    return begun.astimezone(UTC).isoformat(timespec="seconds") if begun else "", failing


@get("/health")
async def health(
    database: NamedDependency[Database], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Response[Health]:
    """503 when the database does not answer."""
    ran_at, failing = "", tuple[str, ...]()
    try:
        ran_at, failing = await database.read(_ask)
    except SQLAlchemyError:
        reachable = False
    else:
        reachable = True
    now = clock.now()
    kind = "sqlite" if database.is_sqlite else "postgresql"
    return Response(
        Health(
            status="ok" if reachable else "broken",
            database=kind if reachable else "unreachable",
            now=now.astimezone(UTC).isoformat(timespec="seconds"),
            business_day=business_day(now).isoformat(),
            demo=settings.demo,
            version=app_version(),
            jobs_ran_at=ran_at,
            jobs_failing=failing,
        ),
        status_code=200 if reachable else 503,
    )
