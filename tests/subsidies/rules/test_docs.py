"""docs/rules.md is all an officer has: every key, value and example in it must be real, and none may be missing."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from subsidies.money import Rounding
from subsidies.rules import benefit_language, language
from subsidies.rules.document import load
from subsidies.rules.examples import run_examples
from subsidies.rules.facts import DayKind, MealKind
from subsidies.rules.lint import lint, refuses

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[a-z][a-z0-9_]*", PAGE))
GRAMMAR = [
    struct
    for module in (language, benefit_language)
    for struct in vars(module).values()
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct) and struct.__module__ == module.__name__
]


@pytest.mark.parametrize("struct", GRAMMAR, ids=lambda struct: struct.__name__)
def test_every_key_of_the_grammar_is_on_the_page(struct: type[msgspec.Struct]) -> None:
    keys = {field.encode_name for field in msgspec.structs.fields(struct)}

    assert keys <= WORDS


@pytest.mark.parametrize(
    "choices",
    [
        language.Level, language.Period, language.Combine, language.AgeSwitch, language.BornOn29February,
        DayKind, MealKind, benefit_language.RoundTo, tuple(Rounding),
    ],
)  # fmt: skip
def test_every_choice_is_on_the_page(choices: object) -> None:
    names = choices if isinstance(choices, tuple) else get_args(choices)

    assert names
    assert {str(name) for name in names} <= WORDS


def test_every_kind_of_benefit_is_on_the_page() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(benefit_language.Benefit)}

    assert len(kinds) == 5
    assert kinds <= WORDS


def test_the_smallest_set_of_the_page_can_be_published() -> None:
    text = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]

    rule_set = load(text)

    assert all(result.passed for result in run_examples(rule_set))
    assert not refuses(lint(rule_set))


def test_the_other_snippets_are_toml_the_grammar_knows() -> None:
    smallest, *snippets = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(snippets) == 3

    for snippet in snippets:
        whole = {**tomllib.loads(smallest), **tomllib.loads(snippet)}
        msgspec.convert(whole, language.Document)


@pytest.mark.parametrize("benefit", re.findall(r"`(\{ kind = \"(?!dish).*?\})`", PAGE))
def test_every_benefit_shown_is_one_the_grammar_knows(benefit: str) -> None:
    msgspec.convert(tomllib.loads(f"benefit = {benefit}")["benefit"], benefit_language.Benefit)
