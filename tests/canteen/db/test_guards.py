"""What the database itself refuses, on both databases, and again after a migration."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from canteen.db.guards import apply_guards, guard_names
from tests.support.world import World

ATTACKS = (
    "UPDATE ledger_transaction SET reason = 'x'",
    "DELETE FROM ledger_transaction",
    "UPDATE posting SET fen = fen + 1",
    "DELETE FROM posting",
    "UPDATE audit_entry SET actor = 'x'",
    "DELETE FROM audit_entry",
    "UPDATE payment SET fen = 1",
    "DELETE FROM payment",
    "UPDATE order_share SET fen = fen + 1",
    "DELETE FROM order_line",
    "UPDATE order_counter SET take = 9",
    "UPDATE rule_set SET text = 'x'",
    "DELETE FROM idempotency_key",
    "UPDATE meal_order SET subsidy_fen = 0, self_pay_fen = list_fen",
    "UPDATE meal_order SET resident_id = NULL",
    "UPDATE meal_order SET resident_id = (SELECT id FROM resident WHERE id <> meal_order.resident_id LIMIT 1)",
    "DELETE FROM meal_order",
    "UPDATE meal_order SET status = 'placed' WHERE status = 'cancelled'",
    "UPDATE collection SET collected_at = undone_at",
    "DELETE FROM collection",
    "UPDATE menu_item SET left_halves = -1",
    "UPDATE wallet SET balance_fen = -1",
    "UPDATE wallet SET balance_fen = 500001",
    "UPDATE entitlement_counter SET used = cap + 1",
    "UPDATE budget SET available_fen = available_fen + 1",
    "UPDATE category_grant SET granted_by = 'x'",
    "UPDATE category_grant SET valid_until = NULL",
    "DELETE FROM category_grant",
    "INSERT INTO category_grant (id, resident_id, category, valid_from, evidence, granted_at, granted_by, proposed_by)"
    " SELECT 'x', resident_id, category, valid_from, evidence, granted_at, granted_by, granted_by FROM category_grant",
    "UPDATE category_proposal SET decided_by = 'x'",
    "INSERT INTO category_proposal (id, resident_id, category, valid_from, evidence, source, reason, entered_at, entered_by,"
    " decision, decided_at, decided_by) SELECT 'x', resident_id, category, valid_from, evidence, '', '', entered_at, 'a',"
    " 'approved', entered_at, 'a' FROM category_proposal",
    "INSERT INTO collection (id, order_id, canteen_id, day, meal, collected_at, how, \"by\", by_name) SELECT 'x', order_id,"
    ' canteen_id, day, meal, collected_at, how, "by", by_name FROM collection WHERE undone_at IS NULL LIMIT 1',
)


def _busy(world: World) -> World:
    served = world.place("elder82", "soft", method="wallet")
    world.collect(served.pickup_code)
    cancelled = world.place("elder75", "soft", canteen="shuiyun", method="cash")
    world.database.write_sync(_cancel, cancelled.id)
    return world


def _cancel(session: Session, order_id: str) -> None:
    session.execute(text("UPDATE meal_order SET status = 'cancelled' WHERE id = :id"), {"id": order_id})


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_database_refuses(world: World, statement: str) -> None:
    """Whatever code, tool or hand tries it."""
    _busy(world)

    with pytest.raises(DBAPIError):
        world.database.write_sync(_run, statement)


@pytest.mark.postgres
def test_postgres_refuses_the_same(postgres_world: World) -> None:
    """One world, every attack."""
    _busy(postgres_world)
    let_through = []
    for statement in ATTACKS:
        try:
            postgres_world.database.write_sync(_run, statement)
        except DBAPIError:
            continue
        let_through.append(statement)

    assert not let_through


def test_guards_come_back_after_a_table_was_rebuilt(world: World) -> None:
    """Alembic's batch recreate drops triggers; `apply_guards` runs after every upgrade."""
    world.database.write_sync(_run, "DROP TRIGGER posting_no_update")

    world.database.write_sync(lambda session: apply_guards(session.connection()))

    found = world.database.read_sync(
        lambda session: session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    )
    assert set(guard_names()) <= set(found)
