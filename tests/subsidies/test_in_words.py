"""Every published rule of the library reads as words in both languages, and two versions are compared by them."""

from datetime import date
from typing import Literal

import pytest

from subsidies.condition_words import Speaker
from subsidies.differences import Change, differences
from subsidies.document_edits import beginning, edited_entry, moved_entry, without_entry
from subsidies.in_words import COLUMNS, in_words
from subsidies.rules.document import load
from subsidies.rules.library import shipped_codes, shipped_text
from subsidies.rules.lint import lint, refuses

FENGMAN = shipped_text("fengman-example")
ZH = Speaker("zh", {}, {"jilin/fengman": "丰满区"})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", shipped_codes())
def test_a_published_rule_reads_as_words(code: str, language: Literal["zh", "en"]) -> None:
    """Who, how much and who pays of each rule; no word of the file."""
    words = in_words(load(shipped_text(code)), Speaker(language))

    for rule in words.rules:
        assert set(rule.says) == set(COLUMNS)
        assert rule.says["who"]
        assert rule.says["how_much"]
        assert rule.says["who_pays"]
        assert not any("_" in said for said in rule.says.values())
    assert {"dates", "scope", "own_meal"} <= set(words.general)


def test_the_example_of_the_district_in_words() -> None:
    """As an officer reads it."""
    rule = in_words(load(FENGMAN), ZH).rules[2]

    assert dict(rule.says) == {
        "who": "70–79 岁；居住在丰满区",
        "where": "",
        "when": "午餐、晚餐",
        "how_much": "减餐价的 25%；最多减 4 元；算到分，零头归用餐人",
        "who_pays": "区级财政 60%；街道 20%；企业让利 20%",
        "limits": "本人这份原价满 8 元；每餐次限 1 次",
    }


def test_versions_differ_in_words() -> None:
    """Changed, gone, in another order; what is the same is not said."""
    text = edited_entry(FENGMAN, "rules", 3, {"benefit": {"price": "7"}})
    text = moved_entry(without_entry(text, "rules", 6), "rules", 1, 1)

    found = differences(in_words(load(FENGMAN), ZH), in_words(load(text), ZH))

    assert found.general == ()
    assert found.is_reordered
    assert {(rule.key, rule.kind) for rule in found.rules} == {
        ("age-80-89", "changed"),
        ("operator-breakfast", "removed"),
    }
    assert found.rules[0].changes == (
        Change("how_much", "只付 6 元；餐价超过 15 元的部分自付", "只付 7 元；餐价超过 15 元的部分自付"),
    )


def test_a_set_says_nothing_otherwise_than_itself() -> None:
    words = in_words(load(FENGMAN), ZH)

    found = differences(words, words)

    assert (found.general, found.rules, found.is_reordered) == ((), (), False)


@pytest.mark.parametrize("code", ["jilin-2024", "fengman-example"])
def test_a_later_first_day_takes_the_examples_along(code: str) -> None:
    """By whole weeks, with the dates of birth: they come out as before."""
    text = beginning(shipped_text(code), date(2027, 3, 1))

    assert load(text).effective_from == date(2027, 3, 1)
    assert all(example.date >= date(2027, 3, 1) for example in load(text).examples)
    assert not refuses(lint(load(text)))
