"""Whatever the facts: shares and self-pay add up to the list price, nothing is negative, and a replay agrees."""

from datetime import UTC, date, datetime
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.decide import counters_needed, decide, replay
from subsidies.rules.facts import (
    DayKind,
    Diner,
    FrozenInputs,
    HeldCategory,
    Meal,
    MealKind,
    MealLine,
    RegisterLevel,
    ResidentStatus,
    freeze,
)
from subsidies.rules.library import shipped, shipped_codes
from subsidies.rules.rule_set import CATEGORIES, RuleSet
from tests.subsidies.rules.building import HOME, diner, meal, rule, small

SETS = [shipped(code) for code in shipped_codes()]
# Shipped sets are tame; this one piles everything up on purpose.
GREEDY = small(
    rule(
        "a", 'counters = ["day"]', '{ kind = "fixed_off", amount = "9.99" }', "{ district = 3, city = 3, charity = 1 }"
    )
    + rule("b", 'on = "list"', '{ kind = "percent_off", percent = "33.3" }', '{ operator = "1", city = "rest" }')
    + rule("c", 'budget = { name = "purse", amount = "20" }', '{ kind = "allowance" }', '"charity"')
    + rule("d", "guests = true", '{ kind = "fixed_price", price = "1" }', '"collective"'),
    'odd_fen_to = "city"\ncap = { minimum_self_pay = "0.50", gives_way = "pro_rata" }\n'
    '[[counters]]\nname = "day"\nper = "day"\nlimit = 2\n',
)
AREAS = st.sampled_from(
    [
        "",
        HOME,
        "jilin/fengman/taishan/shuiyun",
        "jilin/chuanying/x/y",
        "shanghai/putuo",
        "guangzhou/yuexiu",
        "changchun/a",
    ]
)
KEYS = [*CATEGORIES, "veteran", "basic_care", "care_heavy", "low_income_edge"]
DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31))

HELD = st.builds(HeldCategory, st.sampled_from(KEYS), DAYS, st.none() | DAYS)
DINERS = st.none() | st.builds(
    Diner,
    born=st.none() | st.dates(date(1920, 1, 1), date(2020, 12, 31)),
    register=st.sampled_from(get_args(RegisterLevel)),
    register_area=AREAS,
    living_area=AREAS,
    residence_confirmed=st.booleans(),
    status=st.sampled_from([*["active"] * 6, *get_args(ResidentStatus)]),
    categories=st.lists(HELD, max_size=3).map(tuple),
)
LINES = st.builds(
    MealLine, st.text(max_size=3), st.sampled_from(["set", "dish"]), st.integers(0, 6000), st.integers(1, 4)
)
MEALS = st.builds(
    Meal,
    canteen=st.sampled_from(["longcheng", "shuiyun"]),
    canteen_area=AREAS,
    date=DAYS,
    meal=st.sampled_from(get_args(MealKind)),
    ordered_at=st.datetimes(datetime(2022, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    day_kind=st.sampled_from(get_args(DayKind)),
    lines=st.lists(LINES, max_size=4).map(tuple),
    dine_in=st.booleans(),
    delivery_fee_fen=st.integers(0, 500),
    dearest_set_fen=st.none() | st.integers(500, 3000),
)
USED = st.lists(st.integers(0, 6), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*SETS, GREEDY]), DINERS, MEALS, USED)
def test_shares_and_self_pay_add_up_whatever_the_facts(
    rule_set: RuleSet, person: Diner | None, order: Meal, used: list[int]
) -> None:
    needed = counters_needed(rule_set, person, order)
    readings = dict(zip(needed, used, strict=False))

    decision = decide(rule_set, person, order, readings)

    food = sum(line.unit_fen * line.quantity for line in order.lines)
    assert decision.list_fen == food + order.delivery_fee_fen
    assert decision.list_fen == sum(share.fen for share in decision.shares) + decision.self_pay_fen
    assert all(share.fen > 0 for share in decision.shares)
    assert decision.self_pay_fen >= order.delivery_fee_fen
    assert decision.subsidy_fen <= decision.own_meal_fen <= food
    for use in decision.counters:
        assert use.key in needed
        assert 0 < use.take <= use.key.cap - readings.get(use.key, 0)
    assert len({use.key for use in decision.counters}) == len(decision.counters)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*SETS, GREEDY]), DINERS, MEALS, USED)
def test_replay_from_frozen_json_gives_the_same_decision(
    rule_set: RuleSet, person: Diner | None, order: Meal, used: list[int]
) -> None:
    readings = dict(zip(counters_needed(rule_set, person, order), used, strict=False))
    decided = decide(rule_set, person, order, readings)

    frozen = freeze(person, order, readings).to_json()

    assert replay(rule_set, FrozenInputs.from_json(frozen)) == decided
    assert FrozenInputs.from_json(frozen).to_json() == frozen


def test_frozen_inputs_hold_no_identity() -> None:
    """Names of all fields that are frozen: nothing says who the person is."""
    assert set(Diner.__struct_fields__) == {
        "born", "register", "register_area", "living_area", "residence_confirmed", "status", "categories",
    }  # fmt: skip


def test_a_minimum_self_pay_holds_against_every_kind_of_benefit() -> None:
    assert decide(GREEDY, diner(), meal(1500), {}).self_pay_fen == 50
