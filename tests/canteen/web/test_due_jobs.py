"""The jobs of the hour: run twice they change nothing more."""

from datetime import timedelta

from sqlmodel import Session, select

from canteen.web.due_jobs import run_due
from menus.models import Menu
from tests.support.world import World


def _statuses(session: Session) -> set[str]:
    return set(session.exec(select(Menu.status)).all())


async def test_after_the_meal_orders_end_and_menus_close(world: World) -> None:
    """At 10:50 nothing is due; half an hour after lunch everything is; again, nothing."""
    world.place("elder82", "soft", method="cash")

    assert await run_due(world.database, world.now) == 0
    assert world.database.read_sync(_statuses) == {"published"}
    assert await run_due(world.database, world.now + timedelta(hours=3)) == 1
    assert world.database.read_sync(_statuses) == {"closed"}
    assert await run_due(world.database, world.now + timedelta(hours=3)) == 0
