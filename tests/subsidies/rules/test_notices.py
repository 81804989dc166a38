"""Eight notices nobody published, written from docs/rules.md alone with figures worked out by hand: the page is enough."""

import re
from pathlib import Path

import pytest

from subsidies.rules.document import load
from subsidies.rules.examples import run_example
from subsidies.rules.lint import lint, refuses

NOTICES = {
    file.stem: file.read_text(encoding="utf-8") for file in sorted((Path(__file__).parent / "notices").glob("*.toml"))
}
SETS = {name: load(text) for name, text in NOTICES.items()}


@pytest.mark.parametrize("name, index", [(name, i) for name, one in SETS.items() for i in range(len(one.examples))])
def test_the_figures_worked_out_by_hand_come_out(name: str, index: int) -> None:
    result = run_example(SETS[name], SETS[name].examples[index])

    assert result.differences == (), result.name


@pytest.mark.parametrize("name", NOTICES)
def test_the_notice_could_be_published(name: str) -> None:
    assert not refuses(lint(SETS[name]))


def test_together_they_use_what_is_hard() -> None:
    """Words of the language that a simple notice never needs."""
    used = set(re.findall(r"[a-z_]+", "\n".join(NOTICES.values())))

    assert len(SETS) == 8
    assert used >= {
        "same", "canteens", "sequential", "fixed_price", "allowance", "more_than", "at_least", "net", "list", "week", "year",
        "makeup_workday", "holiday", "pro_rata", "gives_way", "operator", "courier", "day_after", "first_of_month",
        "first_of_next_month", "kept_when", "ways", "highest", "first", "leaves_at_least", "rest", "odd_fen_to", "own_meal",
    }  # fmt: skip
