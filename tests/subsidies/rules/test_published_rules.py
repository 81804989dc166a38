"""Every shipped rule set against its own worked examples: the table of published rules is the test table."""

from datetime import date

import msgspec
import pytest

from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.document import load
from subsidies.rules.examples import diner_of, meal_of, run_example
from subsidies.rules.library import shipped, shipped_codes, shipped_text
from subsidies.rules.lint import lint, lint_together
from subsidies.rules.rule_set import RuleSet

SETS = {code: shipped(code) for code in shipped_codes()}


@pytest.mark.parametrize(
    "code, index",
    [(code, i) for code, rule_set in SETS.items() for i in range(len(rule_set.examples))],
)
def test_worked_example_comes_out_as_published(code: str, index: int) -> None:
    result = run_example(SETS[code], SETS[code].examples[index])

    assert result.differences == (), result.name


@pytest.mark.parametrize("code", SETS)
def test_document_is_named_after_its_file(code: str) -> None:
    assert SETS[code].code == code


@pytest.mark.parametrize("code", sorted(set(SETS) - {"changchun-canteen-2023"}))
def test_shipped_set_passes_lint(code: str) -> None:
    assert [finding for finding in lint(SETS[code]) if finding.level == "error"] == []


def test_only_the_published_line_of_jilin_city_is_no_example() -> None:
    assert [code for code, rule_set in SETS.items() if not rule_set.example] == ["jilin-2024"]
    assert [rule.key for rule in SETS["jilin-2024"].rules] == ["age-90-free"]


def test_what_jilin_did_not_publish_is_marked() -> None:
    assert "own_meal" in [part.part for part in SETS["jilin-2024"].document.example_parts]


def test_the_demo_marks_every_invented_rate_and_not_the_published_one() -> None:
    assert [rule.key for rule in SETS["fengman-example"].rules if not rule.text.example] == ["age-90-free"]


def test_the_demo_uses_all_four_kinds_of_benefit_and_five_funders() -> None:
    demo = SETS["fengman-example"]

    assert {type(rule.text.benefit).__name__ for rule in demo.rules} == {
        "FixedOff",
        "PercentOff",
        "FixedPrice",
        "FreeUpTo",
    }
    assert {funder for rule in demo.rules for funder in rule.split.funders} == {
        "operator", "district", "subdistrict", "collective", "charity",
    }  # fmt: skip


def test_lint_names_the_age_band_one_changchun_canteen_left_out() -> None:
    gaps = [finding.at for finding in lint(SETS["changchun-canteen-2023"]) if finding.code == "age-gap"]

    assert gaps == ["80-89"]


def test_the_two_readings_of_putuo_differ_in_nothing_but_the_threshold() -> None:
    """75 years, 16.00: read on the list price 12.40, on the price after the discount (14.40, below 15) 14.40."""
    by_list, by_net = SETS["putuo-2025"], SETS["putuo-2025-net"]

    assert by_net.document.rules == tuple(
        rule
        if rule.minimum_spend is None
        else msgspec.structs.replace(rule, minimum_spend=msgspec.structs.replace(rule.minimum_spend, measured_on="net"))
        for rule in by_list.document.rules
    )
    assert [run_example(rule_set, rule_set.examples[3]).decision.self_pay_fen for rule_set in (by_list, by_net)] == [
        1240,
        1440,
    ]


@pytest.mark.parametrize("rounding, self_pay_fen", [("half_up", 742), ("funder_gains", 743), ("diner_gains", 742)])
def test_a_quarter_of_9_90_is_rounded_as_guangzhou_names_it(rounding: str, self_pay_fen: int) -> None:
    """2.475: 2.48 as shipped; the funder's gain would be 2.47."""
    text = shipped_text("guangzhou-2025").replace('rounding = "half_up"', f'rounding = "{rounding}"')
    example = next(one for one in SETS["guangzhou-2025"].examples if one.spend == "9.90")

    assert run_example(load(text), example).decision.self_pay_fen == self_pay_fen


@pytest.mark.parametrize(
    "turns, day, left_fen",
    [
        ("birthday", date(2022, 6, 15), 500),
        ("birthday", date(2022, 6, 16), 5500),
        ("day_after", date(2022, 6, 16), 500),
        ("day_after", date(2022, 6, 17), 5500),
        ("first_of_month", date(2022, 6, 1), 5500),
        ("first_of_month", date(2022, 5, 31), 500),
        ("first_of_next_month", date(2022, 6, 30), 500),
        ("first_of_next_month", date(2022, 7, 1), 5500),
    ],
)
def test_hefei_turning_70_on_16_june_follows_the_switching_day_chosen(turns: str, day: date, left_fen: int) -> None:
    """95 of the month's 100 (or 150) are used; the purse is one, its size follows the age."""
    rule_set = load(shipped_text("hefei-2022").replace('turns = "first_of_month"', f'turns = "{turns}"'))
    example = next(one for one in rule_set.examples if one.born is not None)
    meal, diner = meal_of(msgspec.structs.replace(example, date=day, spend="80")), diner_of(example)

    used = dict.fromkeys(counters_needed(rule_set, diner, meal), 9500)

    assert decide(rule_set, diner, meal, used).subsidy_fen == left_fen


def test_sets_in_force_together_for_one_funder_are_found() -> None:
    def dated(code: str, first: str, last: str) -> RuleSet:
        text = shipped_text("tianjin-2022").replace("tianjin-2022", code).replace("example = true", "")
        return load(text.replace("effective_from = 2022-01-01", f"effective_from = {first}\neffective_to = {last}"))

    one = dated("one", "2025-01-01", "2025-06-30")
    same_day = dated("two", "2025-06-30", "2025-12-31")
    after = dated("three", "2025-07-01", "2025-12-31")

    assert [finding.code for finding in lint_together([one, same_day])] == ["overlapping-dates"]
    assert lint_together([one, after]) == []
    assert lint_together([shipped("tianjin-2022"), shipped("hefei-2022")]) == []
