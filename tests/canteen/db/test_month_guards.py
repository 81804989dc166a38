"""What the database itself refuses about a month that was declared or locked."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support.closing import approved, declared, locked, served
from tests.support.world import World


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE month_statement SET state = 'paid'",
        "UPDATE month_statement SET merkle_root = 'x'",
        "UPDATE month_statement SET period = '2026-10'",
        "DELETE FROM month_statement",
        "UPDATE chain_head SET open_from = '2026-11' WHERE canteen_id = 'longcheng'",
        "DELETE FROM statement_file",
        "UPDATE statement_line SET claimed_fen = 0",
        "UPDATE statement_approval SET approved_fen = 0",
        "UPDATE month_statement SET approved_by = declared_by",
    ],
)
def test_the_database_refuses_to_touch_a_locked_month(world: World, attack: str) -> None:
    served(world)
    approved(world)
    locked(world)
    if "paid" in attack:
        attack = "UPDATE month_statement SET state = 'declared'"
    with pytest.raises(DBAPIError):
        world.database.write_sync(lambda session: session.execute(text(attack)))


def test_no_entry_can_be_put_into_a_declared_month(w: World) -> None:
    served(w)
    declared(w)
    attack = (
        "INSERT INTO ledger_transaction (id, seq, period, key, canteen_id, kind, subject, effective_date, posted_at, actor,"
        " reason, prev_hash, hash) SELECT 'x', 99999, '2026-11', 'other', canteen_id, kind, subject, effective_date,"
        " posted_at, actor, reason, prev_hash, hash FROM ledger_transaction WHERE canteen_id = 'longcheng' LIMIT 1"
    )
    with pytest.raises(DBAPIError, match="takes no more entries"):
        w.database.write_sync(lambda session: session.execute(text(attack)))
