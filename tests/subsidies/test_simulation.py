"""A simulation remembers decisions; what it says is what the rules say, meal by meal."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import CounterUse
from subsidies.rules.document import load_parsed
from subsidies.rules.facts import CounterKey, Diner, Meal
from subsidies.rules.rule_set import RuleSet
from subsidies.simulation import Simulation, without_dates
from tests.subsidies.rules.building import MONDAY, diner, meal, rule, small
from tests.subsidies.rules.test_invariants import DINERS, GREEDY, MEALS, SETS

TWICE_A_WEEK = small(
    rule("a", 'counters = ["week"]', '{ kind = "fixed_off", amount = "3" }', '"district"'),
    '[[counters]]\nname = "week"\nper = "week"\nlimit = 2\n',
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([*SETS, GREEDY]),
    st.lists(st.tuples(st.sampled_from("abc"), DINERS, MEALS), min_size=1, max_size=12),
)
def test_every_meal_comes_out_as_decided_alone(rule_set: RuleSet, meals: list[tuple[str, Diner | None, Meal]]) -> None:
    """Decided one by one with counters kept by hand: the same shares, the same counters afterwards.

    Day after day: a simulation forgets what ended months ago, and nobody orders for a year gone by.
    """
    simulation, always = Simulation(rule_set), without_dates(rule_set)
    by_hand: dict[tuple[str, str], int] = {}
    for who, person, order in sorted(meals, key=lambda one: one[2].date):
        key = None if person is None else who
        needed = counters_needed(always, person, order)
        used = {one: by_hand.get((who, one.id), 0) for one in needed} if key else {}
        expected = decide(always, person, order, used)

        outcome, _ = simulation.place(key, person, order)

        assert (outcome.shares, outcome.grants) == (expected.shares, expected.grants)
        assert outcome.subsidy_fen == expected.subsidy_fen
        for use in expected.counters if key else ():
            by_hand[who, use.key.id] = by_hand.get((who, use.key.id), 0) + use.take


def test_equal_facts_are_decided_once() -> None:
    """People of one age band, on different days, at different prices of no consequence."""
    simulation = Simulation(TWICE_A_WEEK)
    for number in range(28):
        simulation.place(f"person {number}", diner(60 + number), meal(1500, hour_utc=2 + number % 3))

    assert simulation.decided == 1


def test_what_an_ended_order_took_can_be_used_again() -> None:
    simulation = Simulation(TWICE_A_WEEK)
    first, takes = simulation.place("a", diner(), meal(1500))
    simulation.place("a", diner(), meal(1500))
    third, _ = simulation.place("a", diner(), meal(1500))

    simulation.give_back("a", "longcheng", takes)
    again, _ = simulation.place("a", diner(), meal(1500))

    assert [first.subsidy_fen, third.subsidy_fen, again.subsidy_fen] == [300, 0, 300]


def test_dates_of_the_set_do_not_matter() -> None:
    """Next year's draft is tried on this year's meals."""
    later = load_parsed({**TWICE_A_WEEK.raw, "effective_from": MONDAY + timedelta(days=40)})

    assert decide(later, diner(), meal(1500), {}).subsidy_fen == 0
    assert Simulation(later).place("a", diner(), meal(1500))[0].subsidy_fen == 300


def test_years_of_meals_need_no_more_memory_than_months() -> None:
    simulation = Simulation(TWICE_A_WEEK)
    for number in range(1_000):
        simulation.place("a", diner(), meal(1500, day=MONDAY + timedelta(days=number)))

    assert simulation.remembered < 150


def test_what_an_older_version_took_counts_and_is_given_back() -> None:
    """Two in a week: one taken before by the same code leaves one; another code's counters are nobody's business."""
    simulation = Simulation(TWICE_A_WEEK)
    uses = decide(TWICE_A_WEEK, diner(), meal(1500), {}).counters
    other = [CounterUse(CounterKey("another.week", uses[0].key.period, 2), 2)]

    assert simulation.took("a", "longcheng", other) == ()
    takes = simulation.took("a", "longcheng", uses)
    given = [simulation.place("a", diner(), meal(1500))[0].subsidy_fen for _ in range(2)]
    simulation.give_back("a", "longcheng", takes)
    given.append(simulation.place("a", diner(), meal(1500))[0].subsidy_fen)

    assert given == [300, 0, 300]


@pytest.mark.parametrize(
    "per, since", [("day", MONDAY), ("week", MONDAY), ("month", date(2026, 11, 1)), ("year", date(2026, 1, 1))]
)
def test_meals_count_together_since_the_beginning_of_the_longest_period(per: str, since: date) -> None:
    """A Thursday's week begins on Monday, whatever else is counted."""
    rules = small(
        rule("a", 'counters = ["some"]', '{ kind = "fixed_off", amount = "3" }', '"district"'),
        f'[[counters]]\nname = "some"\nper = "{per}"\nlimit = 2\n',
    )

    assert Simulation(rules).counts_since(MONDAY + timedelta(days=3)) == since
