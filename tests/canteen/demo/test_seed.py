"""The demo loader: real books from real use cases, resumable, topped up, and a clock that opens at lunch."""

# ruff: noqa: S608 - the statements are put together from constants of this file

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from canteen.clock import move_demo_clock, read_demo_clock
from canteen.db.database import Database
from canteen.db.migrate import upgrade
from canteen.demo import kitchens
from canteen.demo.accounts import DEMO_SIGN_INS
from canteen.demo.crew import read_crew
from canteen.demo.seed import DemoReport, load_or_top_up
from canteen.people import cards
from canteen.people.sealed import Sealer
from canteen.readmodels.day_menu import day_menu
from canteen.readmodels.invariants import check
from canteen.readmodels.quote import LineWish
from canteen.readmodels.simulated_spend import simulated_spend
from canteen.readmodels.usual_meal import usual_meal
from canteen.settings import Settings
from canteen.usecases.place_order import PlaceOrder, place_order
from subsidies.months import month_of
from subsidies.queries import earned_in
from subsidies.rules.library import shipped
from tests.support.postgres import PostgresServer

REAL = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)
"""20 past 11 at night in Jilin."""
LUNCH = datetime(2026, 11, 23, 2, 50, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HISTORY_DAYS = 5
SECRET = "forty characters of a secret for the demo"
ZHANG = "6222000000000082"


@dataclass(frozen=True)
class Demo:
    """A database with the demo in it."""

    database: Database
    settings: Settings

    def start(self, real_now: datetime) -> DemoReport:
        """Start it (again)."""
        return load_or_top_up(
            self.database,
            self.settings,
            lambda what, part: None,
            real_now=real_now,
            history_days=HISTORY_DAYS,
            days_ahead=5,
        )

    def count(self, query: str) -> int:
        """One figure."""
        return int(self.database.read_sync(lambda session: session.execute(text(query)).scalar_one()))

    def broken(self) -> list[str]:
        """Invariants that do not hold."""
        return [found.name for found in self.database.read_sync(check) if not found.ok]


def _demo(folder: Path) -> Demo:
    url = f"sqlite:///{folder / 'canteen.sqlite3'}"
    return Demo(Database(url), Settings(url, folder, SECRET, demo=True))


@pytest.fixture(scope="module")
def loaded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Loaded once at REAL."""
    folder = tmp_path_factory.mktemp("demo")
    upgrade(f"sqlite:///{folder / 'canteen.sqlite3'}")
    demo = _demo(folder)
    report = demo.start(REAL)
    assert report.now == LUNCH
    demo.database.close()
    return folder


@pytest.fixture
def demo(loaded_folder: Path, tmp_path: Path) -> Iterator[Demo]:
    """A copy of one's own."""
    shutil.copy(loaded_folder / "canteen.sqlite3", tmp_path / "canteen.sqlite3")
    opened = _demo(tmp_path)
    yield opened
    opened.database.close()


def test_every_invariant_of_the_books_holds_after_loading(demo: Demo) -> None:
    assert demo.broken() == []


def test_the_rule_in_force_tried_on_past_meals_gives_the_books_again(demo: Demo) -> None:
    """Cancelled, expired and not collected orders among them: by funder, to the fen, what the ledger holds."""
    month = month_of(TODAY)
    canteens = ("longcheng", "shuiyun")
    booked: dict[str, int] = {}
    for earned in demo.database.read_sync(earned_in, month, canteens):
        booked[earned.funder] = booked.get(earned.funder, 0) + earned.fen

    found = demo.database.read_sync(simulated_spend, shipped("fengman-example"), month, month, canteens=canteens)

    assert sum(booked.values()) > 100_000
    assert {funder: tally.after_fen for funder, tally in found.by_funder.items()} == booked
    assert (found.total.cheaper, found.total.dearer) == (0, 0)
    assert found.total.before_fen == found.total.after_fen == sum(booked.values())


def test_days_before_today_were_served_in_every_way(demo: Demo) -> None:
    statuses = "SELECT count(DISTINCT status) FROM meal_order"
    channels = "SELECT count(DISTINCT channel) FROM meal_order"
    meals = f"SELECT count(*) FROM meal_order WHERE status = 'collected' AND day < '{TODAY}'"

    assert demo.count(meals) > 200
    assert demo.count(statuses) >= 5
    assert demo.count(channels) == 3
    assert demo.count("SELECT count(DISTINCT day || meal || canteen_id) FROM meal_order") >= HISTORY_DAYS * 5


def test_the_accounts_are_there_before_the_first_meal(demo: Demo) -> None:
    """In the demo's own time, so that the audit log does not show them above today's lunch."""
    added = "select count(*) from audit_entry where action = 'account.added'"

    assert demo.count(added) == len(DEMO_SIGN_INS)
    assert demo.count(f"{added} and at < (select min(at) from audit_entry where action = 'meal.collected')") == len(
        DEMO_SIGN_INS
    )


def test_every_order_at_a_kiosk_names_the_device(demo: Demo) -> None:
    """The office reads the name of whoever placed an order, and later visitors find the same device."""
    nameless = "SELECT count(*) FROM meal_order WHERE placed_by LIKE 'device:%' AND substr(placed_by, 8) NOT IN"

    assert demo.count("SELECT count(*) FROM meal_order WHERE placed_by LIKE 'device:%'") > 0
    assert demo.count(f"{nameless} (SELECT id FROM device WHERE token_hash IS NOT NULL)") == 0
    assert demo.count("SELECT count(*) FROM device") == 4


def test_lunch_has_orders_waiting_and_none_of_the_people_visitors_order_for(demo: Demo) -> None:
    lunch = f"FROM meal_order WHERE day = '{TODAY}' AND meal = 'lunch'"
    known = "('6222000000000082', '6222000000000092', '6222000000000085')"

    for canteen in ("longcheng", "shuiyun"):
        assert demo.count(f"SELECT count(*) {lunch} AND canteen_id = '{canteen}'") == 26
        waiting = f"SELECT count(*) {lunch} AND canteen_id = '{canteen}' AND status IN ('placed', 'paid')"
        assert demo.count(waiting) >= 18
    theirs = f"SELECT count(*) {lunch} AND resident_id IN (SELECT resident_id FROM card WHERE number IN {known})"
    assert demo.count(theirs) == 0


def test_zhang_yulan_has_her_usual_and_pays_six_yuan(demo: Demo) -> None:
    card = demo.database.read_sync(cards.find_active, ZHANG)
    menu = demo.database.read_sync(day_menu, "longcheng", TODAY, "lunch")
    usual = demo.database.read_sync(usual_meal, menu, card.resident_id)
    assert usual is not None

    order = demo.database.write_sync(
        place_order,
        PlaceOrder(
            "longcheng",
            TODAY,
            "lunch",
            card.resident_id,
            (LineWish(usual.item.id),),
            method="wallet",
            channel="kiosk",
            key="zhang",
        ),
        now=LUNCH,
        actor="device:test",
        sealer=Sealer(SECRET),
        examples_decide=True,
    )

    assert (usual.title_key, usual.item.key) == ("usual", "soft_two_meat")
    assert (order.self_pay_fen, order.paid_fen, order.status) == (600, 600, "paid")


def test_a_second_start_does_nothing_and_the_clock_goes_on(demo: Demo) -> None:
    report = demo.start(REAL + timedelta(minutes=7))

    assert report.did_nothing
    assert report.now == LUNCH + timedelta(minutes=7)
    assert report.seconds < 2


def test_a_start_two_days_later_lives_through_the_days_between(demo: Demo) -> None:
    report = demo.start(REAL + timedelta(days=2, hours=12))

    assert report.now == LUNCH + timedelta(days=3)
    assert report.meals_served > 60
    left = "SELECT count(*) FROM meal_order WHERE status IN ('placed', 'paid') AND day < '2026-11-26'"
    assert demo.count(left) == 0
    assert demo.count("SELECT count(*) FROM menu WHERE status = 'published' AND day < '2026-11-26'") == 0
    assert demo.broken() == []


def test_later_days_are_drafts_until_they_come_near(demo: Demo) -> None:
    """A manager has something to look over; whoever moves the clock still finds a menu."""
    crew = demo.database.read_sync(read_crew)
    for ahead in (15, 30):
        demo.database.write_sync(kitchens.plan_day, TODAY + timedelta(days=ahead), crew, now=LUNCH)
    drafts = "SELECT count(DISTINCT day) FROM menu WHERE status = 'draft'"
    assert demo.count(drafts) == 2

    demo.database.write_sync(kitchens.publish_coming, now=LUNCH + timedelta(days=1))

    assert demo.count(drafts) == 1
    assert demo.broken() == []


def test_the_clock_never_goes_back(demo: Demo) -> None:
    ahead = LUNCH + timedelta(days=1, hours=1)
    demo.database.write_sync(move_demo_clock, ahead, real_at=REAL)

    assert demo.start(REAL).now >= ahead


def test_an_interrupted_load_is_resumed(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'canteen.sqlite3'}")
    demo = replace(_demo(tmp_path))

    class Killed(Exception):
        pass

    def stop(what: str, part: float) -> None:
        if part > 0.6:
            raise Killed

    with pytest.raises(Killed):
        load_or_top_up(demo.database, demo.settings, stop, real_now=REAL, history_days=1, days_ahead=1)
    assert demo.database.read_sync(read_demo_clock) is None

    report = load_or_top_up(
        demo.database, demo.settings, lambda what, part: None, real_now=REAL, history_days=1, days_ahead=1
    )

    assert report.residents == 0
    assert report.meals_served > 0
    assert demo.count("SELECT count(*) FROM resident") == 300
    assert demo.broken() == []
    demo.database.close()


@pytest.mark.long
@pytest.mark.postgres
def test_it_loads_on_postgresql_too(postgres_server: PostgresServer, tmp_path: Path) -> None:
    name = postgres_server.fresh_database()
    url = postgres_server.url(name)
    upgrade(url)
    demo = Demo(Database(url), Settings(url, tmp_path, SECRET, demo=True))

    report = load_or_top_up(
        demo.database, demo.settings, lambda what, part: None, real_now=REAL, history_days=1, days_ahead=1
    )

    assert report.meals_served > 30
    assert demo.broken() == []
    demo.database.close()
    postgres_server.drop_database(name)


def test_whatever_is_invented_is_marked(demo: Demo) -> None:
    assert demo.count("SELECT count(*) FROM resident WHERE NOT is_demo") == 0
    assert demo.count("SELECT count(*) FROM dish WHERE NOT is_demo") == 0
    assert demo.count("SELECT count(*) FROM operator WHERE NOT is_demo OR name NOT LIKE '%（演示）'") == 0
    assert demo.count("SELECT count(*) FROM account WHERE name NOT LIKE '%（演示）'") == 0
    assert demo.count("SELECT count(*) FROM account") == len(DEMO_SIGN_INS)


@pytest.mark.long
def test_two_loads_of_the_same_day_have_the_same_meals(demo: Demo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    upgrade(f"sqlite:///{other / 'canteen.sqlite3'}")
    again = _demo(other)
    load_or_top_up(again.database, again.settings, lambda what, part: None, real_now=REAL, history_days=1, days_ahead=0)
    same = (
        "SELECT group_concat(said, ' ') FROM (SELECT o.canteen_id || o.meal || o.number_index || l.name || o.list_fen"
        " AS said FROM meal_order o JOIN order_line l ON l.order_id = o.id WHERE o.day = '2026-11-22' ORDER BY 1)"
    )

    def said(of: Demo) -> str:
        return str(of.database.read_sync(lambda session: session.execute(text(same)).scalar_one()))

    assert said(again) == said(demo)
    again.database.close()
