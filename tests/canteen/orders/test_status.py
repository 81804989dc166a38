"""The table of states, as a full square."""

import pytest

from canteen.db.guards import MOVES
from canteen.orders.errors import WrongStatus
from canteen.orders.status import ALLOWED, OrderStatus, advance, can_advance
from tests.support.world import World

SQUARE = [(old, new) for old in OrderStatus for new in OrderStatus]
MAY = {
    "placed": "paid cancelled expired",
    "paid": "placed ready collected cancelled not_collected",
    "ready": "paid collected cancelled not_collected",
    "collected": "paid placed",
    "cancelled": "",
    "expired": "",
    "not_collected": "",
}


@pytest.mark.parametrize("old, new", SQUARE, ids=str)
def test_only_these_moves_are_allowed(old: OrderStatus, new: OrderStatus) -> None:
    """Every pair of states, allowed or not."""
    assert can_advance(old, new) == (new.value in MAY[old.value].split())


def test_the_database_allows_the_same_moves() -> None:
    """The trigger's table and the code's table are one."""
    assert set(MOVES) == {(old.value, new.value) for old, moves in ALLOWED.items() for new in moves}


def test_a_move_happens_once(world: World) -> None:
    """Who comes second with the same old state is told so."""
    order = world.place("elder82", "light", method="cash")
    world.database.write_sync(advance, order.id, "placed", OrderStatus.CANCELLED)

    with pytest.raises(WrongStatus):
        world.database.write_sync(advance, order.id, "placed", OrderStatus.CANCELLED)
