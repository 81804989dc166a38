"""The demo clock bar: moves the marked clock forward, never back, and runs what falls due on the way."""

from datetime import UTC, datetime, time, timedelta

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlmodel import Session, col, select

from canteen.clock import Clock, DemoClock, move_demo_clock, read_demo_clock
from canteen.db.database import Database
from canteen.demo.kitchens import publish_coming
from canteen.events import CanteenChanged, Events
from canteen.people.sealed import Sealer
from canteen.readmodels.front_page import front_canteens
from canteen.settings import Settings
from canteen.sites.models import ServiceHours
from canteen.web.due_jobs import run_due
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.live import TOPICS
from canteen.web.templates import PageRequest
from menus.service_days import LOCAL

START = time(10, 50)
"""The demo opens ten minutes into the lunch queue's build-up."""


def wanted_time(session: Session, move: str, now: datetime) -> datetime:
    """Where a button of the bar leads: `plus10`, `meal_end`, `next_month`."""
    local = now.astimezone(LOCAL)
    if move == "meal_end":
        closes = session.execute(
            select(col(ServiceHours.closes))
            .where(col(ServiceHours.weekday) == local.weekday(), col(ServiceHours.closes) > local.time())
            .order_by(col(ServiceHours.closes))
        ).first()
        if closes is not None:
            end = datetime.combine(local.date(), closes[0], LOCAL)
        else:
            end = datetime.combine(local.date() + timedelta(days=1), START, LOCAL)
        return end.astimezone(UTC)
    if move == "next_month":
        first = (local.date().replace(day=1) + timedelta(days=32)).replace(day=2)
        return datetime.combine(first, START, LOCAL).astimezone(UTC)
    return now + timedelta(minutes=10)


def start_demo_clock(session: Session, real_at: datetime) -> None:
    """A database without a demo clock gets one at 10:50 of today."""
    if read_demo_clock(session) is None:
        today = real_at.astimezone(LOCAL).date()
        move_demo_clock(session, datetime.combine(today, START, LOCAL).astimezone(UTC), real_at=real_at)


def follow_demo_clock(session: Session, clock: DemoClock) -> None:
    """Take over what another process or the bar has set."""
    row = read_demo_clock(session)
    if row is not None:
        clock.set(row.shown_at, row.real_at)


@post("/demo/clock", status_code=303)
async def move_clock(
    *,
    request: PageRequest,
    form: NamedDependency[Form],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    events: NamedDependency[Events],
) -> Response[None]:
    """Only in demo mode; anyone who sees the bar may press it."""
    if not settings.demo or not isinstance(clock, DemoClock):
        raise NotFoundException
    target = await database.read(wanted_time, form.raw("move"), clock.now())
    real_at = datetime.now(UTC)
    shown_at = await database.write(move_demo_clock, target, real_at=real_at)
    clock.set(shown_at, real_at)
    await database.write(publish_coming, now=clock.now())
    await run_due(database, sealer, clock.now())
    for canteen in await database.read(front_canteens):
        for topic in sorted(TOPICS):
            events.publish(CanteenChanged(canteen.id, topic))
    came_from = request.headers.get("referer", "").partition(request.headers.get("host", "//"))[2]
    return Redirect(local_path(came_from), status_code=303)
