"""`write` and `read`: each runs a plain function of a session in one transaction.

On SQLite all writes of a process go through one thread that gives each a SAVEPOINT and commits those waiting together, so
that one fsync serves many and nobody fights for the lock. On PostgreSQL each runs in its own transaction from a pool.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from canteen.db.engine import postgres_engine, sqlite_engine
from canteen.db.prepared import prepared

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)

BATCH = 64
"""Writes committed together at most: bounds how long the first of them waits."""
RETRIES = 5
"""PostgreSQL: how often a deadlock or serialisation failure is tried again."""
READERS = 8


@dataclass
class _Job:
    run: Callable[[Session], Any]
    future: "Future[Any]"


class LentSession(Session):
    """A session on a connection that somebody else opened and will commit.

    Statements on tables (not on mapped classes) go straight to the connection: the unit of work has no part in them, and
    its share was a fifth of an order's time.
    """

    def __init__(self, connection: Connection) -> None:
        # rollback_only: closing the session leaves the transaction it was lent to whoever opened it.
        super().__init__(bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        self._lent = connection
        self._may_prepare = connection.dialect.name == "sqlite" and not connection.dispatch.before_cursor_execute
        self._driver: Any = connection.connection.dbapi_connection

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401
        """As SQLAlchemy's own."""
        if not options and not getattr(statement, "_propagate_attrs", None):
            ready = prepared(self._lent, statement, params) if self._may_prepare and params else None
            if ready is not None:
                return ready.run(self._driver, params)
            return self._lent.execute(statement, params)
        return super().execute(statement, params=params, **options)


def _session(connection: Connection) -> Session:
    return LentSession(connection)


def _call(connection: Connection, run: Callable[[Session], T]) -> T:
    with _session(connection) as session:
        value = run(session)
        session.flush()
        return value


def _in_savepoint(connection: Connection, run: Callable[[Session], T]) -> T:
    """Run it so that a refusal undoes only what it did itself. SQLite keeps savepoints cheaply, by name."""
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        value = _call(connection, run)
    except BaseException:
        if connection.in_transaction():
            connection.exec_driver_sql("ROLLBACK TO job")
            connection.exec_driver_sql("RELEASE job")
        raise
    connection.exec_driver_sql("RELEASE job")
    return value


class Writer:
    """The one thread of this process that writes to SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, run: Callable[[Session], T]) -> "Future[T]":
        """Queue `run`; the future resolves only after its commit is durable."""
        job = _Job(run, Future())
        self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued and stop."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            first = self._jobs.get()
            if first is None:
                return
            batch, stop = self._gather(first)
            self._commit(batch)
            if stop:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[_Job]) -> None:
        done: list[tuple[_Job, Any]] = []
        try:
            with self._engine.begin() as connection:
                for job in batch:
                    if not job.future.set_running_or_notify_cancel():
                        continue
                    try:
                        value = _in_savepoint(connection, job.run)
                    except Exception as error:  # a refusal undoes only its own savepoint; its caller gets it
                        if not connection.in_transaction() or _is_lost(error):
                            raise
                        job.future.set_exception(error)
                    else:
                        done.append((job, value))
        except BaseException as error:  # the whole batch is lost: every caller must hear it
            log.exception("write batch lost")
            for job in batch:
                if not job.future.done():
                    job.future.set_exception(error)
            return
        for job, value in done:
            job.future.set_result(value)


def _is_lost(error: BaseException) -> bool:
    """Whether the connection itself failed (disk full, I/O error), not one statement."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


class Database:
    """Everything the app knows about its database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._writer: Writer | None = None
        if self.is_sqlite:
            self.write_engine = sqlite_engine(url, write=True)
            self.read_engine = sqlite_engine(url, write=False, pool_size=READERS)
        else:
            self.write_engine = postgres_engine(url, pool_size=READERS * 2)
            # one snapshot for all questions of a page, and a read model that writes is a defect that shows
            self.read_engine = self.write_engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writers = None if self.is_sqlite else ThreadPoolExecutor(READERS, thread_name_prefix="writer")
        self._lock = threading.Lock()

    async def write(self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(session, …)` in one transaction; returns after the commit is durable.

        Raises whatever `function` raises, with nothing of it kept.
        """
        return await asyncio.shield(asyncio.wrap_future(self._submit(lambda s: function(s, *args, **kwargs))))

    def write_sync(self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for the command line, jobs and tests."""
        return self._submit(lambda s: function(s, *args, **kwargs)).result()

    async def read(self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(session, …)` on one snapshot; never waits for a writer."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_sync(function, *args, **kwargs))

    def read_sync(self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for the command line, jobs and tests."""
        # begun at once: a statement that goes to the driver as it is would otherwise stand outside the snapshot
        with self.read_engine.begin() as connection:
            return _call(connection, lambda s: function(s, *args, **kwargs))

    def close(self) -> None:
        """Finish queued writes and close every connection."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self._readers.shutdown()
        if self._writers is not None:
            self._writers.shutdown()
        self.write_engine.dispose()
        self.read_engine.dispose()

    def _submit(self, run: Callable[[Session], T]) -> "Future[T]":
        if self._writers is not None:
            return self._writers.submit(self._on_postgres, run)
        with self._lock:
            if self._writer is None:
                self._writer = Writer(self.write_engine)
            return self._writer.submit(run)

    def _on_postgres(self, run: Callable[[Session], T]) -> T:
        for attempt in range(RETRIES):
            try:
                with self.write_engine.begin() as connection:
                    return _call(connection, run)
            except OperationalError as error:
                # 40P01 deadlock, 40001 serialisation: the loser simply goes again.
                if getattr(error.orig, "sqlstate", "") not in {"40P01", "40001"} or attempt == RETRIES - 1:
                    raise
        raise AssertionError("unreachable")
