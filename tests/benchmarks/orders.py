"""Orders and hand-overs a second through HTTP, beside raw sqlite3, in one run: `python -m tests.benchmarks.orders`.

One web process on SQLite (WAL, `synchronous=FULL`), 32 connections from another process, whole subsidised orders: card,
menu, rules, counters, portions, budgets, number, books with their hash chain, audit, first answer kept.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.raw import yardstick
from tests.support.server import serving
from tests.support.world import World, build_world

WARM_UP = 64


@dataclass(frozen=True)
class Load:
    """What came back, by request number; `seconds` is the whole time."""

    seconds: float
    statuses: list[int]
    waits: list[float]
    bodies: list[dict[str, object]]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.statuses) / self.seconds

    def wait_ms(self, percentile: int) -> float:
        """How long `percentile` of 100 callers waited at most."""
        return statistics.quantiles(self.waits, n=100)[percentile - 1] * 1000


def drive(url: str, connections: int, requests: list[dict[str, object]], *, expect: int) -> Load:
    """Send every request once from a process of its own.

    Raises: RuntimeError when an answer is not `expect`.
    """
    host, _, port = url.removeprefix("http://").partition(":")
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load", host, port, str(connections)],
        input="\n".join(json.dumps(request) for request in requests),
        capture_output=True,
        text=True,
        check=True,
    )
    head, *lines = [json.loads(line) for line in done.stdout.splitlines()]
    lines.sort(key=lambda line: int(line["number"]))
    load = Load(
        float(head["seconds"]),
        [line["status"] for line in lines],
        [line["seconds"] for line in lines],
        [line["body"] for line in lines],
    )
    wrong = [body for status, body in zip(load.statuses, load.bodies, strict=True) if status != expect]
    if wrong:
        raise RuntimeError(f"{len(wrong)} answers were not {expect}, the first: {wrong[0]}")
    return load


def order_requests(world: World, cards: list[str]) -> list[dict[str, object]]:
    """One subsidised order for each card."""
    headers = world.bearer("kiosk")
    return [
        {
            "path": "/api/v1/orders",
            "headers": {**headers, "Idempotency-Key": f"bench-{card}"},
            "body": world.body(card),
        }
        for card in cards
    ]


def redeem_requests(world: World, orders: Load) -> list[dict[str, object]]:
    """One hand-over for each order, its cash taken in the same tap."""
    headers = world.bearer("staff")
    return [
        {"path": "/api/v1/collections", "headers": headers, "body": {"code": body["pickup_code"], "take_cash": True}}
        for body in orders.bodies
    ]


def main(arguments: list[str]) -> None:
    """Prints the figures; the last two lines are for machines."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.orders", description=__doc__)
    parser.add_argument("--orders", type=int, default=1500)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--raw", type=int, default=400, help="orders replayed by raw sqlite3, three times")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="nuancan-bench-") as name:
        folder = Path(name)
        print(f"making a world with {chosen.orders} elders …", flush=True)
        measure = yardstick(folder, chosen.raw)
        raw = [measure.rate(folder)]
        world = build_world(f"sqlite:///{folder / 'world.sqlite3'}", folder, portions=5_000)
        world.add_elders(chosen.orders + WARM_UP)
        cards = world.elder_cards()
        world.database.close()
        with serving(folder / "server", environment=world.environment()) as server:
            drive(server.url, 8, order_requests(world, cards[:WARM_UP]), expect=201)
            orders = drive(server.url, chosen.connections, order_requests(world, cards[WARM_UP:]), expect=201)
            raw.append(measure.rate(folder))
            redeems = drive(server.url, chosen.connections, redeem_requests(world, orders), expect=201)
        raw.append(measure.rate(folder))
    statements = measure.notes.statements
    rows = [sum(len(p) if many else 1 for _, p, many in order) for order in measure.notes.writes]
    baseline = statistics.mean(raw)
    print(f"orders:  {chosen.orders} over {chosen.connections} connections, one web process, SQLite synchronous=FULL")
    print(f"orders p50 {orders.wait_ms(50):.1f} ms, p99 {orders.wait_ms(99):.1f} ms")
    print(f"redeems p50 {redeems.wait_ms(50):.1f} ms, p99 {redeems.wait_ms(99):.1f} ms")
    print(f"SQL statements per order: {statistics.median(statements):.0f}, rows written: {statistics.median(rows):.0f}")
    print(
        f"raw sqlite3, the same rows, one fsync an order: {baseline:.0f} orders/s"
        f" (runs: {', '.join(f'{rate:.0f}' for rate in raw)})"
    )
    print(f"redeems/s: {redeems.rate:.0f}")
    print(f"orders/s: {orders.rate:.0f}")
    print(f"ratio to raw sqlite3: {orders.rate / baseline:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
