"""Other processes doing things at the same time: `do_at_once(world, [deeds of one process, …])`.

Each process opens the database itself, waits for the starting shot, does its deeds one after the other and reports one outcome
each: `ok` with what came of it, or the refusal's code.
"""

import contextlib
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

import msgspec

from canteen.applications.states import Level
from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.readmodels.quote import LineWish
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.decide_application import ApplicationDecided, CategoryDates, decide_application
from canteen.usecases.place_order import PlaceOrder, place_order
from canteen.usecases.withdraw_application import ApplicationWithdrawn, withdraw_application
from tests.canteen.building import NOW, TODAY

if TYPE_CHECKING:
    from tests.support.world import World

_LONGEST_S = 600


class Place(msgspec.Struct, frozen=True, tag="place"):
    """Order one portion of an item."""

    resident: str
    canteen: str
    item: int
    key: str
    actor: str = "token:faults"
    method: str = "cash"


class Collect(msgspec.Struct, frozen=True, tag="collect"):
    """Hand a meal over by its code, taking the cash."""

    code: str
    canteen: str


class Decide(msgspec.Struct, frozen=True, tag="decide"):
    """An office decides on an application as it stood at `version`."""

    application: str
    level: str
    decision: str
    version: int
    actor: str


class TakeBack(msgspec.Struct, frozen=True, tag="take_back"):
    """The applicant withdraws it."""

    application: str
    resident: str


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """End an order as its diner wishes; again is harmless."""

    order: str


Deed = Place | Collect | Decide | TakeBack | Cancel


@dataclass(frozen=True)
class Outcome:
    """`code` is `ok` or the refusal's; `got` the order's id; `subsidy_fen` of an order placed."""

    code: str
    got: str = ""
    subsidy_fen: int = 0


def do_at_once(world: "World", processes: Sequence[Sequence[Deed]]) -> list[list[Outcome]]:
    """Run every list in a process of its own, all starting together; outcomes in the order of the deeds."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.deeds", world.database.url, world.secret],
        input=msgspec.json.encode(processes).decode(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=_LONGEST_S,
    )
    return [[Outcome(**line) for line in lines] for lines in json.loads(done.stdout)]


def _main() -> None:
    """Reads everything once, then forks: four processes that each import the platform would cost more than what they do."""
    url, secret = sys.argv[1:]
    lists = msgspec.json.decode(sys.stdin.read(), type=list[list[Deed]])
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(len(lists))
    with contextlib.ExitStack() as stack:
        pipes = [fork.Pipe(duplex=False) for _ in lists]
        children = [
            fork.Process(target=_child, args=(url, secret, deeds, barrier, answer))
            for deeds, (_, answer) in zip(lists, pipes, strict=True)
        ]
        for child in children:
            child.start()
            stack.callback(child.join)
        outcomes = [receive.recv() for receive, _ in pipes]
    sys.stdout.write(json.dumps(outcomes))


def _child(url: str, secret: str, deeds: list[Deed], barrier: Barrier, answer: Connection) -> None:
    database, sealer = Database(url), Sealer(secret)
    database.read_sync(lambda session: session.connection())
    barrier.wait()
    outcomes = [vars(_do_in_the_end(database, deed, sealer)) for deed in deeds]
    database.close()
    answer.send(outcomes)


def _do_in_the_end(database: Database, deed: Deed, sealer: Sealer) -> Outcome:
    """As a real program: told that its key is still being worked on, it asks again."""
    deadline = time.monotonic() + _LONGEST_S
    while (outcome := _do(database, deed, sealer)).code == "orders.key-in-progress" and time.monotonic() < deadline:
        time.sleep(0.005)
    return outcome


def _do(database: Database, deed: Deed, sealer: Sealer) -> Outcome:
    try:
        if isinstance(deed, Collect):
            tray = database.write_sync(
                collect_meal,
                HandOver(deed.code, deed.canteen, take_cash=True),
                now=NOW,
                actor="token:faults",
                actor_name="李师傅",
                sealer=sealer,
            )
            return Outcome("ok", tray.order.id)
        if isinstance(deed, Cancel):
            return Outcome("ok", database.write_sync(cancel_order, deed.order, now=NOW, actor="token:faults").id)
        if isinstance(deed, Decide | TakeBack):
            return Outcome("ok", _about_application(database, deed, sealer))
        placed = database.write_sync(
            place_order, _wish(deed), now=NOW, actor=deed.actor, sealer=sealer, examples_decide=True
        )
        return Outcome("ok", placed.id, placed.list_fen - placed.self_pay_fen)
    except Exception as error:  # noqa: BLE001 - a crash of any kind is an outcome, and makes the test fail
        return Outcome(getattr(error, "code", "") or repr(error))


def _about_application(database: Database, deed: Decide | TakeBack, sealer: Sealer) -> str:
    if isinstance(deed, TakeBack):
        back = ApplicationWithdrawn(deed.application, deed.resident)
        who = f"resident:{deed.resident}"
        database.write_sync(withdraw_application, back, now=NOW, actor=who, sealing=sealer)
        return "withdrawn"
    grant = CategoryDates(TODAY, None, "低保证")
    decided = ApplicationDecided(deed.application, Level(deed.level), deed.decision, deed.version, "看过", grant)
    return database.write_sync(decide_application, decided, now=NOW, actor=deed.actor, sealing=sealer).value


def _wish(deed: Place) -> PlaceOrder:
    return PlaceOrder(
        canteen_id=deed.canteen,
        day=TODAY,
        meal="lunch",
        resident_id=deed.resident,
        lines=(LineWish(deed.item),),
        method=deed.method,
        channel="api",
        key=deed.key,
        clashes_seen=True,
    )


if __name__ == "__main__":
    _main()
