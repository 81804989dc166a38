"""What lint refuses, and what it only remarks."""

import pytest

from subsidies.rules.explain import describe
from subsidies.rules.lint import lint, refuses
from subsidies.rules.lint_reach import Finding
from subsidies.rules.rule_set import RuleSet
from subsidies.rules.words import FINDINGS
from tests.subsidies.rules.building import rule, small

EXAMPLE = '[[examples]]\nname = "one"\ndate = 2026-11-23\nage = 82\nspend = "15"\nexpect = { self_pay = "13" }\n'


def errors(rule_set: RuleSet) -> list[tuple[str, str]]:
    return [(finding.code, finding.at) for finding in lint(rule_set) if finding.level == "error"]


def test_a_sound_set_may_be_published() -> None:
    assert not refuses(lint(small(rule("a", "age = { from = 60 }") + EXAMPLE)))


def test_a_gap_between_bands_is_refused() -> None:
    rules = rule("a", "age = { from = 60, to = 69 }") + rule("b", "age = { over = 70 }")

    assert errors(small(rules + EXAMPLE)) == [("age-gap", "70-70")]


def test_touching_bands_have_no_gap() -> None:
    rules = rule("a", "age = { from = 60, under = 70 }") + rule("b", "age = { over = 69 }")

    assert errors(small(rules + EXAMPLE)) == []


def test_bands_that_add_up_twice_are_refused_and_a_stated_highest_is_remarked() -> None:
    rules = rule("a", "age = { from = 60, to = 89 }") + rule("b", "age = { from = 82 }")

    assert ("age-overlap", "82-89") in errors(small(rules + EXAMPLE))
    assert errors(small(rules + EXAMPLE, 'combine = "highest"\n')) == []


@pytest.mark.parametrize(
    "one, other",
    [
        ('minimum_spend = { less_than = "10" }', 'minimum_spend = { at_least = "10" }'),
        ('clock = { from = "10:00", to = "12:00" }', 'clock = { from = "12:00", to = "13:00" }'),
        ("dine_in = true", "dine_in = false"),
        ("dine_in = true", 'ways = ["take_away"]'),
        ('ways = ["delivery"]', 'ways = ["dine_in", "take_away"]'),
        ('meals = ["lunch"]', 'meals = ["dinner"]'),
        ('days = ["holiday"]', 'days = ["workday"]'),
        ("weekdays = [1, 2]", "weekdays = [6]"),
        ('canteens = ["canteen"]', 'canteens = ["two"]'),
        ("dates = { from = 2026-11-01, to = 2026-11-30 }", "dates = { from = 2026-12-01, to = 2026-12-31 }"),
        ('categories = { any = ["destitute"] }', 'categories = { none = ["destitute"] }'),
        ("age = { under = 70 }", "age = { from = 70 }"),
    ],
)
def test_rules_that_never_meet_neither_overlap_nor_exceed_the_price_together(one: str, other: str) -> None:
    """The second pair of rules does meet: everything is open."""
    benefit = '{ kind = "percent_off", percent = 80 }'

    def found(first: str, second: str) -> set[str]:
        rules = rule("a", first, benefit) + rule("b", second, benefit, '"city"') + EXAMPLE
        return {code for code, _ in errors(small(rules))} & {"age-overlap", "give-way-unstated"}

    assert found(one, other) == set()
    assert found(other, one) == set()
    assert "give-way-unstated" in found(one, one)


@pytest.mark.parametrize(
    "one, other",
    [
        ('minimum_spend = { at_most = "10" }', 'minimum_spend = { at_least = "10" }'),
        ('clock = { from = "10:00", to = "12:01" }', 'clock = { from = "12:00", to = "13:00" }'),
        ("dine_in = true", 'ways = ["dine_in", "take_away"]'),
        ("dates = { from = 2026-11-01, to = 2026-12-01 }", "dates = { from = 2026-12-01, to = 2026-12-31 }"),
        ('categories = { any = ["destitute", "low_income"] }', 'categories = { none = ["destitute"] }'),
        ("age = { to = 70 }", "age = { from = 70 }"),
        ('meals = ["lunch"]', 'meals = ["lunch", "dinner"]'),
    ],
)
def test_rules_that_meet_in_one_case_only_do_exceed_the_price_together(one: str, other: str) -> None:
    benefit = '{ kind = "percent_off", percent = 80 }'
    rules = rule("a", one, benefit) + rule("b", other, benefit, '"city"') + EXAMPLE

    assert "give-way-unstated" in {code for code, _ in errors(small(rules))}


def test_bands_for_other_people_are_not_compared() -> None:
    rules = rule("a", "age = { from = 60, to = 69 }") + rule(
        "b", 'age = { from = 82 }\ncategories = { any = ["low_income"] }'
    )

    assert [code for code, _ in errors(small(rules + EXAMPLE)) if code.startswith("age")] == []


@pytest.mark.parametrize(
    "body",
    [
        "age = { from = 70, under = 70 }",
        'categories = { all = ["low_income"], none = ["low_income"] }',
        'categories = { any = ["low_income"], none = ["low_income", "destitute"] }',
        'canteens = ["elsewhere"]',
        'minimum_spend = { at_least = "20", at_most = "10" }',
        'dine_in = true\nways = ["delivery"]',
        'excluded_statuses = ["active"]',
    ],
)
def test_a_rule_nobody_can_reach_is_refused(body: str) -> None:
    rules = small(rule("good") + rule("bad", body) + EXAMPLE, 'scope = { canteens = ["canteen"] }\n')

    assert ("unreachable", "rules.bad") in errors(rules)


@pytest.mark.parametrize(
    "benefit",
    [
        '{ kind = "fixed_off", amount = "0" }',
        '{ kind = "percent_off", percent = 0 }',
        '{ kind = "free_up_to", amount = "0" }',
    ],
)
def test_a_rule_that_gives_nothing_is_refused(benefit: str) -> None:
    assert ("unreachable", "rules.bad") in errors(
        small(rule("good") + rule("bad", benefit=benefit, split="{ district = 1 }") + EXAMPLE)
    )


def test_a_rule_behind_one_that_always_applies_is_refused() -> None:
    rules = small(
        rule("wide", "age = { from = 60 }") + rule("hidden", "age = { from = 80 }") + EXAMPLE, 'combine = "first"\n'
    )

    assert ("unreachable", "rules.hidden") in errors(rules)


SPEND = 'minimum_spend = {{ at_least = "8"{} }}'


def test_a_threshold_after_a_discount_must_say_list_or_net() -> None:
    def codes(said: str, combine: str) -> list[str]:
        rules = small(
            rule("a", split='"district"') + rule("b", SPEND.format(said)) + EXAMPLE, f'combine = "{combine}"\n'
        )
        return [code for code, _ in errors(rules) if code == "threshold-undecidable"]

    assert codes("", "sequential") == ["threshold-undecidable"]
    assert codes(', measured_on = "list"', "sequential") == []
    assert codes(', measured_on = "net"', "sequential") == []
    assert codes(', measured_on = "net"', "highest") == ["threshold-undecidable"]
    assert codes("", "highest") == []


def test_parts_that_may_exceed_the_price_need_an_order_of_giving_way() -> None:
    rules = rule("a") + rule("b", split='"charity"') + EXAMPLE.replace('"13"', '"11"')

    assert ("give-way-unstated", "cap.gives_way") in errors(small(rules))
    assert ("give-way-incomplete", "cap.gives_way") in errors(small(rules, 'cap = { gives_way = ["charity"] }\n'))
    assert not [
        c for c, _ in errors(small(rules, 'cap = { gives_way = ["charity", "district"] }\n')) if c.startswith("give")
    ]
    assert not [c for c, _ in errors(small(rules, 'cap = { gives_way = "pro_rata" }\n')) if c.startswith("give")]


def test_two_weights_need_someone_for_the_odd_fen() -> None:
    rules = rule("a", benefit='{ kind = "percent_off", percent = 10 }', split="{ district = 1, city = 1 }") + EXAMPLE

    assert ("odd-fen-unstated", "rules.a.odd_fen_to") in errors(small(rules))
    assert "odd-fen-unstated" not in dict(errors(small(rules, 'odd_fen_to = "city"\n')))


def test_a_limit_by_the_dearest_set_says_what_holds_without_sets() -> None:
    assert ("no-sets-unstated", "own_meal.without_sets") in errors(
        small(rule("a") + EXAMPLE, 'own_meal = { dishes_up_to = "dearest_set" }\n')
    )


def test_one_purse_has_one_period() -> None:
    rules = rule("a", 'budget = { name = "p", amount = "9" }') + rule(
        "b", 'budget = { name = "p", amount = "9", per = "week" }'
    )

    assert ("budget-contradicts", "rules.b.budget") in errors(small(rules + EXAMPLE))


def test_a_failing_example_is_refused_with_both_figures() -> None:
    (finding,) = [f for f in lint(small(rule("a") + EXAMPLE.replace('"13"', '"12"'))) if f.level == "error"]

    assert (finding.code, finding.data["expected"], finding.data["actual"]) == ("example-fails", "12", "13")


def test_no_examples_and_the_deceased_are_refused() -> None:
    assert errors(small(rule("a"), "excluded_statuses = []\n")) == [
        ("deceased-not-excluded", "excluded_statuses"),
        ("no-examples", "examples"),
    ]


def test_an_accepted_finding_stays_visible_and_refuses_no_more() -> None:
    rules = rule("a", "age = { from = 60, to = 69 }") + rule("b", "age = { from = 80 }") + EXAMPLE
    accepted = '[[accepted]]\ncode = "age-gap"\nat = "70-79"\nreason = "another office pays them"\n'

    findings = lint(small(rules + accepted))

    assert not refuses(findings)
    assert [f.data["reason"] for f in findings if f.level == "accepted"] == ["another office pays them"]


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_has_a_chinese_and_an_english_sentence(code: str) -> None:
    finding = Finding("error", code, "70-79", {"because": "age", "what": "self_pay", "expected": "1", "actual": "2"})

    chinese, english = describe(finding, "zh"), describe(finding, "en")

    assert any("一" <= letter <= "鿿" for letter in chinese)
    assert english.isascii()
