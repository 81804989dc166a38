"""Each invariant finds the defect it is there for, planted past the guards, and nothing in clean books."""

# ruff: noqa: S608 - the statements are put together from constants of this file

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from canteen.db.guards import guard_names
from canteen.readmodels.invariants import Invariant, check
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.end_orders import end_orders
from canteen.usecases.undo_collection import undo_collection
from subsidies.proposals import ProposedCategory
from tests.support.granting import grant_category
from tests.support.world import World

COLLECTED = "(SELECT id FROM meal_order WHERE status = 'collected' ORDER BY id LIMIT 1)"
OPEN = "(SELECT id FROM meal_order WHERE status = 'paid' AND subsidy_fen > 0 ORDER BY id LIMIT 1)"
EARN = f"(SELECT id FROM ledger_transaction WHERE key = 'earn:' || {COLLECTED})"

DEFECTS: dict[str, tuple[str, ...]] = {
    "guards": ("DROP TRIGGER meal_order_moves",),
    "entries-balance": (f"UPDATE posting SET fen = fen + 1 WHERE transaction_id = {EARN} AND position = 0",),
    "entries-balance without legs": (f"DELETE FROM posting WHERE transaction_id = {EARN}",),
    "trial-balance": (f"UPDATE posting SET fen = fen + 1 WHERE transaction_id = {EARN} AND position = 0",),
    "chains after a changed actor": (f"UPDATE ledger_transaction SET actor = 'somebody' WHERE id = {EARN}",),
    "chains after a removed entry": (
        f"DELETE FROM posting WHERE transaction_id = {EARN}",
        f"DELETE FROM ledger_transaction WHERE id = {EARN}",
    ),
    "chains after a changed funder": (
        f"UPDATE posting SET funder = 'city' WHERE transaction_id = {EARN} AND funder = 'collective'",
    ),
    "chains with a cut end": ("UPDATE chain_head SET seq = seq - 1 WHERE canteen_id = 'longcheng'",),
    "budgets": (
        "UPDATE budget SET available_fen = available_fen - 5, earned_fen = earned_fen + 5 WHERE funder = 'district'",
    ),
    "budgets gone": ("DELETE FROM budget WHERE funder = 'district' AND canteen_id = 'longcheng'",),
    "receivables": (
        f"UPDATE posting SET account = '1120' WHERE transaction_id = {EARN} AND account = '1100' AND funder = 'district'",
    ),
    "donations": (
        "UPDATE posting SET fen = -fen WHERE account IN ('1020', '2300')"
        " AND transaction_id IN (SELECT id FROM ledger_transaction WHERE kind = 'load')",
    ),
    "wallets": ("UPDATE wallet SET balance_fen = balance_fen + 100",),
    "drawers": ("UPDATE shift SET float_fen = float_fen + 1",),
    "adjustments": (f"UPDATE ledger_transaction SET kind = 'adjust' WHERE id = {EARN}",),
    "locked-months": (
        "INSERT INTO month_statement VALUES ('S', 'longcheng', '2026-11', 'locked', 1, '2026-12-01', 'a', '2026-12-01', 'a',"
        " '2026-12-01', 1, '', 'b', '2026-12-01', 'c', '2026-12-01', 'c', '2026-12-01',"
        f" '{'ab' * 32}', '{'0' * 64}', '', '')",
    ),
    "wallets gone": ("DELETE FROM wallet",),
    "order-sums against lines": ("UPDATE order_line SET unit_fen = unit_fen + 1",),
    "order-sums against shares": (f"UPDATE order_share SET fen = fen + 1 WHERE order_id = {COLLECTED}",),
    "order-sums unpaid": (f"UPDATE meal_order SET paid_fen = paid_fen - 1 WHERE id = {COLLECTED}",),
    "decisions": (
        f"UPDATE order_share SET fen = fen + 1 WHERE order_id = {COLLECTED} AND funder = 'district'",
        f"UPDATE order_share SET fen = fen - 1 WHERE order_id = {COLLECTED} AND funder = 'subdistrict'",
    ),
    "decisions from other inputs": (
        "UPDATE meal_order SET inputs = CAST(replace(CAST(inputs AS TEXT), '1944-03-12', '1966-03-12') AS BLOB)",
    ),
    "reservations": (f"UPDATE meal_order SET status = 'paid' WHERE id = {COLLECTED}",),
    "reservations resolved twice": (
        "UPDATE ledger_transaction SET resolves = (SELECT resolves FROM ledger_transaction WHERE kind = 'earn'"
        " AND resolves IS NOT NULL LIMIT 1) WHERE kind = 'release'",
    ),
    "reservations of nothing": (
        "UPDATE ledger_transaction SET resolves = 'reserve:no-such-order' WHERE kind = 'earn'",
    ),
    "reservations past their meal": ("UPDATE meal_order SET deadline_at = '2026-11-20 05:00:00.000000'",),
    "earned": (f"UPDATE meal_order SET status = 'collected' WHERE id = {OPEN}",),
    "diners-money prepaid": (f"UPDATE meal_order SET paid_fen = 0 WHERE id = {OPEN}",),
    "diners-money due": (
        "INSERT INTO due (order_id, canteen_id, fen, reason, agreed_at, agreed_by)"
        f" VALUES ({COLLECTED}, 'longcheng', 600, 'x', '2026-11-23 03:00:00.000000', 'x')",
    ),
    "hand-overs without a collection": (f"DELETE FROM collection WHERE order_id = {COLLECTED}",),
    "hand-overs without an earn": (f"UPDATE ledger_transaction SET kind = 'other' WHERE id = {EARN}",),
    "hand-overs of an open order": (f"UPDATE collection SET order_id = {OPEN} WHERE order_id = {COLLECTED}",),
    "counters": ("UPDATE entitlement_counter SET used = 0",),
    "counters gone": ("DELETE FROM entitlement_counter",),
    "portions": ("UPDATE menu_item SET left_halves = left_halves - 1",),
    "draws": (
        "INSERT INTO call_draw (canteen_id, period, seed, seed_seq, diners, drawn, drawn_at)"
        " SELECT canteen_id, '2026-11', hash, 1, 5, 5, '2026-12-01' FROM ledger_transaction WHERE seq = 2",
    ),
    "erasures": ("UPDATE resident SET erased_at = enrolled_at",),
}


@pytest.fixture
def lived(world: World) -> World:
    """Orders that were collected, undone, cancelled, never paid, and some that wait; one with a donation."""
    alone = ProposedCategory(world.people["elder82"], "living_alone", world.day, None, "社区走访表（演示）")
    world.database.write_sync(grant_category, alone, now=world.now, actor="account:test")
    eaten = world.place("elder82", "soft", method="wallet")
    world.collect(eaten.pickup_code)
    world.database.write_sync(undo_collection, eaten.id, reason="递错了", now=world.now, actor="account:test")
    world.collect(eaten.pickup_code)
    dropped = world.place("elder75", "soft", "shuiyun", method="wallet")
    world.database.write_sync(cancel_order, dropped.id, now=world.now, actor="account:test")
    world.collect(world.place("elder92", "soft").pickup_code)
    world.collect(world.place(None, "light", "shuiyun").pickup_code, "shuiyun", take_cash=True)
    world.place("elder75", "soft", "shuiyun", method="wallet")
    world.place("lapsed67", "soft")
    return world


def _findings(world: World) -> dict[str, Invariant]:
    return {found.name: found for found in world.database.read_sync(check)}


def _drop_guards(session: Session) -> None:
    for name in guard_names():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("DROP INDEX collection_once"))


def _plant(statements: tuple[str, ...]) -> Callable[[Session], None]:
    def plant(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    return plant


def _without_constraints(world: World) -> None:
    """Copy the tables that forbid the defect themselves into plain ones."""

    def rebuild(session: Session) -> None:
        for table in ("ledger_transaction", "budget", "wallet", "entitlement_counter", "meal_order"):
            session.execute(text(f"CREATE TABLE plain_{table} AS SELECT * FROM {table}"))
            session.execute(text(f"DROP TABLE {table}"))
            session.execute(text(f"ALTER TABLE plain_{table} RENAME TO {table}"))

    with world.database.write_engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    world.database.write_sync(_drop_guards)
    world.database.write_sync(rebuild)


def test_clean_books_break_nothing(lived: World) -> None:
    broken = {name: found.detail for name, found in _findings(lived).items() if not found.ok}

    assert broken == {}


def test_clean_books_break_nothing_after_the_meal(lived: World) -> None:
    while lived.database.write_sync(end_orders, now=lived.now + timedelta(hours=4)):
        pass

    broken = {name: found.detail for name, found in _findings(lived).items() if not found.ok}

    assert broken == {}


@pytest.mark.parametrize("planted", DEFECTS)
def test_a_planted_defect_is_found_and_told(lived: World, planted: str) -> None:
    name = planted.partition(" ")[0]
    if name != "guards":
        _without_constraints(lived)
    before = _findings(lived)[name]
    assert before.ok or name == "guards"

    lived.database.write_sync(_plant(DEFECTS[planted]))

    after = _findings(lived)[name]
    assert not after.ok
    assert after.detail


def test_every_invariant_has_a_planted_defect(lived: World) -> None:
    assert {planted.partition(" ")[0] for planted in DEFECTS} == set(_findings(lived))


def test_an_order_open_long_after_its_meal_is_found_as_of_the_given_time(lived: World) -> None:
    late = lived.now + timedelta(hours=6)

    found = {each.name: each for each in lived.database.read_sync(lambda session: check(session, now=late))}

    assert not found["reservations"].ok
    assert "open since its meal ended" in found["reservations"].detail
