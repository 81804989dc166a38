"""Whatever people do, in whatever order: after each step every invariant holds, and no meal's books disagree."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.lunch_months import LunchMonths
from tests.support.world import World

EVERY_DEED = {
    "place_order", "sell_at_window", "pay_order", "collect_meal", "cancel_order", "undo_collection", "settle_due",
    "pay_out", "undo_payment", "top_up_wallet", "change_resident", "propose_adjustment", "decide_adjustment",
    "cut_off_month", "declare_month", "review_month",
}  # fmt: skip
PHASES = (Phase.reuse, Phase.generate)
"""A failure is told as it was found: to shorten one takes minutes, and its steps are few."""


@pytest.mark.parametrize("examples, steps", [(5, 30), pytest.param(60, 60, marks=pytest.mark.long)])
def test_no_sequence_of_deeds_makes_the_books_crooked(world: World, examples: int, steps: int) -> None:
    """Five sequences of thirty deeds; in `make test-all` sixty of sixty."""
    done: Counter[str] = Counter()
    machine = type("LunchesHere", (LunchMonths,), {"made": world, "done": done})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = EVERY_DEED if examples > 50 else {"place_order", "top_up_wallet"}
    assert wanted - done.keys() == set()
