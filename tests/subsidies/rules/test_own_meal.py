"""How much of an order is the diner's own meal, and what of the diner and the hour the rules go by."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from subsidies.rules.decide import decide
from subsidies.rules.facts import Diner, Meal
from tests.subsidies.rules.building import HOME, diner, meal, rule, small

FREE = rule("a", benefit='{ kind = "percent_off", percent = 100 }')


@pytest.mark.parametrize(
    "said, order, covered_fen",
    [
        ("", meal(1500, 1200, dishes=(300,)), 1500),
        ("", meal(1500, dishes=(900, 700)), 1600),
        ('covers = "order"', meal(1500, 1200, dishes=(300,), delivery_fee_fen=200, dine_in=False), 3000),
        ('set_up_to = "12"', meal(1500), 1200),
        ('set_up_to = "12"', meal(1100, 1000), 1100),
        ('set_up_to = "12"', meal(1500, dishes=(1400,)), 1400),
        ('dishes_up_to = "8"', meal(dishes=(900, 600)), 800),
        ('dishes_up_to = "8"', meal(dishes=(400, 300)), 700),
        ('dishes_up_to = "0"', meal(700, dishes=(900,)), 700),
        ('dishes_up_to = "0"', meal(dishes=(900,)), 0),
        ('set_up_to = "12", dishes_up_to = "13"', meal(1500, dishes=(1400,)), 1300),
        ('dishes_up_to = "dearest_set", without_sets = "9"', meal(dishes=(1000, 1000), dearest_set_fen=1100), 1100),
        ('dishes_up_to = "dearest_set", without_sets = "9"', meal(dishes=(1000,), dearest_set_fen=None), 900),
    ],
)
def test_a_free_meal_is_as_much_as_the_own_meal_covers(said: str, order: Meal, covered_fen: int) -> None:
    decision = decide(small(FREE, f"own_meal = {{ {said} }}\n"), diner(), order, {})

    assert (decision.own_meal_fen, decision.subsidy_fen) == (covered_fen, covered_fen)


def test_of_several_sets_alike_one_is_the_own_meal_and_dishes_count_as_often_as_ordered() -> None:
    sets, dishes = meal(1500), meal(dishes=(400,))
    doubled = [
        msgspec.structs.replace(one, lines=(msgspec.structs.replace(one.lines[0], quantity=3),))
        for one in (sets, dishes)
    ]

    assert [decide(small(FREE), diner(), order, {}).subsidy_fen for order in doubled] == [1500, 1200]


@pytest.mark.parametrize("leap, subsidy_fen", [("february_28", 200), ("march_1", 0)])
def test_a_set_says_when_someone_born_on_29_february_grows_older(leap: str, subsidy_fen: int) -> None:
    rules = small(rule("a", "age = { from = 70 }"), f'ages = {{ born_29_february = "{leap}" }}\n')
    person = Diner(born=date(1956, 2, 29), living_area=HOME)

    assert decide(rules, person, meal(1500, day=date(2026, 2, 28)), {}).subsidy_fen == subsidy_fen


@pytest.mark.parametrize("minute, subsidy_fen", [(9, 0), (10, 200), (29, 200), (30, 0)])
def test_a_clock_window_is_to_the_minute(minute: int, subsidy_fen: int) -> None:
    order = msgspec.structs.replace(meal(1500), ordered_at=datetime(2026, 11, 23, 3, minute, tzinfo=UTC))

    assert (
        decide(small(rule("a", 'clock = { from = "11:10", to = "11:30" }')), diner(), order, {}).subsidy_fen
        == subsidy_fen
    )


def test_a_grant_measures_the_own_meal_whatever_was_taken_off() -> None:
    grant = (
        '[[grants]]\nkey = "g"\ntitle = { zh = "补", en = "grant" }\nto = "operator"\namount = "1"\nfunder = "city"\n'
        'minimum_spend = { at_least = "15", measured_on = "net" }\n'
    )

    assert [len(decide(small(FREE + grant), diner(), meal(fen), {}).grants) for fen in (1499, 1500)] == [0, 1]


def test_the_highest_of_rules_may_be_a_single_fen() -> None:
    rules = small(rule("a", benefit='{ kind = "fixed_off", amount = "0.01" }'), 'combine = "highest"\n')

    assert decide(rules, diner(), meal(1500), {}).subsidy_fen == 1


def test_whereabouts_no_rule_asks_for_tell_nobody_apart() -> None:
    """Twenty people of one city, registered in twenty places: one residence is remembered."""
    rules = small(rule("a", 'residence = { lives = { within = ["jilin"] } }'))
    for number in range(20):
        decide(rules, Diner(living_area=HOME, register_area=f"jilin/{number}"), meal(1500), {})

    assert rules.sieve.remembered == (1, 1)
