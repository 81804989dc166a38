"""Two people and one batch of a late notice, whatever the program says: races, and what the database itself refuses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from canteen.orders.errors import OrderError
from tests.support.late_notice import adjusted, ate, balance, broken, decide, propose_late, publish_late
from tests.support.world import World


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(either_world: World) -> None:
    """Posted once; the others hear that somebody was faster."""
    world = either_world
    ate(world)
    proposal = propose_late(world, publish_late(world))

    def approve(who: str) -> str:
        try:
            decide(world, proposal, by=who)
        except OrderError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(approve, [f"account:{number}" for number in range(4)]))

    assert sorted(answers) == ["ok", *["orders.adjustment-decided"] * 3]
    assert adjusted(world)["district"] == 550
    assert balance(world) == 20_100
    assert broken(world) == []


REFUSED = (
    "UPDATE adjustment SET decision = 'approved', decided_at = proposed_at, decided_by = proposed_by",
    "INSERT INTO adjustment {} SELECT 'x', resident_id, rule_set_id, reason, proposed_at, proposed_by, proposed_name,"
    " 'approved', proposed_at, 'account:z', '', '' FROM adjustment",
    "INSERT INTO adjustment {} SELECT 'x', resident_id, NULL, reason, proposed_at, proposed_by, proposed_name,"
    " NULL, NULL, NULL, '', '' FROM adjustment",
    "UPDATE adjustment SET rule_set_id = 1",
)
"""Approved by whoever proposed it; a second batch of one notice; one about nothing; one about another notice by now."""
COLUMNS = (
    "(id, resident_id, rule_set_id, reason, proposed_at, proposed_by, proposed_name, decision, decided_at, decided_by,"
    " decided_name, decided_reason)"
)


def test_the_database_itself_refuses(either_world: World) -> None:
    ate(either_world)
    propose_late(either_world, publish_late(either_world))

    for statement in REFUSED:
        with pytest.raises(IntegrityError):
            either_world.database.write_sync(_run, statement.format(COLUMNS))


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))
