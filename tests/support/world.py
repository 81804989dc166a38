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
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, select

from canteen.app import create_app
from canteen.clock import move_demo_clock
from canteen.db.database import Database
from canteen.db.migrate import upgrade
from canteen.people.accounts import Actor
from canteen.people.cards import set_state
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.models import CardState, Role
from canteen.people.sealed import Sealer
from canteen.readmodels.quote import LineWish
from canteen.settings import Settings
from canteen.sites.places import seed_places
from canteen.usecases.collect_meal import HandOver, Tray, collect_meal
from canteen.usecases.create_token import create_token
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.grant_category import CategoryGranted, grant_category
from canteen.usecases.load_budget import LoadBudget, load_budget
from canteen.usecases.place_order import OrderAnswer, PlaceOrder, place_order
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.publish_rule_set import publish_rule_set
from canteen.usecases.top_up_wallet import top_up_wallet
from menus.models import Menu, MenuItem
from menus.planning import PlannedLine
from menus.service_days import MealPeriod
from subsidies.rules.library import shipped_text
from tests.canteen.building import LINES, NOW, TODAY, stock_kitchen
from tests.support.postgres import PostgresServer

CANTEENS = ("longcheng", "shuiyun")
SECRET = "a secret for tests, forty characters long!"
ACTOR = "account:world"
_SERVICE = ConsentGiven(ConsentKind.SERVICE)
_HEALTH = ConsentGiven(ConsentKind.HEALTH)


class _Person(TypedDict, total=False):
    title: str
    sex: str
    consents: tuple[ConsentGiven, ...]
    diet: DietNotes


class _Order(TypedDict, total=False):
    quantity: int
    method: str
    channel: str
    idempotency_key: str
    expected_self_pay_fen: int | None
    clashes_seen: bool


def _elder(name: str, born: date, tail: str, home: str = "longcheng", **more: Unpack[_Person]) -> Enrolment:
    street = "jianhua" if home == "longcheng" else "taishan"
    return Enrolment(
        name=name,
        community_id=home,
        born=born,
        register_area=f"jilin/fengman/{street}/{home}",
        cards=(CardToBind(f"62220000000000{tail}"),),
        **more,
    )


PEOPLE = {
    "elder82": _elder("张玉兰", date(1944, 3, 12), "82", title="奶奶", sex="f"),
    "elder92": _elder("王福顺", date(1934, 5, 1), "92", title="爷爷", sex="m"),
    "elder75": _elder("孙淑琴", date(1951, 1, 9), "75", title="阿姨", sex="f", home="shuiyun"),
    "lapsed67": _elder("李桂芝", date(1959, 6, 20), "67", sex="f"),
    "lost": _elder("赵国栋", date(1948, 8, 8), "17", sex="m"),
    "allergic": _elder(
        "𬭊䶮堃", date(1950, 2, 2), "50", consents=(_SERVICE, _HEALTH), diet=DietNotes(allergies=("fish",))
    ),
    "young": _elder("刘洋", date(1996, 7, 7), "30", home="shuiyun"),
}
"""elder82 pays 6 yuan, elder92 nothing, elder75 three quarters, young the list price; `lost` lost the card, the 低保 of
`lapsed67` has ended. Card numbers are 62220000000000 and the two digits of `CARDS`."""
CARDS = {who: person.cards[0].number for who, person in PEOPLE.items()}


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
    sealer: Sealer = field(default_factory=lambda: Sealer(SECRET))

    def environment(self) -> dict[str, str]:
        """For a real server on this world, in demo mode (examples decide, the clock stands at `now`)."""
        return {"CANTEEN_DATABASE_URL": self.database.url, "CANTEEN_SECRET_KEY": SECRET, "CANTEEN_DEMO": "1"}

    def settings(self) -> Settings:
        """For `create_app`."""
        return Settings(database_url=self.database.url, data_dir=self.data_dir, secret_key=SECRET, demo=True)

    def client(self) -> TestClient[Litestar]:
        """The app in this process, to be entered with `with`."""
        return TestClient(create_app(self.settings()), raise_server_exceptions=False)

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
        )

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

    def add_elders(self, count: int, *, born: date = date(1944, 1, 1)) -> list[str]:
        """More residents of Longcheng, 82 years old unless said otherwise, in one transaction; cards 7000000000 and up."""
        return self.database.write_sync(_add_elders, count, born, self.sealer)


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_counter = _numbers()


def _add_elders(session: Session, count: int, born: date, sealer: Sealer) -> list[str]:
    found: list[str] = []
    for index in range(count):
        person = Enrolment(
            name=f"演示{index}",
            community_id="longcheng",
            born=born,
            register_area="jilin/fengman/jianhua/longcheng",
            cards=(CardToBind(f"{7_000_000_000 + next(_counter)}"),),
        )
        found.append(enrol_resident(session, person, now=NOW, actor=ACTOR, sealer=sealer))
    return found


def build_world(url: str, data_dir: Path, *, portions: int | None = None) -> World:
    """Migrate an empty database and fill it. `portions` overrides what is planned of every line."""
    upgrade(url)
    database = Database(url)
    people, tokens = database.write_sync(_fill, portions)
    return World(database, people, database.read_sync(_items), tokens, data_dir)


def _fill(session: Session, portions: int | None) -> tuple[dict[str, str], dict[str, str]]:
    sealer = Sealer(SECRET)
    seed_places(session)
    for code in ("jilin-2024", "fengman-example"):
        publish_rule_set(session, shipped_text(code), now=NOW, actor=ACTOR)
    for canteen in CANTEENS:
        _open_kitchen(session, canteen, portions)
    people = {
        who: enrol_resident(session, person, now=NOW, actor=ACTOR, sealer=sealer) for who, person in PEOPLE.items()
    }
    set_state(session, CARDS["lost"], CardState.LOST, now=NOW)
    low_income = CategoryGranted(
        people["lapsed67"], "low_income", date(2025, 11, 1), date(2026, 11, 1), "低保证（演示）"
    )
    grant_category(session, low_income, now=NOW, actor=ACTOR)
    for who in ("elder82", "elder75", "young"):
        for canteen in CANTEENS:
            top_up_wallet(session, people[who], canteen, fen=20_000, now=NOW, actor=ACTOR)
    move_demo_clock(session, NOW, real_at=datetime.now(UTC))
    tokens = {
        f"{role}-{canteen}": f"nc_{role}_{canteen}" for role in ("kiosk", "staff", "manager") for canteen in CANTEENS
    }
    tokens |= {role: f"nc_{role}" for role in ("officer", "auditor")}
    for name, bearer in tokens.items():
        role, _, canteen = name.partition("-")
        create_token(
            session,
            bearer,
            role=Role(role),
            canteen_id=canteen or None,
            name=name,
            days=None,
            now=NOW,
            business_now=NOW,
            actor=ACTOR,
        )
    return people, tokens


def _open_kitchen(session: Session, canteen: str, portions: int | None) -> None:
    stock_kitchen(session, canteen)
    lines: tuple[PlannedLine, ...] = LINES
    if portions is not None:
        lines = tuple(PlannedLine(line.kind, line.key, portions, line.price_fen, line.parts) for line in LINES)
    plan_menu(session, MenuPlan(canteen, TODAY, MealPeriod.LUNCH, lines, "light"), now=NOW, actor=ACTOR)
    publish_menu(session, MenuOf(canteen, TODAY, MealPeriod.LUNCH), now=NOW, actor=ACTOR)
    for funder in ("district", "subdistrict", "collective", "city"):
        budget = LoadBudget(canteen, funder, "elder-meals", 50_000_000, date(2026, 1, 1), "演示预算")
        load_budget(session, budget, now=NOW, actor=ACTOR)
    gift = LoadBudget(canteen, "charity", "warm-meal-fund", 10_000_000, date(2026, 1, 1), "演示捐赠")
    load_budget(session, gift, now=NOW, actor=ACTOR)


def _items(session: Session) -> dict[str, dict[str, int]]:
    rows = session.exec(select(Menu.kitchen_id, MenuItem.id, MenuItem.name).join(MenuItem)).all()
    by_name: dict[str, dict[str, int]] = {}
    for kitchen, item_id, name in rows:
        assert item_id is not None
        by_name.setdefault(kitchen, {})[name] = item_id
    names = {"soft": "软烂两荤一素", "light": "清淡套餐", "seafood": "鲜味套餐", "ribs": "红烧肉炖豆角", "rice": "米饭"}
    return {kitchen: {key: found[name] for key, name in names.items()} for kitchen, found in by_name.items()}


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
) -> Iterator[tuple[World, str]]:
    name = postgres_server.fresh_database()
    made = build_world(postgres_server.url(name), tmp_path_factory.mktemp("world"))
    made.database.close()
    yield made, name
    postgres_server.drop_database(name)


@pytest.fixture
def world(_sqlite_template: World, tmp_path: Path) -> Iterator[World]:
    """This test's own copy on SQLite."""
    path = tmp_path / "canteen.sqlite3"
    shutil.copy(_sqlite_template.data_dir / "canteen.sqlite3", path)
    opened = _opened(f"sqlite:///{path}", _sqlite_template, tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def postgres_world(
    _postgres_template: tuple[World, str], postgres_server: PostgresServer, tmp_path: Path
) -> Iterator[World]:
    """This test's own copy on PostgreSQL."""
    made, template = _postgres_template
    name = postgres_server.fresh_database(template)
    opened = _opened(postgres_server.url(name), made, tmp_path)
    yield opened
    opened.database.close()
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_world(request: pytest.FixtureRequest) -> World:
    """The test runs twice: on SQLite, then on PostgreSQL."""
    made = request.getfixturevalue("world" if request.param == "sqlite" else "postgres_world")
    assert isinstance(made, World)
    return made
