"""Several processes at the same instant: nothing double, nothing lost, nobody sees an error that is none of theirs."""

from collections import Counter
from random import Random

import pytest
from sqlmodel import Session, select

from canteen.orders.models import MealOrder
from canteen.readmodels.invariants import check
from menus.models import MenuItem
from tests.faults.deeds import Collect, Outcome, Place, do_at_once
from tests.support.world import World

SEED = 20261123


def places(
    world: World, residents: list[str], *, canteen: str = "longcheng", key: str, line: str = "soft"
) -> list[Place]:
    """One order for each resident."""
    item = world.items[canteen][line]
    return [Place(resident, canteen, item, f"{key}-{number}") for number, resident in enumerate(residents)]


def broken(world: World) -> list[str]:
    """Names of the invariants that do not hold."""
    return [found.name for found in world.database.read_sync(check) if not found.ok]


def codes_of(outcomes: list[list[Outcome]]) -> Counter[str]:
    """How often each outcome came."""
    return Counter(outcome.code for process in outcomes for outcome in process)


def placed_codes(world: World, count: int) -> list[str]:
    """Pick-up codes of as many subsidised orders that wait for their cash."""
    elders = world.add_elders(count)
    world.stock(count + 50)
    item = world.items["longcheng"]["soft"]
    return world.place_all(elders, item)


@pytest.mark.parametrize(
    "codes, processes", [(400, 4), pytest.param(2000, 8, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_every_code_is_redeemed_once_whoever_tries(either_world: World, codes: int, processes: int) -> None:
    """All processes redeem all codes in their own order: as many hand-overs as codes, everything else was told 'already'."""
    waiting = placed_codes(either_world, codes)
    lists = []
    for process in range(processes):
        mine = [Collect(code, "longcheng") for code in waiting]
        Random(SEED + process).shuffle(mine)
        lists.append(mine)

    outcomes = do_at_once(either_world, lists)

    assert codes_of(outcomes) == {"ok": codes, "pickup.already-collected": codes * (processes - 1)}
    handed = [outcome.got for process in outcomes for outcome in process if outcome.code == "ok"]
    assert len(set(handed)) == codes
    assert broken(either_world) == []


@pytest.mark.parametrize("orders", [160, pytest.param(10_000, marks=pytest.mark.long)], ids=["short", "long"])
def test_the_last_portions_are_sold_exactly_once(either_world: World, orders: int) -> None:
    """Ten portions of a dish, four processes full of orders: ten are placed, the others hear that it is sold out."""
    elders = either_world.add_elders(40)
    wanted = [elders[number % 40] for number in range(orders // 4)]

    outcomes = do_at_once(
        either_world, [places(either_world, wanted, key=f"p{process}", line="ribs") for process in range(4)]
    )

    assert codes_of(outcomes) == {"ok": 10, "menus.sold-out": orders // 4 * 4 - 10}
    assert either_world.database.read_sync(_left, either_world.items["longcheng"]["ribs"]) == 0
    assert broken(either_world) == []


@pytest.mark.parametrize("times", [60, pytest.param(1000, marks=pytest.mark.long)], ids=["short", "long"])
def test_an_elder_at_both_canteens_at_once_is_helped_once(either_world: World, times: int) -> None:
    """Both orders stand; one is subsidised, the other at list price."""
    elders = either_world.add_elders(times)
    either_world.stock(times + 50)

    here, there = do_at_once(
        either_world,
        [places(either_world, elders, canteen=canteen, key=canteen) for canteen in ("longcheng", "shuiyun")],
    )

    assert codes_of([here, there]) == {"ok": 2 * times}
    assert [sorted([a.subsidy_fen, b.subsidy_fen]) for a, b in zip(here, there, strict=True)] == [[0, 900]] * times
    assert broken(either_world) == []


def test_the_same_key_from_several_processes_is_one_order(either_world: World) -> None:
    """Everyone hears of the same order, whoever was first."""
    elders = either_world.add_elders(40)
    either_world.stock(200)
    wanted = places(either_world, elders, key="same")

    outcomes = do_at_once(either_world, [wanted] * 4)

    assert codes_of(outcomes) == {"ok": 160}
    assert len({outcome.got for process in outcomes for outcome in process}) == 40
    assert len(either_world.database.read_sync(_orders)) == 40
    assert broken(either_world) == []


def _left(session: Session, item: int) -> int:
    return session.exec(select(MenuItem.left_halves).where(MenuItem.id == item)).one()


def _orders(session: Session) -> list[str]:
    return list(session.exec(select(MealOrder.id)).all())
