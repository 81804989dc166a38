"""A rule set tried on a million meals: `python -m tests.benchmarks.simulate [--meals 1000000]`.

The meals are those of the demo, copied day after day for as many people as it takes; prices, ages, categories and hours as they
came. Printed: seconds from the first row to the last figure, memory at its highest, decisions really made. Exit code 1 when it
takes longer than 30 s for a million.
"""

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from canteen.db.database import Database
from canteen.db.migrate import upgrade
from canteen.demo.seed import load_or_top_up
from canteen.readmodels.simulated_spend import simulated_spend
from canteen.settings import Settings
from subsidies.months import Month
from subsidies.rules.library import shipped

REAL = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MOST_S = 30.0
_SECRET = "forty characters of a secret for the demo"


def _grow(path: Path, meals: int) -> int:
    """Copy the orders until there are `meals` handed over; each copy is eaten by other people. Returns how many."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=MEMORY")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')  # copies are no orders: only what is measured stays
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'meal_order' AND sql IS NOT NULL"
    ).fetchall():
        connection.execute(f'DROP INDEX "{name}"')
    columns = [row[1] for row in connection.execute("PRAGMA table_info(meal_order)")]
    (have,) = connection.execute("SELECT count(*) FROM meal_order WHERE status = 'collected'").fetchone()
    copies = -(-meals // have) - 1
    own = {
        "id": "substr(id, 1, 10) || printf('%06d', :copy) || substr(id, 17)",
        "resident_id": "CASE WHEN resident_id IS NULL THEN NULL ELSE resident_id || '-' || :copy END",
        "number_index": "number_index + 1000 * :copy",
        "code_hash": "code_hash || '-' || :copy",
    }
    values = ", ".join(own.get(column, column) for column in columns)
    connection.execute("CREATE TEMP TABLE seen AS SELECT * FROM meal_order ORDER BY id")
    for copy in range(1, copies + 1):
        connection.execute(
            f"INSERT INTO meal_order ({', '.join(columns)}) SELECT {values} FROM seen",  # noqa: S608 - its own columns
            {"copy": copy},
        )
    connection.commit()
    (made,) = connection.execute("SELECT count(*) FROM meal_order WHERE status = 'collected'").fetchone()
    connection.close()
    return int(made)


def main(arguments: list[str]) -> int:
    """Load, copy, measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.simulate", description=__doc__)
    parser.add_argument("--meals", type=int, default=1_000_000)
    parser.add_argument("--rules", default="wuxi-huazhuang-2023", help="a rule set that ships")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canteen.sqlite3"
        url = f"sqlite:///{path}"
        upgrade(url)
        database = Database(url)
        load_or_top_up(
            database, Settings(url, Path(folder), _SECRET, demo=True), lambda what, part: None, real_now=REAL
        )
        database.close()
        meals = _grow(path, chosen.meals)
        database = Database(url)
        started = time.perf_counter()
        found = database.read_sync(
            simulated_spend, shipped(chosen.rules), Month(2026, 9), Month(2026, 11), canteens=("longcheng", "shuiyun")
        )
        took = time.perf_counter() - started
        database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"{meals} meals of {found.orders} orders by {chosen.rules}: {took:.1f} s"
        f" ({took / found.orders * 1e6:.1f} µs an order), {found.decided} decisions made, {memory} MB at most\n"
    )
    return 1 if took > MOST_S * max(1.0, meals / 1_000_000) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
