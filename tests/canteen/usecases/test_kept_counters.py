"""Counters of an order without a meal: given back, or kept as its rule set says; races on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from canteen.orders.status import OrderStatus, ending_of
from canteen.readmodels.counter_invariants import counters
from canteen.readmodels.simulated_spend import simulated_spend
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.end_orders import end_orders
from canteen.usecases.steps.published_rules import publish
from subsidies.models import EntitlementCounter, RuleSetVersion
from subsidies.months import Month
from subsidies.rules.document import load
from subsidies.rules.library import shipped_text
from tests.support.world import World

KEEPING = 'name = "meal"\nper = "meal"\nlimit = 1\nkept_when = {}\n'


def keep(world: World, *endings: str) -> None:
    """From today the demo's rules keep the counter of the meal after these endings."""
    said = "[" + ", ".join(f'"{ending}"' for ending in endings) + "]"
    text = (
        shipped_text("fengman-example")
        .replace("version = 1", "version = 2", 1)
        .replace('name = "meal"\nper = "meal"\nlimit = 1\n', KEEPING.format(said), 1)
    )
    standing = world.database.read_sync(
        lambda s: s.execute(select(RuleSetVersion.id).where(RuleSetVersion.code == "fengman-example")).scalars().one()
    )
    world.database.write_sync(
        publish, text, load(text), since=world.day, ends=[standing], now=world.now, actor="account:officer",
        drafted_by="account:other",
    )  # fmt: skip


def used(world: World, resident: str) -> dict[str, int]:
    """Counter → how much of it is used."""
    rows = world.database.read_sync(
        lambda s: s.execute(
            select(EntitlementCounter.name, EntitlementCounter.used).where(EntitlementCounter.resident_id == resident)
        ).all()
    )
    return {name.rpartition(".")[2]: count for name, count in rows}


def end(world: World, how: OrderStatus) -> None:
    """One subsidised lunch of the 82-year-old that ends without a meal."""
    method = "cash" if how is OrderStatus.EXPIRED else "wallet"
    order = world.place("elder82", "soft", method=method)
    assert used(world, world.people["elder82"])["meal"] == 1
    if how is OrderStatus.CANCELLED:
        world.database.write_sync(cancel_order, order.id, now=world.now, actor="account:staff")
    else:
        later = order.deadline_at + timedelta(hours=1)
        while world.database.write_sync(end_orders, now=later):
            pass


@pytest.mark.parametrize("how", [OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.NOT_COLLECTED])
def test_a_counter_stays_used_after_the_endings_its_rule_set_names(either_world: World, how: OrderStatus) -> None:
    keep(either_world, how.value)

    end(either_world, how)

    assert used(either_world, either_world.people["elder82"])["meal"] == 1
    assert either_world.database.read_sync(counters).ok
    if how is OrderStatus.CANCELLED:  # the meal is still to come: a second order of it pays list
        assert either_world.place("elder82", "soft").shares == []


def test_after_other_endings_it_is_given_back(world: World) -> None:
    keep(world, "expired", "not_collected")

    end(world, OrderStatus.CANCELLED)

    assert used(world, world.people["elder82"])["meal"] == 0
    assert world.database.read_sync(counters).ok
    assert world.place("elder82", "soft").shares


def test_a_kept_counter_holds_against_many_at_once(either_world: World) -> None:
    """Cancelled once, then ordered at both canteens in the same instant: none is helped again."""
    keep(either_world, "cancelled")
    end(either_world, OrderStatus.CANCELLED)

    with ThreadPoolExecutor(6) as threads:
        placed = list(
            threads.map(lambda n: either_world.place("elder82", "soft", ("longcheng", "shuiyun")[n % 2]), range(6))
        )

    assert [answer.shares for answer in placed] == [[]] * 6
    assert used(either_world, either_world.people["elder82"])["meal"] == 1
    assert either_world.database.read_sync(counters).ok


def test_what_the_canteen_could_not_serve_is_always_given_back() -> None:
    """A dish that is gone, a file that was closed: nobody wished for that."""
    cancelled = {reason: ending_of(OrderStatus.CANCELLED, reason) for reason in ("asked", "dish-gone", "file-closed")}

    assert cancelled == {"asked": "cancelled", "dish-gone": None, "file-closed": None}
    assert [ending_of(status, "") for status in (OrderStatus.PAID, OrderStatus.COLLECTED)] == [None, None]


def test_a_simulation_keeps_what_the_rule_set_keeps(world: World) -> None:
    """Lunch cancelled, ordered again and eaten: a set that keeps the first gives nothing for the second."""
    end(world, OrderStatus.CANCELLED)
    world.collect(world.place("elder82", "soft", method="wallet").pickup_code)
    text = shipped_text("fengman-example")
    keeping = text.replace('per = "meal"\nlimit = 1\n', 'per = "meal"\nlimit = 1\nkept_when = ["cancelled"]\n', 1)

    given = [
        world.database.read_sync(
            simulated_spend, load(one), Month(2026, 11), Month(2026, 11), canteens=("longcheng", "shuiyun")
        ).total.after_fen
        for one in (text, keeping)
    ]

    assert given[0] > 0 == given[1]
