"""A notice that began before it was published: the meals in between are listed, one batch of two people puts them right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from canteen.orders.errors import (
    AdjustmentDecided,
    AdjustmentStale,
    AdjustmentWaiting,
    CardCannotHold,
    NothingToAdjust,
    NoticeDaysOpen,
    NoticeNotLate,
    NoticeSettled,
    OrderError,
    ReasonMissing,
    SecondPersonNeeded,
)
from canteen.orders.models import OrderShare
from canteen.payments.models import WALLET_LIMIT_FEN, Wallet
from canteen.readmodels.adjustable import RecoverableMeal
from canteen.readmodels.late_notice import LateMeals, late_meals
from canteen.readmodels.late_notice_page import late_notice_page, notices_to_propose
from canteen.readmodels.month_page import month_page
from canteen.readmodels.recoverable import recoverable_meals
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.propose_adjustment import AdjustmentProposed, propose_adjustment
from subsidies import statements
from subsidies.models import FileStatus, LedgerTransaction
from subsidies.months import Month
from tests.support.late_notice import (
    AUTHOR,
    PUBLISHER,
    adjusted,
    ate,
    balance,
    broken,
    decide,
    propose_late,
    publish_late,
)
from tests.support.world import World

DAY = timedelta(days=1)


def listed(world: World, notice: int) -> LateMeals:
    return world.database.read_sync(late_meals, notice)


def learn(world: World, who: str = "elder82", **change: object) -> None:
    """An hour after the meal the office hears of it."""
    request = ResidentChange(world.people[who], **change)  # type: ignore[arg-type]
    now = world.now + timedelta(hours=1)
    world.database.write_sync(change_resident, request, now=now, actor=AUTHOR, sealer=world.sealer)


def put_right(world: World, who: str = "elder82") -> int:
    """The late fact's own adjustment, from proposal to books."""
    request = AdjustmentProposed(world.people[who], "派出所来函")
    key = world.database.write_sync(propose_adjustment, request, now=world.now + DAY, actor=AUTHOR)
    return decide(world, key)


def by_funder(meal: RecoverableMeal) -> dict[str, int]:
    sums: dict[str, int] = {}
    for share in meal.changes:
        sums[share.funder] = sums.get(share.funder, 0) + share.fen
    return sums


def test_the_meals_between_are_put_right_by_one_batch_of_two_people(either_world: World) -> None:
    """More for the one, whose card gets it; less for the other, who is asked for nothing; nothing is rewritten."""
    world = either_world
    old, middle = ate(world), ate(world, "elder75")
    notice = publish_late(world)

    found = listed(world, notice)
    assert (found.looked_at, found.unpaid, found.guests) == (2, 0, 0)
    first, second = found.meals
    assert (first.order_id, first.given_fen, first.due_fen, first.returned_fen) == (old, 900, 1000, 100)
    assert by_funder(first) == {"district": 550, "subdistrict": -180, "collective": -135, "operator": -135}
    assert (second.order_id, second.given_fen, second.due_fen, second.returned_fen) == (middle, 375, 200, 0)
    assert by_funder(second) == {"district": -25, "subdistrict": -75}
    before = balance(world)
    assert decide(world, propose_late(world, notice)) == 0

    assert listed(world, notice).meals == ()
    assert (balance(world), balance(world, "elder75", "longcheng")) == (before + 100, 20_000)
    assert adjusted(world) == {"district": 525, "subdistrict": -255, "collective": -135, "operator": -135}
    entries = world.database.read_sync(
        lambda s: s.exec(select(LedgerTransaction).where(LedgerTransaction.kind == "adjust")).all()
    )
    assert {(one.key, one.corrects, one.rule_set_id, one.reason) for one in entries} == {
        (f"adjust:{order}:1", f"earn:{order}", notice, "late-notice") for order in (old, middle)
    }
    shares = world.database.read_sync(lambda s: s.exec(select(OrderShare.fen).where(OrderShare.order_id == old)).all())
    assert sum(shares) == 900
    assert broken(world) == []


def test_who_gives_the_same_in_the_place_of_others_gives_no_more_than_the_price(world: World) -> None:
    """6 yuan as before, all of the rest by the district now: the operator's discount is no longer given beside it."""
    ate(world)
    notice = publish_late(world, price="6")

    (meal,) = listed(world, notice).meals

    assert by_funder(meal) == {"district": 450, "subdistrict": -180, "collective": -135, "operator": -135}
    assert (decide(world, propose_late(world, notice)), balance(world)) == (0, 20_000)
    assert broken(world) == []


def test_a_meal_not_paid_yet_is_left_out_until_it_is(world: World) -> None:
    """What is owed is settled before anything goes back."""
    order = world.place("elder82", "soft", method="cash")
    later = HandOver(order.pickup_code, "longcheng", later_reason="没带现金")
    world.database.write_sync(collect_meal, later, now=world.now, actor="a", actor_name="李师傅", sealer=world.sealer)

    found = listed(world, publish_late(world))

    assert (found.meals, found.unpaid) == ((), 1)


def test_neither_month_shows_a_difference(world: World) -> None:
    """November is declared: its meals stay as decided; December, in which the batch was approved, shows it apart."""
    ate(world)
    proposal = propose_late(world, publish_late(world))
    december = world.now + timedelta(days=9)
    world.database.write_sync(statements.open_from, "longcheng", Month(2026, 12))
    world.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=december, actor=PUBLISHER)

    def page(month: str) -> tuple[list[str], int, int]:
        found = world.database.read_sync(month_page, month, ["longcheng"], now=december)
        return [one.kind for one in found.differences], found.canteens[0].ledger_fen, found.canteens[0].adjusted_fen

    assert page("2026-11") == ([], 900, 0)
    assert page("2026-12") == ([], 0, 100)


def test_counters_run_as_if_it_had_been_published_in_time(world: World) -> None:
    """One meal a day in their true order: an order cancelled before gives its meal back, a second one finds it used."""
    cancelled = world.place("elder82", "soft")
    world.database.write_sync(cancel_order, cancelled.id, now=world.now, actor="a")
    first, second = (
        world.place("elder82", "soft", canteen, now=world.now + timedelta(seconds=after))
        for canteen, after in (("shuiyun", 2), ("longcheng", 4))
    )
    world.collect(second.pickup_code, take_cash=True)
    world.collect(first.pickup_code, "shuiyun", take_cash=True)

    found = listed(world, publish_late(world))

    assert (found.looked_at, {meal.order_id: meal.due_fen for meal in found.meals}) == (2, {first.id: 1000})


def test_days_before_it_and_people_it_treats_alike_are_not_listed(world: World) -> None:
    ate(world)
    young = ate(world, "young")

    notice = publish_late(world)
    assert young not in {meal.order_id for meal in listed(world, notice).meals}

    with pytest.raises(NoticeNotLate):
        listed(world, publish_late(world, first=world.day, code="in-time"))


def test_a_notice_published_still_later_takes_over_its_meals(world: World) -> None:
    """The second notice about the same day holds; the first has nothing left to put right."""
    ate(world)
    first = publish_late(world)
    second = publish_late(world, code="second-notice", price="4")

    assert listed(world, first).meals == ()
    assert [meal.due_fen for meal in listed(world, second).meals] == [1100]


def test_a_late_fact_first_then_the_notice(world: World) -> None:
    """Of somebody who had died nothing is taken or given twice: neither list knows the meal after the first."""
    ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day)
    notice = publish_late(world)

    assert put_right(world) == -765
    assert listed(world, notice).meals == ()
    assert world.database.read_sync(recoverable_meals, world.people["elder82"]) == ()


@pytest.mark.parametrize("fact_first", [True, False])
def test_a_meal_that_both_touch_is_put_right_once(world: World, *, fact_first: bool) -> None:
    """92 in truth and 5 yuan by the notice: whichever comes first, the second finds what is left, a third nothing."""
    ate(world)
    notice = publish_late(world)
    learn(world, born=date(1934, 3, 12))
    if fact_first:
        put_right(world)
    decide(world, propose_late(world, notice))
    if not fact_first:
        with pytest.raises(NothingToAdjust):
            put_right(world)

    assert listed(world, notice).meals == ()
    assert world.database.read_sync(recoverable_meals, world.people["elder82"]) == ()
    assert sum(adjusted(world).values()) == 100
    assert broken(world) == []


@dataclass(frozen=True)
class Refused:
    """One refusal: what is done after a batch waits."""

    error: type[OrderError]
    act: Callable[[World, int, str], object]


def _more_is_known(world: World, _: int, proposal: str) -> None:
    learn(world, status=FileStatus.DECEASED, status_since=world.day)
    decide(world, proposal)


def _declined_twice(world: World, _: int, proposal: str) -> None:
    decide(world, proposal, approve=False, reason="日期不对")
    decide(world, proposal)


def _again_after_approval(world: World, notice: int, proposal: str) -> None:
    decide(world, proposal)
    propose_late(world, notice)


def _full_card(world: World, _: int, proposal: str) -> None:
    full = update(Wallet).values(balance_fen=WALLET_LIMIT_FEN)
    world.database.write_sync(lambda s: s.execute(full))
    try:
        decide(world, proposal)
    finally:
        world.database.write_sync(lambda s: s.execute(update(Wallet).values(balance_fen=20_000)))


@pytest.mark.parametrize(
    "case",
    [
        Refused(ReasonMissing, lambda world, notice, _: propose_late(world, notice, reason=" ")),
        Refused(NoticeNotLate, lambda world, _, __: propose_late(world, 1)),
        Refused(NoticeDaysOpen, lambda world, notice, _: propose_late(world, notice, days=0)),
        Refused(AdjustmentWaiting, lambda world, notice, _: propose_late(world, notice)),
        Refused(SecondPersonNeeded, lambda world, _, proposal: decide(world, proposal, by=AUTHOR)),
        Refused(AdjustmentStale, _more_is_known),
        Refused(AdjustmentDecided, _declined_twice),
        Refused(NoticeSettled, _again_after_approval),
        Refused(CardCannotHold, _full_card),
    ],
    ids=lambda case: case.error.code,
)
def test_a_batch_is_refused(world: World, case: Refused) -> None:
    ate(world)
    notice = publish_late(world)
    proposal = propose_late(world, notice)

    with pytest.raises(case.error):
        case.act(world, notice, proposal)

    assert broken(world) == []


def test_a_notice_that_changes_no_meal_is_not_proposed(world: World) -> None:
    notice = publish_late(world)

    assert world.database.read_sync(notices_to_propose, today=world.day + DAY) == ()
    with pytest.raises(NothingToAdjust):
        propose_late(world, notice)


def test_a_declined_batch_is_proposed_anew_and_its_page_says_why(world: World) -> None:
    ate(world)
    notice = publish_late(world)
    decide(world, propose_late(world, notice), approve=False, reason="日期不对")
    decide(world, propose_late(world, notice))

    page = world.database.read_sync(late_notice_page, notice, AUTHOR, today=world.day + DAY, page=1)

    assert [one.decided_reason for one in page.declined] == ["日期不对"]
    assert (page.is_settled, page.total.meals, page.total.change_fen, page.total.returned_fen) == (True, 1, 100, 100)
    assert {key: (sums.less_fen, sums.more_fen) for key, sums in page.by_funder} == {
        "operator": (135, 0), "district": (0, 550), "subdistrict": (180, 0), "collective": (135, 0),
    }  # fmt: skip
