"""Counters and purses when a person's orders come from both canteens, and one is cancelled, at the same instant."""

from collections import defaultdict
from datetime import date

import pytest
from sqlmodel import Session, col, func, select

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.usecases.steps import published_rules
from subsidies.models import EntitlementCounter, RuleSetVersion
from subsidies.rules.document import load
from tests.canteen.building import TODAY
from tests.faults.deeds import Cancel, Place, do_at_once
from tests.faults.test_races import broken, codes_of
from tests.support.world import CANTEENS, World

TEXT = """
code = "races"
version = 1
title = { zh = "示例：每周三次与每月二十元", en = "example: three a week, twenty yuan a month" }
source = "示例"
effective_from = 2026-11-23
example = true
odd_fen_to = "district"
cap = { gives_way = ["district"] }

[[counters]]
name = "week"
per = "week"
limit = 3
shared = true

[[rules]]
key = "weekly"
title = { zh = "每周三次，每次减9元", en = "9 off, three times a week" }
age = { from = 80 }
benefit = { kind = "fixed_off", amount = "9" }
counters = ["week"]
split = "district"

[[rules]]
key = "purse"
title = { zh = "每月二十元", en = "twenty yuan a month" }
age = { from = 60, under = 80 }
benefit = { kind = "allowance" }
budget = { name = "allowance", amount = "20", per = "month", shared = true }
split = "district"

[[examples]]
name = "82, a set of 15"
date = 2026-11-23
age = 82
spend = "15"
expect = { self_pay = "6", shares = { district = "9" } }
"""
WEEKLY, PURSE_FEN = 3, 2000


def put_in_force(session: Session, world: World) -> None:
    """In place of the example set that decides otherwise."""
    standing = session.exec(select(RuleSetVersion.id).where(col(RuleSetVersion.is_example))).all()
    published_rules.publish(
        session,
        TEXT,
        load(TEXT),
        since=TODAY,
        ends=tuple(key for key in standing if key is not None),
        now=world.now,
        actor="account:shen",
        drafted_by="account:lin",
    )


def at_both(world: World, who: list[str], *, key: str) -> list[Place]:
    """One order of each at each canteen."""
    return [
        Place(resident, canteen, world.items[canteen]["soft"], f"{key}-{canteen}-{number}")
        for number, resident in enumerate(who)
        for canteen in CANTEENS
    ]


def subsidies_of(session: Session) -> dict[str, list[int]]:
    """Resident → subsidy in fen of each order that stands and has any."""
    found: dict[str, list[int]] = defaultdict(list)
    for resident, fen in session.exec(
        select(MealOrder.resident_id, MealOrder.subsidy_fen).where(
            col(MealOrder.status) != OrderStatus.CANCELLED.value, col(MealOrder.subsidy_fen) > 0
        )
    ):
        found[resident or ""].append(fen)
    return found


def one_of_each(session: Session) -> list[Cancel]:
    """One order of each diner, to be cancelled."""
    first = select(func.min(col(MealOrder.id))).group_by(col(MealOrder.resident_id))
    return [Cancel(key) for key in session.exec(first)]


def used(session: Session) -> dict[tuple[str, str], int]:
    """(resident, counter) → used."""
    return {
        (one.resident_id, one.name.removeprefix("races.")): one.used for one in session.exec(select(EntitlementCounter))
    }


@pytest.mark.parametrize("people", [4, pytest.param(250, marks=pytest.mark.long)], ids=["short", "long"])
def test_a_week_a_purse_and_a_freed_count_are_used_up_exactly(either_world: World, people: int) -> None:
    """Eight orders at two canteens from four processes: three of a week are helped, a purse gives its last fen and no more.

    Of a week that is used up one meal is cancelled, by two processes, while two others order anew: what became free is taken
    at most once; nothing is negative, nothing above the cap, and what then is free goes to the next order.
    """
    world = either_world
    world.stock(people * 40 + 50)
    world.database.write_sync(put_in_force, world)
    weekly, full = world.add_elders(people), world.add_elders(people)
    purses = world.add_elders(people, born=date(1950, 1, 1))
    for canteen in ("longcheng", "shuiyun", "longcheng"):
        world.place_all(full, world.items[canteen]["soft"], canteen)
    before = world.database.read_sync(subsidies_of)
    cancels = world.database.read_sync(one_of_each)
    race = [*weekly, *purses]
    new = [[deed for deed in at_both(world, full, key="new") if deed.canteen == canteen] for canteen in CANTEENS]

    outcomes = do_at_once(
        world,
        [
            [*cancels, *at_both(world, race, key="p0")],
            [*cancels[::-1], *at_both(world, race, key="p1")[::-1]],
            [*new[0], *at_both(world, race, key="p2")],
            [*new[1][::-1], *at_both(world, race, key="p3")],
        ],
    )
    raced, counted = world.database.read_sync(subsidies_of), world.database.read_sync(used)
    world.place_all(full, world.items["longcheng"]["soft"])
    after = world.database.read_sync(subsidies_of)

    assert codes_of(outcomes) == {"ok": len(cancels) * 2 + people * 2 + people * 16}
    assert [before[who] for who in full] == [[900] * WEEKLY] * people
    assert [raced[who] for who in weekly] == [[900] * WEEKLY] * people
    assert [sum(raced[who]) for who in purses] == [PURSE_FEN] * people
    assert {counted[who, "week"] for who in weekly} == {WEEKLY}
    assert {counted[who, "allowance"] for who in purses} == {PURSE_FEN}
    for who in full:
        assert len(raced[who]) == counted[who, "week"]
        assert counted[who, "week"] in {WEEKLY - 1, WEEKLY}
    assert [after[who] for who in full] == [[900] * WEEKLY] * people
    assert broken(world) == []
