"""Whatever the facts: shares and self-pay add up to the list price, nothing is negative, and a replay agrees."""

from datetime import UTC, date, datetime
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.money import Rounding
from subsidies.rules.decide import counters_needed, decide, replay
from subsidies.rules.document import load_parsed
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


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([*SETS, GREEDY]), DINERS, MEALS, USED)
def test_the_same_inputs_have_the_same_answer_whatever_was_decided_before(
    rule_set: RuleSet, person: Diner | None, order: Meal, used: list[int]
) -> None:
    """A set that has decided much remembers much; one read afresh answers alike."""
    readings = dict(zip(counters_needed(rule_set, person, order), used, strict=False))
    fresh = load_parsed(rule_set.raw)

    assert decide(rule_set, person, order, readings) == decide(fresh, person, order, readings)
    assert counters_needed(rule_set, person, order) == counters_needed(fresh, person, order)


CAPPED = (
    '{{ kind = "percent_off", percent = {percent}, cap = "{yuan}", rounding = "{rounding}", rounds = "{rounds}" }}',
    '{{ kind = "free_up_to", amount = "{yuan}" }}',
    '{{ kind = "allowance", cap = "{yuan}" }}',
    '{{ kind = "fixed_price", price = "2", up_to = "{yuan}" }}',
    '{{ kind = "fixed_off", amount = "{yuan}" }}',
)
BENEFITS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(CAPPED),
        "percent": st.integers(1, 100),
        "rounding": st.sampled_from([rounding.value for rounding in Rounding]),
        "rounds": st.sampled_from(["benefit", "price"]),
    }
)
PURSE = 'budget = {{ name = "purse", amount = "{}" }}'


@settings(max_examples=60, deadline=None)
@given(BENEFITS, st.tuples(*map(st.integers, (1, 0, 1, 0), (30, 20, 60, 40))), st.integers(0, 5000))
def test_a_higher_cap_or_budget_never_gives_less(benefit: dict[str, str], figures: tuple[int, ...], price: int) -> None:
    """One rule, one meal: the figure that limits it is raised, then the purse."""
    yuan, more, purse, richer = figures

    def given_fen(cap: int, budget: int) -> int:
        said = benefit["kind"].format(**{**benefit, "yuan": cap})
        return decide(small(rule("a", PURSE.format(budget), said)), diner(), meal(price), {}).subsidy_fen

    assert given_fen(yuan, purse) <= given_fen(yuan + more, purse) <= given_fen(yuan + more, purse + richer)


@settings(max_examples=60, deadline=None)
@given(BENEFITS, st.integers(1, 30), st.lists(st.integers(0, 5000), min_size=2, max_size=6))
def test_a_dearer_meal_is_never_helped_less(benefit: dict[str, str], yuan: int, prices: list[int]) -> None:
    """No threshold is in the way: every kind of benefit grows with the price or stays."""
    rules = small(
        rule("a", "budget = { name = 'p', amount = '999' }", benefit["kind"].format(**{**benefit, "yuan": yuan}))
    )

    given_fen = [decide(rules, diner(), meal(price), {}).subsidy_fen for price in sorted(prices)]

    assert given_fen == sorted(given_fen)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["add", "highest"]),
    st.permutations(range(4)),
    st.integers(0, 4000),
    st.lists(st.integers(1, 12), min_size=4, max_size=4, unique=True),
)
def test_the_order_of_rules_does_not_matter_when_they_add_or_the_highest_counts(
    combine: str, order: list[int], price: int, yuan: list[int]
) -> None:
    """What the diner pays; and, unless the price is exceeded or gains are equal, who pays it."""
    texts = [
        rule(
            f"r{n}",
            f"age = {{ from = {60 + 8 * n} }}",
            f'{{ kind = "fixed_off", amount = "{yuan[n]}" }}',
            f'"{funder}"',
        )
        for n, funder in enumerate(("city", "district", "operator", "charity"))
    ]
    head = f'combine = "{combine}"\ncap = {{ gives_way = ["charity", "operator", "district", "city"] }}\n'

    written, shuffled = (
        decide(small("".join(rules), head), diner(86), meal(price), {}) for rules in (texts, [texts[n] for n in order])
    )

    assert written.self_pay_fen == shuffled.self_pay_fen
    if combine == "add" or price >= 1200:
        assert written.funder_fen() == shuffled.funder_fen()


def test_frozen_inputs_hold_no_identity() -> None:
    """Names of all fields that are frozen: nothing says who the person is."""
    assert set(Diner.__struct_fields__) == {
        "born", "register", "register_area", "living_area", "residence_confirmed", "status", "categories",
    }  # fmt: skip


def test_a_minimum_self_pay_holds_against_every_kind_of_benefit() -> None:
    assert decide(GREEDY, diner(), meal(1500), {}).self_pay_fen == 50
