"""`canteen policy`: what it says, on which line, and its exit codes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from canteen.cli import main
from subsidies.rules.library import shipped_text
from tests.support.world import World

Run = Callable[..., Result]
SOUND = shipped_text("shenyang-hunnan-2022")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("lint", FILE)` without a database."""

    def invoke(*arguments: object, **environment: str) -> Result:
        settings = {"CANTEEN_DATA_DIR": str(tmp_path), "CANTEEN_SECRET_KEY": "k" * 48} | environment
        return CliRunner().invoke(main, ["policy", *map(str, arguments)], env=settings)

    return invoke


@pytest.fixture
def document(tmp_path: Path) -> Callable[[str], Path]:
    """A file with this text."""

    def write(content: str) -> Path:
        file = tmp_path / "rules.toml"
        file.write_text(content, encoding="utf-8")
        return file

    return write


def _line(content: str, holds: str) -> int:
    return next(number for number, line in enumerate(content.splitlines(), 1) if holds in line)


def test_everything_that_ships_passes_its_own_examples(run: Run) -> None:
    answer = run("test", "subsidies/rule_documents")

    assert answer.exit_code == 0, answer.output
    assert " 0 failed" in answer.output


def test_a_published_gap_is_named_with_what_to_do(run: Run) -> None:
    answer = run("lint", "subsidies/rule_documents/library/changchun-canteen-2023.toml", "--lang", "en")

    assert "80-89" in answer.output


@pytest.mark.parametrize(
    "before, after, says",
    [
        ("source =", "sauce =", "unknown field `sauce`|没有「sauce」这个词"),
        ("amount =", "ammount =", "unknown field `ammount`|没有「ammount」这个词"),
        ('"district"', '"distritc"', "`distritc` is not declared|「distritc」没有定义过"),
        ("[[rules]]", "[[rules]", "|不是 TOML"),
    ],
)
def test_a_fault_names_its_line(run: Run, document: Callable[[str], Path], before: str, after: str, says: str) -> None:
    content = shipped_text("hefei-2022").replace(before, after, 1)
    for lang, words in zip(("en", "zh"), says.split("|"), strict=True):
        answer = run("lint", document(content), "--lang", lang)

        assert answer.exit_code == 1
        assert f"rules.toml:{_line(content, after)}:" in answer.output, answer.output
        assert words in answer.output


def test_a_wrong_example_is_named_with_both_figures(run: Run, document: Callable[[str], Path]) -> None:
    content = SOUND.replace('self_pay = "10.80"', 'self_pay = "10.90"', 1)
    answer = run("test", document(content))

    assert answer.exit_code == 1
    assert "self_pay should be 10.90, is 10.80" in answer.output
    assert run("lint", document(content)).exit_code == 1


def test_no_examples_is_no(run: Run, document: Callable[[str], Path]) -> None:
    answer = run("test", document(SOUND.partition("[[examples]]")[0]))

    assert answer.exit_code == 1
    assert "no worked example" in answer.output


def test_misuse_is_two(run: Run, tmp_path: Path) -> None:
    assert run("lint", tmp_path / "nothing.toml").exit_code == 2
    assert run("explain").exit_code == 2
    assert run("simulate", "subsidies/rule_documents/jilin-2024.toml", "--from", "soon").exit_code == 2


@pytest.fixture
def on_world(world: World, run: Run) -> Run:
    """`run` on the database of a small world."""
    environment = {"CANTEEN_DATABASE_URL": world.database.url, "CANTEEN_SECRET_KEY": world.secret}
    return lambda *arguments: run(*arguments, **environment)


def test_an_order_is_explained_and_agrees_with_the_books(world: World, on_world: Run) -> None:
    order = world.place("elder82", "light", method="cash")
    world.collect(order.pickup_code, canteen="longcheng", take_cash=True)

    answer = on_world("explain", "--order", order.id)

    assert answer.exit_code == 0, answer.output
    assert "order: agrees  books: agree" in answer.output
    assert on_world("explain", "--from", "2026-11").output.startswith(
        "1 orders decided again, 1 in the books, 0 differ"
    )


def test_a_planted_fen_is_found(world: World, on_world: Run) -> None:
    order = world.place("elder82", "light", method="cash")
    with world.database.write_engine.begin() as connection:
        connection.execute(text("DROP TRIGGER order_share_no_update"))
        connection.execute(text("UPDATE order_share SET fen = fen + 1 WHERE position = 0"))

    assert on_world("explain", "--order", order.id).exit_code == 1
    answer = on_world("explain", "--from", "2026-11")
    assert answer.exit_code == 1
    assert f"{order.id}: decided again differs from the order" in answer.output


def test_a_draft_is_tried_on_the_months_meals(world: World, on_world: Run) -> None:
    """Whoever was handed a meal is counted, whoever cancelled is not."""
    order = world.place("elder82", "light", method="cash")
    world.collect(order.pickup_code, canteen="longcheng", take_cash=True)
    world.place("elder92", "light", method="cash")

    answer = on_world("simulate", "subsidies/rule_documents/fengman-example.toml", "--from", "2026-11")

    assert answer.exit_code == 0, answer.output
    assert "1 meals handed over" in answer.output
    assert "people: 0 gain 0.00, 0 lose 0.00, 1 neither" in answer.output


def test_nothing_to_try_it_on_is_no(on_world: Run) -> None:
    assert on_world("simulate", "subsidies/rule_documents/jilin-2024.toml", "--from", "2025-01").exit_code == 1
