"""Portions that come later in the meal: at their moment, once, whoever runs the jobs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from canteen.audit.models import AuditEntry
from canteen.db.database import Database
from canteen.usecases.top_up_portions import top_up_portions
from menus import planning, top_ups
from menus.errors import PortionsRefused, TopUpRefused
from menus.models import MenuItem, PortionTopUp
from menus.portions import set_sold_out
from menus.top_ups import Applied, Outcome
from tests.canteen.building import LINES, NOW, plan_lunch
from tests.support.world import World

LATER = NOW + timedelta(minutes=40)


def planned(database: Database, menu_id: int, *, at: datetime = LATER, portions: int = 40, key: str = "ribs") -> int:
    """「11:30 再加 40 份」 of the ribs."""
    return database.write_sync(top_ups.plan, menu_id, "dish", key, at=at, portions=portions, now=NOW, by="account:1")


def _halves(session: Session) -> tuple[int, int]:
    row = session.exec(
        select(MenuItem.planned_halves, MenuItem.left_halves).where(MenuItem.name == "红烧肉炖豆角")
    ).one()
    return row[0], row[1]


def test_portions_come_at_their_moment_and_once(database: Database) -> None:
    top_up = planned(database, plan_lunch(database))

    assert database.read_sync(top_ups.due, LATER - timedelta(seconds=1)) == ()
    assert database.write_sync(top_ups.apply, top_up, now=LATER - timedelta(seconds=1)) is None
    assert database.read_sync(top_ups.due, LATER) == (top_up,)
    done = database.write_sync(top_ups.apply, top_up, now=LATER)
    again = database.write_sync(top_ups.apply, top_up, now=LATER)

    assert isinstance(done, Applied)
    assert (done.outcome, done.portions, again) == (Outcome.ADDED, 40, None)
    assert database.read_sync(_halves) == (100, 100)
    assert database.read_sync(top_ups.due, LATER) == ()


def test_the_same_line_and_moment_takes_the_new_number(database: Database) -> None:
    menu_id = plan_lunch(database)

    assert planned(database, menu_id, portions=40) == planned(database, menu_id, portions=25)
    assert database.read_sync(lambda s: s.exec(select(PortionTopUp.portions)).all()) == [25]


def test_a_draft_waits_and_its_lines_may_be_written_anew(database: Database) -> None:
    """Planning the draft again makes new lines: the top-up finds its own by key."""
    menu_id = plan_lunch(database, publish=False)
    top_up = planned(database, menu_id)
    plan_lunch(database, publish=False)

    assert database.read_sync(top_ups.due, LATER) == ()
    assert database.write_sync(top_ups.apply, top_up, now=LATER) is None
    database.write_sync(planning.publish, menu_id, now=NOW)
    assert database.read_sync(top_ups.due, LATER) == (top_up,)
    database.write_sync(top_ups.apply, top_up, now=LATER)

    assert database.read_sync(_halves) == (100, 100)


def _outcome(session: Session) -> str:
    return session.exec(select(PortionTopUp.outcome)).one()


def test_after_the_meal_nothing_is_added_and_nothing_waits(database: Database) -> None:
    menu_id = plan_lunch(database)
    top_up = planned(database, menu_id)
    database.write_sync(planning.close, menu_id, now=LATER)

    done = database.write_sync(top_ups.apply, top_up, now=LATER)

    assert done is not None
    assert done.outcome is Outcome.CLOSED
    assert database.read_sync(_outcome) == "closed"
    assert database.read_sync(_halves) == (20, 20)
    assert database.read_sync(top_ups.due, LATER) == ()


def test_a_line_that_left_the_plan_is_told(database: Database) -> None:
    menu_id = plan_lunch(database, publish=False)
    top_up = planned(database, menu_id)
    plan_lunch(database, lines=LINES[:3])

    done = database.write_sync(top_ups.apply, top_up, now=LATER)

    assert done is not None
    assert done.outcome is Outcome.NO_LINE


def test_more_than_a_kitchen_cooks_is_not_added(database: Database) -> None:
    top_up = planned(database, plan_lunch(database), portions=5_000)

    done = database.write_sync(top_ups.apply, top_up, now=LATER)

    assert done is not None
    assert done.outcome is Outcome.TOO_MANY
    assert database.read_sync(_halves) == (20, 20)


def test_what_was_marked_sold_out_stays_off_sale(database: Database) -> None:
    """Somebody at the window took it off: the cook's plan does not know why."""
    top_up = planned(database, plan_lunch(database))
    item = database.read_sync(lambda s: s.exec(select(MenuItem.id).where(MenuItem.name == "红烧肉炖豆角")).one())
    assert item is not None
    database.write_sync(set_sold_out, item, True)

    database.write_sync(top_ups.apply, top_up, now=LATER)

    sold_out = select(MenuItem.sold_out).where(MenuItem.id == item)
    assert database.read_sync(lambda s: s.exec(sold_out).one())
    assert database.read_sync(_halves) == (100, 100)


def test_a_plan_can_be_dropped_until_it_is_done(database: Database) -> None:
    menu_id = plan_lunch(database)
    first, second = planned(database, menu_id), planned(database, menu_id, at=LATER + timedelta(minutes=5))
    database.write_sync(top_ups.apply, first, now=LATER)

    assert not database.write_sync(top_ups.drop, menu_id, first)
    assert not database.write_sync(top_ups.drop, menu_id + 1, second)
    assert database.write_sync(top_ups.drop, menu_id, second)
    assert database.read_sync(top_ups.due, LATER + timedelta(hours=1)) == ()


@pytest.mark.parametrize(
    "more, refusal",
    [
        ({"at": NOW}, TopUpRefused),
        ({"key": "caviar"}, TopUpRefused),
        ({"portions": 0}, PortionsRefused),
        ({"portions": 5_001}, PortionsRefused),
    ],
)
def test_what_cannot_come_is_refused(database: Database, more: dict[str, object], refusal: type[Exception]) -> None:
    menu_id = plan_lunch(database)

    with pytest.raises(refusal):
        planned(database, menu_id, **more)  # type: ignore[arg-type]


def test_several_processes_add_each_once(either_world: World) -> None:
    """Four writers on the same database, each with all of them, in one instant."""
    menu_id = either_world.database.read_sync(lambda s: s.exec(select(MenuItem.menu_id)).first())
    assert menu_id is not None
    made = [planned(either_world.database, menu_id, at=LATER + timedelta(minutes=n), portions=5) for n in range(6)]
    before = either_world.database.read_sync(_left_of_all)
    barrier = Barrier(4)

    def run(_: int) -> int:
        database = Database(either_world.database.url)
        try:
            barrier.wait()
            at = LATER + timedelta(hours=1)
            found = [database.write_sync(top_up_portions, one, now=at, actor="job:top-up") for one in made]
            return sum(1 for one in found if one is not None)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))

    assert sum(done) == 6
    assert either_world.database.read_sync(_left_of_all) == before + 6 * 5 * 2
    actions = select(AuditEntry.id).where(AuditEntry.action == "menu.topped-up")
    assert len(either_world.database.read_sync(lambda s: s.exec(actions).all())) == 6


def _left_of_all(session: Session) -> int:
    return sum(session.exec(select(MenuItem.left_halves)).all())
