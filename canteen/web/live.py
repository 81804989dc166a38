"""Live pages: a stream of version numbers per canteen and topic; the page fetches its fragment again when one comes.

Events of this process are told at once. Other processes' changes are seen in the audit log, asked every second while
somebody listens. A slow listener skips versions instead of queueing them.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import structlog
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, or_, select
from ulid import ULID

from canteen.audit.models import AuditEntry
from canteen.clock import Clock
from canteen.db.database import Database
from canteen.events import CanteenChanged
from canteen.web.security import TooManyTries

log = structlog.get_logger(__name__)

TOPICS = frozenset({"orders", "menu", "help"})
PING_S = 15.0
POLL_S = 1.0
LOOK_BACK = timedelta(seconds=20)
"""An entry's id holds when its request began; its commit may come this much later."""
MOST_LISTENERS = 2_000

Key = tuple[str, str]


def topic_of(action: str) -> str:
    """Which live pages an audited action concerns."""
    noun = action.partition(".")[0]
    return noun if noun in {"menu", "help"} else "orders"


class Live:
    """Versions and who waits for them. Everything but `tell` runs on the loop."""

    def __init__(self) -> None:
        self._versions: dict[Key, int] = {}
        self._listeners: dict[Key, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._known: frozenset[str] | None = None
        self.closing = False

    def start(self) -> None:
        """Call once on the loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self.closing = True
        for events in self._listeners.values():
            for event in events:
                event.set()

    @property
    def listeners(self) -> int:
        """Open streams."""
        return sum(len(events) for events in self._listeners.values())

    def tell(self, event: CanteenChanged) -> None:
        """From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.advance, (event.canteen_id, event.topic))

    def advance(self, key: Key) -> None:
        """A new version; wakes its listeners."""
        self._versions[key] = max(self.version(key) + 1, time.time_ns() // 1_000_000)
        for event in self._listeners.get(key, ()):
            event.set()

    def advance_all(self) -> None:
        """Everything anyone listens to: the demo clock was moved."""
        for key in [key for key, events in self._listeners.items() if events]:
            self.advance(key)

    def version(self, key: Key) -> int:
        """Milliseconds of the last change known here, so that it grows across restarts too."""
        return self._versions.get(key, 0)

    async def stream(self, key: Key) -> AsyncGenerator[ServerSentEventMessage, None]:
        """The version now, then every newer one; a comment when nothing happened for `PING_S`."""
        event = asyncio.Event()
        self._listeners[key].add(event)
        try:
            yield ServerSentEventMessage(data=self.version(key), retry=2_000)
            while not self.closing:
                try:
                    await asyncio.wait_for(event.wait(), PING_S)
                except TimeoutError:
                    yield ServerSentEventMessage(comment="ping")
                    continue
                event.clear()
                if not self.closing:
                    yield ServerSentEventMessage(data=self.version(key))
        finally:
            self._listeners[key].discard(event)

    async def watch(self, database: Database, clock: Clock) -> None:
        """Look once a second for changes made by other processes, while anybody listens."""
        while True:
            await asyncio.sleep(POLL_S)
            if not self.listeners:
                self._known = None
                continue
            try:
                entries = await database.read(_entries_since, clock.now() - LOOK_BACK)
            except SQLAlchemyError as error:
                log.warning("live pages could not ask for changes", error=type(error).__name__)
                continue
            self.notice(entries)

    def notice(self, entries: dict[str, Key]) -> None:
        """Advance what changed since the last look; after a pause, everything listened to."""
        known, self._known = self._known, frozenset(entries)
        if known is None:
            self.advance_all()
            return
        for canteen_id, topic in {key for entry, key in entries.items() if entry not in known}:
            if canteen_id:
                self.advance((canteen_id, topic))
            else:  # a kitchen's menu shows at every canteen it cooks for
                for key in [key for key, events in self._listeners.items() if events and key[1] == topic]:
                    self.advance(key)


def _entries_since(session: Session, since: datetime) -> dict[str, Key]:
    floor = str(ULID.from_datetime(since))
    rows = session.execute(
        select(AuditEntry.id, AuditEntry.canteen_id, AuditEntry.action)
        .where(
            col(AuditEntry.id) >= floor,
            or_(col(AuditEntry.canteen_id).is_not(None), col(AuditEntry.action).startswith("menu.")),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(2_000)
    ).all()
    return {row.id: (row.canteen_id or "", topic_of(row.action)) for row in rows}


@get("/live/{canteen:str}/{topic:str}", cache_control=None)
async def live_stream(canteen: FromPath[str], topic: FromPath[str], live: NamedDependency[Live]) -> ServerSentEvent:
    """Versions only, never content: what a page shows it fetches itself, with its own rights."""
    if live.listeners >= MOST_LISTENERS:
        raise TooManyTries(seconds=30)
    key = (canteen, topic if topic in TOPICS else "orders")
    return ServerSentEvent(live.stream(key), headers={"X-Accel-Buffering": "no"})
