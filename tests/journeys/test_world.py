"""The small world other tests stand on."""

from tests.support.world import World


def test_an_elder_of_82_pays_six_yuan(either_world: World) -> None:
    """On both databases, for the dearest set and to the fen."""
    order = either_world.place("elder82", "soft")

    tray = either_world.collect(order.pickup_code, take_cash=True)

    assert (order.list_fen, order.self_pay_fen) == (1500, 600)
    assert tray.cash_taken_fen == 600
