"""kill -9 of the server under load: what was acknowledged stands, nothing stands half, and it is back within half a minute."""

import http.client
import json
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from canteen.orders.models import MealOrder
from canteen.readmodels.invariants import check
from tests.support.server import READY_SECONDS, RunningServer, start_server
from tests.support.world import World

CLIENTS = 6
BEFORE_THE_PLUG_S = 0.8


@dataclass
class Heard:
    """What programs were told before the line went dead: key → answer; `silent` were sent and never answered."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    collected: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


class Program(threading.Thread):
    """Orders for its own elders one after the other and collects every second one at once, until the line goes dead."""

    def __init__(self, world: World, server: RunningServer, cards: list[str]) -> None:
        super().__init__(daemon=True)
        self.heard = Heard()
        self._world, self._cards = world, cards
        self._line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)

    def run(self) -> None:
        """Until every elder has been served or the server is gone."""
        with closing(self._line), suppress(OSError, http.client.HTTPException):
            for number, card in enumerate(self._cards):
                self.heard.silent.append(card)
                placed = self._post("/api/v1/orders", "kiosk", self._world.body(card), key=card)
                self.heard.orders[card] = placed
                if number % 2:
                    self._post("/api/v1/collections", "staff", {"code": placed["pickup_code"], "take_cash": True})
                    self.heard.collected.append(placed["id"])
                self.heard.silent.remove(card)

    def _post(self, path: str, role: str, body: object, *, key: str = "") -> dict[str, Any]:
        headers = {**self._world.bearer(role), "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        self._line.request("POST", path, json.dumps(body), headers)
        answer = self._line.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        # "already" is what a program hears whose first try was done before the plug was pulled
        assert answer.status == 201 or told["code"] == "pickup.already-collected", told
        return told


def load_until_killed(world: World, server: RunningServer, cards: list[str]) -> Heard:
    """Everything the programs heard."""
    programs = [Program(world, server, cards[start::CLIENTS]) for start in range(CLIENTS)]
    for program in programs:
        program.start()
    deadline = time.monotonic() + 20
    while sum(len(p.heard.orders) for p in programs) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(BEFORE_THE_PLUG_S)
    server.kill()
    for program in programs:
        program.join(30)
    heard = Heard()
    for program in programs:
        heard.orders |= program.heard.orders
        heard.collected += program.heard.collected
        heard.silent += program.heard.silent
    return heard


@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.long)], ids=["short", "long"])
def test_what_was_acknowledged_survives_a_kill(either_world: World, tmp_path: Path, kills: int) -> None:
    """A program that never heard an answer asks again with its key and gets one order."""
    world = either_world
    world.stock(4_000)
    standing: dict[str, str] = {}
    for kill in range(kills):
        before = set(world.elder_cards())
        world.add_elders(120)
        cards = sorted(set(world.elder_cards()) - before)
        server = start_server(tmp_path / f"before-{kill}", environment=world.environment())
        heard = load_until_killed(world, server, cards)
        started = time.monotonic()
        server = start_server(tmp_path / f"after-{kill}", environment=world.environment())
        ready_after = time.monotonic() - started
        again = Program(world, server, sorted(heard.silent))
        again.run()
        server.stop()
        standing = world.database.read_sync(_statuses)

        assert ready_after < READY_SECONDS
        assert len(heard.orders) >= 10
        assert {told["id"] for told in heard.orders.values()} <= standing.keys()
        assert all(standing[order] == "collected" for order in heard.collected)
        assert again.heard.silent == []
        for card, told in heard.orders.items():
            if card in again.heard.orders:
                assert again.heard.orders[card] == told
        assert [found.name for found in world.database.read_sync(check) if not found.ok] == []
    assert len(standing) <= kills * 120


def _statuses(session: Session) -> dict[str, str]:
    return dict(session.exec(select(MealOrder.id, MealOrder.status)).all())
