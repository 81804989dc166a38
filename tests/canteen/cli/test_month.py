"""`canteen month reconcile` on the database of a small world."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canteen.cli import main
from tests.support.world import World

Run = Callable[..., Result]


@pytest.fixture
def run(world: World, tmp_path: Path) -> Run:
    """`run("2026-11")` with this world's settings."""
    settings = {
        "CANTEEN_DATA_DIR": str(tmp_path),
        "CANTEEN_DATABASE_URL": world.database.url,
        "CANTEEN_SECRET_KEY": world.secret,
    }
    return lambda *arguments: CliRunner().invoke(main, ["month", "reconcile", *arguments], env=settings)


def test_a_clean_month_is_yes_and_shows_its_figures(world: World, run: Run) -> None:
    order = world.place("elder82", "light", method="cash")
    world.collect(order.pickup_code, canteen="longcheng", take_cash=True)

    answer = run("2026-11", "--canteen", "longcheng")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("ok    longcheng 2026-11: 1 meals, decided again ")
    assert len(answer.stdout.splitlines()) == 1


def test_a_planted_fen_is_no_and_is_told_in_words(world: World, run: Run) -> None:
    order = world.place("elder82", "light", method="cash")
    world.collect(order.pickup_code, canteen="longcheng", take_cash=True)
    with world.database.write_engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER order_share_no_update")
        connection.exec_driver_sql("UPDATE order_share SET fen = fen + 1 WHERE funder = 'district'")

    answer = run("2026-11", "--canteen", "longcheng")
    assert (answer.exit_code, answer.stdout[:4]) == (1, "FAIL")
    assert "订单上的补贴比重新核定多 0.01 元" in answer.stdout
    assert "The order names 0.01 yuan more than is decided again" in run("2026-11", "--lang", "en").stdout


@pytest.mark.parametrize("arguments", [("2026-13",), ("November",), ("2026-11", "--canteen", "nowhere")])
def test_misuse_is_two(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
