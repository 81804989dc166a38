"""The composition root: `create_app(settings)` wires everything, and nothing before it opens anything."""

import asyncio
import contextlib
import gc
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.static_files import create_static_files_router
from sqlalchemy.exc import SQLAlchemyError

from canteen.audit_pack.keys import kept_signer
from canteen.clock import Clock, DemoClock, SystemClock
from canteen.db.database import Database
from canteen.events import Events
from canteen.people.accounts import Actor
from canteen.people.sealed import Sealer
from canteen.people.tokens import derived_secret
from canteen.people.web_sessions import OpenSession
from canteen.settings import Settings, from_environment
from canteen.sites.pairing import DeviceView
from canteen.web import demo_bar, due_jobs, entitled, front, health, live, openapi, pairing, photos, signin
from canteen.web.api.routes import router as api_router
from canteen.web.errors import answer_http, answer_other
from canteen.web.forms import read_form
from canteen.web.kiosk.routes import router as kiosk_router
from canteen.web.logs import configure_logs
from canteen.web.office.routes import router as office_router
from canteen.web.resident.routes import router as resident_router
from canteen.web.security import Doorman, TriesByAddress, headers_hook
from canteen.web.sessions import Identities, WhoAsks, acting, device_of
from canteen.web.staff.routes import router as staff_router
from canteen.web.templates import CSRF_COOKIE, STATIC, template_config
from canteen.web.visits import visit_of

FOLLOW_CLOCK_S = 1.0
Connection = ASGIConnection[object, object, object, State]


async def _actor(request: Connection) -> Actor:
    return await acting(request)


async def _device(request: Connection) -> DeviceView | None:
    return await device_of(request)


async def _visit(request: Connection) -> OpenSession | None:
    return await visit_of(request)


_PARTS = (
    "settings",
    "database",
    "clock",
    "events",
    "live",
    "sealer",
    "identities",
    "sign_in_tries",
    "guest_orders",
    "signer",
)
"""What `furnish` gives, by the names handlers ask for."""


def _part(name: str) -> Provide:
    async def give(request: Connection) -> object:
        return request.app.state[name]

    return Provide(give)


def furnish(app: Litestar, settings: Settings) -> None:
    """Give the app all it works with, opened anew; nothing of what it had before stays.

    Tests furnish one app again and again: to register its routes takes longer than most of them.
    """
    now = datetime.now(UTC)
    database = Database(settings.database_url)
    pages = live.Live()
    events = Events()
    events.listen(pages.tell)
    # A demo is shown to a room full of people behind one address, and guards nothing.
    sign_in_tries = TriesByAddress(most=600 if settings.demo else 30, window_s=60)
    # Guests on their own phones: many share the canteen's network, one who plays with it empties his visit and comes again.
    guest_orders = TriesByAddress(most=600 if settings.demo else 12, window_s=600)
    app.state.update(
        settings=settings,
        database=database,
        clock=DemoClock(now, now) if settings.demo else SystemClock(),
        events=events,
        live=pages,
        sealer=Sealer(settings.secret_key),
        identities=Identities(database, settings),
        sign_in_tries=sign_in_tries,
        guest_orders=guest_orders,
        signer=kept_signer(settings.data_dir, settings.statement_key),
    )


def create_app(settings: Settings, *, jobs: bool = False) -> Litestar:
    """The app on an existing, migrated database. With `jobs` it also runs what falls due, every minute."""
    configure_logs()

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncGenerator[None, None]:
        database: Database = app.state.database
        clock: Clock = app.state.clock
        pages: live.Live = app.state.live
        pages.start()
        tasks = [asyncio.create_task(pages.watch(database, clock))]
        if isinstance(clock, DemoClock):
            await database.write(demo_bar.start_demo_clock, datetime.now(UTC))
            await database.read(demo_bar.follow_demo_clock, clock)
            tasks.append(asyncio.create_task(_follow(database, clock, pages)))
        if jobs:
            tasks.append(asyncio.create_task(due_jobs.keep_running(database, app.state.sealer, clock)))
        try:
            yield
        finally:
            pages.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            database.close()

    app = Litestar(
        route_handlers=[
            front.front_page,
            front.change_language,
            entitled.entitled_page,
            entitled.entitled,
            signin.sign_in_page,
            signin.sign_in_form,
            signin.sign_out_form,
            pairing.pair_page,
            pairing.pair_form,
            pairing.devices_page,
            pairing.open_code,
            pairing.take_away,
            health.health,
            live.live_stream,
            photos.photo,
            demo_bar.move_clock,
            kiosk_router,
            staff_router,
            office_router,
            resident_router,
            api_router,
            create_static_files_router("/static", directories=[STATIC], name="static"),
        ],
        dependencies={name: _part(name) for name in _PARTS}
        | {
            "actor": Provide(_actor),
            "device": Provide(_device),
            "visit": Provide(_visit),
            "form": Provide(read_form),
        },
        middleware=[Doorman(settings), WhoAsks()],
        before_send=[headers_hook(settings)],
        csrf_config=CSRFConfig(
            secret=derived_secret(settings.secret_key, "csrf"),
            cookie_name=CSRF_COOKIE,
            header_name="x-csrf-token",
            cookie_secure=settings.secure_cookies,
            cookie_httponly=True,
            exclude=["^/api/", "^/static/", "^/photos/", "^/health$", "^/live/", "^/entitled$"],
        ),
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=5, exclude=["^/live/", "^/api/", "^/photos/"]
        ),
        exception_handlers={HTTPException: answer_http, Exception: answer_other},
        template_config=template_config(),
        openapi_config=openapi.openapi_config(),
        include_in_schema=False,
        lifespan=[running],
        request_max_body_size=1_000_000,
        logging_config=None,
    )
    furnish(app, settings)
    return app


async def _follow(database: Database, clock: DemoClock, pages: live.Live) -> None:
    """Other processes move the clock too; every page shows another hour then."""
    while True:
        before, began = clock.now(), time.monotonic()
        await asyncio.sleep(FOLLOW_CLOCK_S)
        with contextlib.suppress(SQLAlchemyError):  # the next second asks again
            await database.read(demo_bar.follow_demo_clock, clock)
        if (clock.now() - before).total_seconds() > time.monotonic() - began + FOLLOW_CLOCK_S:
            pages.advance_all()


def served() -> Litestar:
    """What uvicorn calls in each worker: settings from the environment, jobs on, the process tuned.

    The writer thread must get its turn quickly beside the loop, and what was made at start never goes away: together
    these took p99 of orders from 54 to 12 ms.
    """
    app = create_app(from_environment(os.environ), jobs=True)
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return app
