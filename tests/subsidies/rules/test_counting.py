"""What a decision counts: which counters it looks at, when they are used up, and that a meal is counted once."""

from datetime import date

import pytest

from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.facts import Diner
from subsidies.rules.library import shipped
from tests.subsidies.rules.building import MONDAY, diner, meal, rule, small

DAILY = '[[counters]]\nname = "day"\nper = "day"\nlimit = 1\n'
WEEKLY = '[[counters]]\nname = "week"\nper = "week"\nlimit = 5\n'


def test_counters_needed_are_those_of_rules_that_fit() -> None:
    rules = small(
        rule("old", 'age = { from = 80 }\ncounters = ["day"]')
        + rule("young", 'age = { under = 80 }\ncounters = ["week"]'),
        DAILY + WEEKLY,
    )

    (key,) = counters_needed(rules, diner(82), meal(1500))

    assert (key.name, key.period, key.cap, key.canteen) == ("small.day", "2026-11-23", 1, "")


def test_a_rule_that_fails_in_any_respect_asks_for_no_counter() -> None:
    """Each has a counter of its own; LUNCH is on a Monday, in Longcheng, by somebody of 82."""
    said = {
        "fits": 'age = { from = 80 }\nmeals = ["lunch"]\nweekdays = [1]',
        "young": 'age = { under = 80 }\nmeals = ["lunch"]',
        "dinner": 'age = { from = 80 }\nmeals = ["dinner"]',
        "tuesday": "age = { from = 80 }\nweekdays = [2]",
        "young-tuesday": "age = { under = 80 }\nweekdays = [2]",
        "elsewhere": 'age = { from = 80 }\ncanteens = ["shuiyun"]',
        "always": "",
    }
    rules = small(
        "".join(rule(key, f'{body}\ncounters = ["{key}"]') for key, body in said.items()),
        "".join(f'[[counters]]\nname = "{key}"\nper = "day"\nlimit = 1\n' for key in said),
    )

    for _ in range(2):
        assert [key.name for key in counters_needed(rules, diner(82), meal(1500))] == ["small.fits", "small.always"]


@pytest.mark.parametrize(
    "per, period",
    [("meal", "2026-11-23/lunch"), ("day", "2026-11-23"), ("week", "2026-W48"), ("month", "2026-11"), ("year", "2026")],
)
def test_counter_periods(per: str, period: str) -> None:
    rules = small(rule("a", 'counters = ["c"]'), f'[[counters]]\nname = "c"\nper = "{per}"\nlimit = 1\n')

    assert counters_needed(rules, diner(), meal(1500))[0].period == period


def test_a_monday_to_sunday_week_over_two_months_is_one_counter() -> None:
    """Source: Tianjin 2022; 30 June to 6 July 2025."""
    tianjin = shipped("tianjin-2022")
    person = Diner(born=date(1940, 1, 1))

    weeks = {
        key.period
        for day in (date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 6))
        for key in counters_needed(tianjin, person, meal(1300, day=day))
        if key.name.endswith("week")
    }

    assert weeks == {"2025-W27"}


def test_a_counter_is_shared_by_canteens_unless_it_says_otherwise() -> None:
    alone = small(rule("a", 'counters = ["day"]'), DAILY + "shared = false\n")
    shared = small(rule("a", 'counters = ["day"]'), DAILY)

    assert counters_needed(alone, diner(), meal(1500, canteen="shuiyun"))[0].canteen == "shuiyun"
    assert counters_needed(shared, diner(), meal(1500, canteen="shuiyun"))[0].canteen == ""


def test_a_counter_is_taken_once_however_many_rules_use_it() -> None:
    rules = small(rule("a", 'counters = ["day"]') + rule("b", 'counters = ["day"]'), DAILY)

    decision = decide(rules, diner(), meal(1500), {})

    assert [use.take for use in decision.counters] == [1]
    assert decision.subsidy_fen == 400


def test_a_used_up_counter_leaves_the_list_price_and_takes_nothing() -> None:
    rules = small(rule("a", 'counters = ["day"]'), DAILY)
    used = dict.fromkeys(counters_needed(rules, diner(), meal(1500)), 1)

    decision = decide(rules, diner(), meal(1500), used)

    assert (decision.self_pay_fen, decision.counters) == (1500, ())
    assert decision.steps[0].reason_code == "counter-used"


def test_the_count_goes_on_when_the_cap_changes() -> None:
    """A counter is known by name, period and canteen; a reading made under another cap still counts."""
    before = small(rule("a", 'counters = ["week"]'), WEEKLY)
    after = small(rule("a", 'counters = ["week"]'), WEEKLY.replace("5", "4"))
    used = dict.fromkeys(counters_needed(before, diner(), meal(1500)), 4)

    assert decide(before, diner(), meal(1500), used).subsidy_fen == 200
    assert decide(after, diner(), meal(1500), used).subsidy_fen == 0


def test_what_stays_used_after_an_order_without_a_meal_is_what_the_rules_name() -> None:
    purse = 'budget = { name = "purse", amount = "3", kept_when = ["expired", "not_collected"] }'
    rules = small(
        rule("a", 'counters = ["day"]') + rule("b", purse), DAILY + 'kept_when = ["not_collected"]\n' + WEEKLY
    )

    assert rules.keeps
    assert not small(rule("a", 'counters = ["day"]'), DAILY).keeps
    assert rules.kept("not_collected") == {"small.day", "small.purse"}
    assert rules.kept("expired") == {"small.purse"}
    assert rules.kept("cancelled") == frozenset()


def test_meals_of_a_day_name_one_counter_once() -> None:
    """A simulation asks a million times; a counter of the same day is found again, at whichever canteen."""
    rules = small(rule("a", 'counters = ["day"]'), DAILY)
    first, _, again = (
        counters_needed(rules, diner(), meal(1500, canteen=canteen, day=day))[0]
        for canteen, day in (("longcheng", MONDAY), ("longcheng", date(2026, 11, 24)), ("shuiyun", MONDAY))
    )

    assert again is first


def test_a_losing_rule_takes_no_counter() -> None:
    rules = small(
        rule("more", 'group = "g"\ncounters = ["day"]', '{ kind = "fixed_off", amount = "5" }')
        + rule("less", 'group = "g"\ncounters = ["week"]')
        + '[[groups]]\nkey = "g"\ncombine = "highest"\n',
        DAILY + WEEKLY,
    )

    decision = decide(rules, diner(), meal(1500), {})

    assert [use.key.name for use in decision.counters] == ["small.day"]
    assert {step.rule: step.reason_code for step in decision.steps if step.rule}["less"] == "lower"


def test_two_rules_on_one_purse_never_overdraw_it() -> None:
    purse = 'budget = { name = "purse", amount = "3" }'
    rules = small(rule("a", purse) + rule("b", purse))

    decision = decide(rules, diner(), meal(1500), {})

    assert [share.fen for share in decision.shares] == [200, 100]
    assert [(use.key.unit, use.key.cap, use.take) for use in decision.counters] == [("fen", 300, 300)]
