"""A decision in words: kind and short for the diner, complete for the auditor, in two languages."""

import re
from pathlib import Path

import pytest

import subsidies.rules
from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import Decision
from subsidies.rules.examples import run_examples
from subsidies.rules.explain import explain
from subsidies.rules.library import shipped, shipped_codes
from subsidies.rules.words import REASONS, Language
from tests.subsidies.rules.building import diner, meal

DEMO = shipped("fengman-example")


def decided(age: int, *held: str, used: int = 0) -> Decision:
    readings = dict.fromkeys(counters_needed(DEMO, diner(age, *held), meal(1500)), used)
    return decide(DEMO, diner(age, *held), meal(1500), readings)


@pytest.mark.parametrize(
    "age, used, zh, en",
    [
        (
            82,
            0,
            "这份饭 15 元，帮您出 9 元，您付 6 元。",
            "This meal is 15 yuan; 9 yuan is paid for you, you pay 6 yuan.",
        ),
        (92, 0, "这份饭 15 元，您不用付钱。", "This meal is 15 yuan; you pay nothing."),
        (82, 1, "这一餐的优惠用过了，这份饭 15 元。", "The help for this meal is used; this meal is 15 yuan."),
        (40, 0, "这份饭 15 元。", "This meal is 15 yuan."),
    ],
)
def test_the_diner_hears_one_kind_sentence(age: int, used: int, zh: str, en: str) -> None:
    decision = decided(age, used=used)

    assert explain(decision, DEMO, "diner", "zh") == zh
    assert explain(decision, DEMO, "diner", "en") == en


def test_the_diner_never_hears_a_category_or_a_funder() -> None:
    said = explain(decided(84, "severe_disability"), DEMO, "diner", "zh")

    assert not re.search("低保|特困|重残|补贴|财政|慈善|老人", said)


def test_the_auditor_sees_each_rule_the_counters_the_shares_and_the_version() -> None:
    lines = explain(decided(84, "severe_disability"), DEMO, "auditor", "zh")
    text = "\n".join(lines)

    assert "fengman-example 第1版" in lines[0]
    assert DEMO.sha256[:16] in lines[1]
    assert all(rule.key in text for rule in DEMO.rules)
    assert "计数 fengman-example.meal 2026-11-23/lunch：0 → 1，限 1 次" in text
    assert "出资 慈善捐赠 1.00（规则 care-charity，类别 重残，项目 warm-meal-fund）" in text
    assert "分摊零头归区级财政" in text
    assert lines[-1] == "原价 15.00 ＝ 出资 10.00 ＋ 自付 5.00"


def test_the_auditor_sees_the_rounding_and_who_gave_way() -> None:
    rounded = "\n".join(explain(decided(75), DEMO, "auditor", "en"))
    gave_way = "\n".join(explain(decided(92, "living_alone"), DEMO, "auditor", "en"))

    assert "rounded to fen, the diner gains the part of a unit" in rounded
    assert "in full 1.00, gives 0.00" in gave_way


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", shipped_codes())
def test_every_worked_example_can_be_explained_to_both(code: str, language: Language) -> None:
    rule_set = shipped(code)

    for result in run_examples(rule_set):
        assert explain(result.decision, rule_set, "diner", language)
        lines = explain(result.decision, rule_set, "auditor", language)
        assert len(lines) >= 4 + len(rule_set.rules)
        assert not any("{" in line for line in lines)


def test_every_reason_the_rules_can_give_has_words() -> None:
    """Codes are written as literals where they are given; each must be in the table."""
    folder = Path(subsidies.rules.__file__).parent
    source = "".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("conditions.py", "combine.py", "decide.py", "rule_set.py")
    )
    given = set(re.findall(r'_(?:no|keep)\(\s*"([a-z-]+)", ', source)) | set(
        re.findall(r'"(?:not_)?\w+", "([a-z-]+)", (?:data|\{)', source)
    )

    assert {"age", "counter-used", "lower", "gives-way", "delivery"} <= given
    assert given <= set(REASONS) | {"counter-taken"}
