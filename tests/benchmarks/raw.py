"""The yardstick: the very rows an order writes, written again by plain sqlite3 with one fsync each.

Orders are placed in this process while every INSERT and UPDATE is noted with its parameters; the notes are then replayed on a
copy of the database as it stood before: same tables, indexes, triggers and figures, WAL, `synchronous=FULL`, one
transaction an order, no reading, no rules, no HTTP.
"""

import shutil
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from canteen.db.database import Database
from canteen.readmodels.quote import LineWish
from canteen.usecases.place_order import PlaceOrder, place_order
from tests.support.world import World, build_world

Note = tuple[str, Any, bool]
"""Statement, its parameters, whether they are many."""
_OVERHEAD = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@dataclass
class Notes:
    """What orders did to the database: `writes` one list an order, `statements` counts reads too."""

    writes: list[list[Note]] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)


def note_orders(database: Database, orders: list[PlaceOrder], world: World) -> Notes:
    """Place the orders, noting every statement of each."""
    notes = Notes()
    for order in orders:
        noted = _Listener(database.write_engine)
        database.write_sync(
            place_order, order, now=world.now, actor="token:bench", sealer=world.sealer, examples_decide=True
        )
        noted.stop()
        notes.writes.append(noted.writes)
        notes.statements.append(noted.statements)
    return notes


class _Listener:
    def __init__(self, engine: Engine) -> None:
        self.writes: list[Note] = []
        self.statements = 0
        self._engine = engine
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _k: object, statement: str, parameters: Any, _x: object, many: bool) -> None:  # noqa: ANN401
        verb = statement.lstrip().split(None, 1)[0].upper()
        if verb in _OVERHEAD:
            return
        self.statements += 1
        if verb in {"INSERT", "UPDATE"}:
            self.writes.append((statement, list(parameters) if many else parameters, many))

    def stop(self) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)


def replay(path: Path, orders: list[list[Note]]) -> float:
    """Orders a second, plain sqlite3, one durable commit each."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    for writes in orders:
        connection.execute("BEGIN IMMEDIATE")
        for statement, parameters, many in writes:
            if many:
                connection.executemany(statement, parameters)
            else:
                connection.execute(statement, parameters).fetchall()
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return len(orders) / seconds


@dataclass(frozen=True)
class Yardstick:
    """A database with notes of orders that can be replayed on fresh copies of it."""

    before: Path
    notes: Notes

    def rate(self, folder: Path) -> float:
        """Orders a second on one more fresh copy."""
        copy = folder / "raw.sqlite3"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.before, copy)
        return replay(copy, self.notes.writes)


def yardstick(folder: Path, count: int) -> Yardstick:
    """`count` subsidised orders of as many elders."""
    path = folder / "noted.sqlite3"
    world = build_world(f"sqlite:///{path}", folder, portions=5_000)
    elders = world.add_elders(count)
    world.database.close()
    before = folder / "before.sqlite3"
    shutil.copy(path, before)
    database = Database(f"sqlite:///{path}")
    orders = [
        PlaceOrder(
            canteen_id="longcheng",
            day=world.day,
            meal="lunch",
            resident_id=elder,
            lines=(LineWish(world.items["longcheng"]["soft"]),),
            method="cash",
            channel="api",
            key=f"raw-{number}",
            clashes_seen=True,
        )
        for number, elder in enumerate(elders)
    ]
    notes = note_orders(database, orders, world)
    database.close()
    return Yardstick(before, notes)
