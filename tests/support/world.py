"""A small world made by the use cases: two canteens at lunch, a few people everybody knows, money, tokens.

    def test_something(world: World) -> None:                  # SQLite, a fresh copy for each test (0.1 s)
        order = world.place("elder82", "light", canteen="longcheng", method="cash")
        world.collect(order.pickup_code, canteen="longcheng", take_cash=True)

    def test_everywhere(either_world: World) -> None:          # the same on SQLite and on PostgreSQL
    def test_http(world: World) -> None:
        with world.client() as client: client.get("/api/v1/canteens", headers=world.bearer("kiosk", "longcheng"))
    start_server(tmp_path, environment=world.environment())    # the real server on this world (tests.support.server)

It is 10:50 on Monday 2026-11-23, whatever the machine's hour: `world.now`, `world.day`, meal `lunch`; both menus are
published with the lines of `tests.canteen.building`. People: `world.people["elder82"]` and so on, see `PEOPLE`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TypedDict, Unpack

import pytest
from sqlmodel import Session

from canteen.clock import move_demo_clock
from canteen.db.database import Database
from canteen.db.migrate import upgrade
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.people.sealed import Sealer
from canteen.readmodels.invariants import check
from canteen.readmodels.quote import LineWish
from canteen.settings import Settings
from canteen.usecases.collect_meal import HandOver, Tray, collect_meal
from canteen.usecases.place_order import OrderAnswer, PlaceOrder, place_order
from tests.canteen.building import NOW, TODAY
from tests.support.apps import Client
from tests.support.postgres import PostgresServer
from tests.support.pristine import Pristine
from tests.support.world_contents import (
    ACTOR,
    CANTEENS,
    CARDS,
    PEOPLE,
    SECRET,
    add_elders,
    elder_cards,
    fill,
    items,
    plan_lunch,
)

__all__ = ["ACTOR", "CANTEENS", "CARDS", "NOW", "PEOPLE", "SECRET", "TODAY", "World", "build_world"]

_counter = count(1)


class _Order(TypedDict, total=False):
    quantity: int
    method: str
    channel: str
    idempotency_key: str
    expected_self_pay_fen: int | None
    clashes_seen: bool
    fetcher_id: str | None


@dataclass
class World:
    """An open database with everything in it. `items[canteen]["light"]` is the id of today's line of that key."""

    database: Database
    people: dict[str, str]
    items: dict[str, dict[str, int]]
    tokens: dict[str, str]
    data_dir: Path
    now: datetime = NOW
    day: date = TODAY
    secret: str = SECRET
    sealer: Sealer = field(default_factory=lambda: Sealer(SECRET))

    def environment(self) -> dict[str, str]:
        """For a real server on this world, in demo mode (examples decide, the clock stands at `now`)."""
        return {"CANTEEN_DATABASE_URL": self.database.url, "CANTEEN_SECRET_KEY": SECRET, "CANTEEN_DEMO": "1"}

    def settings(self) -> Settings:
        """For `create_app`."""
        return Settings(database_url=self.database.url, data_dir=self.data_dir, secret_key=SECRET, demo=True)

    def client(self) -> Client:
        """The app in this process, to be entered with `with`."""
        return Client(self.settings())

    def bearer(self, role: str, canteen: str = "longcheng") -> dict[str, str]:
        """Header of a program's token: kiosk and staff at a canteen, officer and auditor anywhere."""
        place = "" if role in {"officer", "auditor"} else f"-{canteen}"
        return {"Authorization": f"Bearer {self.tokens[role + place]}"}

    def actor(self, role: str, canteen: str = "longcheng") -> Actor:
        """Somebody with this role, for calls below HTTP."""
        return Actor(f"account:{role}", "李师傅", Role(role), canteen_id=canteen)

    def wish(
        self,
        who: str | None,
        key: str,
        canteen: str = "longcheng",
        **more: Unpack[_Order],
    ) -> PlaceOrder:
        """An order for `who` (None: a guest) of one line, not placed yet."""
        return PlaceOrder(
            canteen_id=canteen,
            day=self.day,
            meal="lunch",
            resident_id=None if who is None else self.people[who],
            lines=(LineWish(self.items[canteen][key], more.get("quantity", 1)),),
            method=more.get("method", "cash"),
            channel=more.get("channel", "api"),
            key=more.get("idempotency_key", f"world-{next(_counter)}"),
            expected_self_pay_fen=more.get("expected_self_pay_fen"),
            clashes_seen=more.get("clashes_seen", False),
            fetcher_id=more.get("fetcher_id"),
        )

    def body(self, card: str) -> dict[str, object]:
        """One subsidised set at Longcheng as a program orders it, for the holder of `card`, to be paid in cash."""
        return {
            "canteen": "longcheng",
            "date": self.day.isoformat(),
            "meal": "lunch",
            "card": card,
            "lines": [{"item": self.items["longcheng"]["soft"], "quantity": 1}],
            "payment": "cash",
            "expected_self_pay_fen": 600,
        }

    def place(
        self,
        who: str | None,
        key: str,
        canteen: str = "longcheng",
        *,
        now: datetime | None = None,
        **more: Unpack[_Order],
    ) -> OrderAnswer:
        """Place such an order."""
        return self.database.write_sync(
            place_order,
            self.wish(who, key, canteen, **more),
            now=now or self.now,
            actor=ACTOR,
            sealer=self.sealer,
            examples_decide=True,
        )

    def place_all(self, residents: list[str], item: int, canteen: str = "longcheng") -> list[str]:
        """One cash order for each, in one transaction; returns the pick-up codes."""
        return self.database.write_sync(_place_all, self, residents, item, canteen)

    def collect(
        self, text: str, canteen: str = "longcheng", *, take_cash: bool = False, now: datetime | None = None
    ) -> Tray:
        """Hand a meal over by code, number or card."""
        return self.database.write_sync(
            collect_meal,
            HandOver(text, canteen, take_cash=take_cash),
            now=now or self.now,
            actor=ACTOR,
            actor_name="李师傅",
            sealer=self.sealer,
        )

    def stock(self, portions: int) -> None:
        """Let both kitchens cook `portions` of every line."""
        for canteen in CANTEENS:
            self.database.write_sync(plan_lunch, canteen, portions)

    def elder_cards(self) -> list[str]:
        """Card numbers of everybody `add_elders` has made."""
        return self.database.read_sync(elder_cards)

    def add_elders(self, how_many: int, *, born: date = date(1944, 1, 1)) -> list[str]:
        """More residents of Longcheng, 82 years old unless said otherwise, in one transaction; cards 7000000000 and up."""
        return self.database.write_sync(add_elders, how_many, born, self.sealer)


def _place_all(session: Session, world: World, residents: list[str], item: int, canteen: str) -> list[str]:
    codes = []
    for resident in residents:
        wish = replace(world.wish(None, "rice", canteen), resident_id=resident, lines=(LineWish(item),))
        placed = place_order(session, wish, now=world.now, actor=ACTOR, sealer=world.sealer, examples_decide=True)
        codes.append(placed.pickup_code)
    return codes


def build_world(url: str, data_dir: Path, *, portions: int | None = None) -> World:
    """Migrate an empty database and fill it. `portions` overrides what is planned of every line."""
    upgrade(url)
    database = Database(url)
    people, tokens = database.write_sync(fill, portions)
    return World(database, people, database.read_sync(items), tokens, data_dir)


def _opened(url: str, made: World, data_dir: Path) -> World:
    world = World(Database(url), made.people, made.items, made.tokens, data_dir)
    world.database.write_sync(move_demo_clock, NOW, real_at=datetime.now(UTC))
    return world


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    made = build_world(f"sqlite:///{folder / 'canteen.sqlite3'}", folder)
    made.database.close()
    return made


@pytest.fixture(scope="session")
def _postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Pristine]]:
    name = postgres_server.fresh_database()
    made = build_world(postgres_server.url(name), tmp_path_factory.mktemp("world"))
    made.database.close()
    yield made, Pristine(made.database.url.replace("+psycopg", ""))
    postgres_server.drop_database(name)


@pytest.fixture
def world(_sqlite_template: World, tmp_path: Path) -> Iterator[World]:
    """This test's own copy on SQLite."""
    path = tmp_path / "canteen.sqlite3"
    shutil.copy(_sqlite_template.data_dir / "canteen.sqlite3", path)
    opened = _opened(f"sqlite:///{path}", _sqlite_template, tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def shared_world(_sqlite_template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One copy on SQLite for all tests of a module: for refusals, after which nothing has changed."""
    folder = tmp_path_factory.mktemp("shared-world")
    path = folder / "canteen.sqlite3"
    shutil.copy(_sqlite_template.data_dir / "canteen.sqlite3", path)
    opened = _opened(f"sqlite:///{path}", _sqlite_template, folder)
    yield opened
    opened.database.close()


@pytest.fixture
def postgres_world(_postgres_template: tuple[World, Pristine], tmp_path: Path) -> Iterator[World]:
    """All of it again on PostgreSQL, as it was at first."""
    made, pristine = _postgres_template
    pristine.restore()
    opened = _opened(made.database.url, made, tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_world(request: pytest.FixtureRequest) -> World:
    """The test runs twice: on SQLite, then on PostgreSQL."""
    made = request.getfixturevalue("world" if request.param == "sqlite" else "postgres_world")
    assert isinstance(made, World)
    return made


@pytest.fixture
def w(either_world: World) -> Iterator[World]:
    """`either_world`, after which all invariants hold, whatever happened."""
    yield either_world
    assert [found for found in either_world.database.read_sync(check) if not found.ok] == []
