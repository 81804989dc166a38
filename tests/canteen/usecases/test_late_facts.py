"""What is learned late about somebody: the meals since are listed, a second person approves, the books get new entries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from canteen.orders import adjustments
from canteen.orders.errors import (
    AdjustmentDecided,
    AdjustmentStale,
    AdjustmentWaiting,
    NothingToAdjust,
    OrderError,
    ReasonMissing,
    SecondPersonNeeded,
)
from canteen.orders.models import Adjustment, MealOrder, OrderShare
from canteen.payments import wallets
from canteen.readmodels.adjustable import RecoverableMeal
from canteen.readmodels.invariants import check
from canteen.readmodels.month_page import month_page
from canteen.readmodels.recoverable import recoverable_meals, recoverable_people
from canteen.readmodels.residents_list import RollScope
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.propose_adjustment import AdjustmentProposed, propose_adjustment
from canteen.usecases.withdraw_category import CategoryWithdrawn, withdraw_category
from subsidies import eligibility, file_history, statements
from subsidies.enrolment import FactAhead
from subsidies.file_history import as_known
from subsidies.models import FactField, FileFact, FileStatus, LedgerTransaction
from subsidies.months import Month
from subsidies.proposals import ProposedCategory
from subsidies.rules.facts import FrozenInputs
from tests.support.granting import grant_category
from tests.support.world import ACTOR, World

MAKER, CHECKER = "account:maker", "account:checker"
LATER = timedelta(hours=1)


def ate(world: World, who: str = "elder82", key: str = "soft", canteen: str = "longcheng") -> str:
    """Somebody ate a meal at 10:50; nobody knew better."""
    order = world.place(who, key, canteen, method="cash")
    world.collect(order.pickup_code, canteen, take_cash=order.self_pay_fen > 0)
    return order.id


def learn(world: World, who: str = "elder82", **change: object) -> None:
    """An hour later the office hears of it."""
    request = ResidentChange(world.people[who], **change)  # type: ignore[arg-type]
    world.database.write_sync(change_resident, request, now=world.now + LATER, actor=MAKER, sealer=world.sealer)


def listed(world: World, who: str = "elder82") -> tuple[RecoverableMeal, ...]:
    return world.database.read_sync(recoverable_meals, world.people[who])


def propose(world: World, who: str = "elder82", *, by: str = MAKER) -> str:
    request = AdjustmentProposed(world.people[who], "派出所来函")
    return world.database.write_sync(propose_adjustment, request, now=world.now + LATER, actor=by)


def decide(world: World, proposal: str, *, by: str = CHECKER, approve: bool = True, reason: str = "") -> int:
    request = AdjustmentDecision(proposal, approve, reason)
    return world.database.write_sync(decide_adjustment, request, now=world.now + 2 * LATER, actor=by)


def broken(world: World) -> list[str]:
    return [found.name for found in world.database.read_sync(check) if not found.ok]


def given(world: World, order: str) -> dict[str, int]:
    """What an order's adjustments changed, by funder."""
    rows = world.database.read_sync(
        lambda s: s.execute(
            text(
                "SELECT p.funder, sum(p.fen) FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id"
                " WHERE t.kind = 'adjust' AND t.subject = :subject AND p.account = '1100' GROUP BY p.funder"
            ),
            {"subject": f"order:{order}"},
        ).all()
    )
    return {funder: int(fen) for funder, fen in rows}


def test_meals_after_a_death_learned_late_are_put_right_by_two_people(either_world: World) -> None:
    """From list to books: public money back to its budgets, the operator's own discount stays, nothing rewritten."""
    world = either_world
    order = ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day - timedelta(days=3))

    (meal,) = listed(world)
    assert (meal.order_id, meal.given_fen, meal.due_fen, meal.why, meal.status) == (
        order, 900, 0, ("status",), "deceased",
    )  # fmt: skip
    assert {share.funder: share.fen for share in meal.changes} == {
        "district": -450, "subdistrict": -180, "collective": -135,
    }  # fmt: skip
    assert decide(world, propose(world)) == -765

    assert listed(world) == ()
    assert given(world, order) == {"district": -450, "subdistrict": -180, "collective": -135}
    entry = world.database.read_sync(
        lambda s: s.exec(select(LedgerTransaction).where(LedgerTransaction.kind == "adjust")).one()
    )
    assert (entry.key, entry.corrects, entry.period) == (f"adjust:{order}:1", f"earn:{order}", "2026-11")
    shares = world.database.read_sync(
        lambda s: s.exec(select(OrderShare.fen).where(OrderShare.order_id == order)).all()
    )
    assert sum(shares) == 900
    assert broken(world) == []


def test_the_month_names_the_difference_until_it_is_adjusted_and_the_adjustment_after(world: World) -> None:
    ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day - timedelta(days=3))

    def page() -> tuple[list[str], int, int]:
        found = world.database.read_sync(month_page, "2026-11", ["longcheng"], now=world.now)
        return [one.kind for one in found.differences], found.canteens[0].ledger_fen, found.canteens[0].adjusted_fen

    assert page() == (["ineligible"], 900, 0)
    decide(world, propose(world))
    assert page() == ([], 900, -765)


def test_an_adjustment_of_last_months_meal_counts_in_the_open_month(world: World) -> None:
    """November is declared: what it says stays as it was; December shows the correction and no difference of its own."""
    ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day - timedelta(days=3))
    proposal = propose(world)
    december = world.now + timedelta(days=9)
    world.database.write_sync(statements.open_from, "longcheng", Month(2026, 12))
    world.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=december, actor=CHECKER)

    def page(month: str) -> tuple[list[str], int, int]:
        found = world.database.read_sync(month_page, month, ["longcheng"], now=december)
        return [one.kind for one in found.differences], found.canteens[0].ledger_fen, found.canteens[0].adjusted_fen

    assert page("2026-11") == ([], 900, 0)
    assert page("2026-12") == ([], 0, -765)
    assert broken(world) == []


def test_who_moved_away_had_no_claim_since_then(either_world: World) -> None:
    """Another place to live than the file said, from a day before the meal."""
    order = ate(either_world)
    learn(either_world, living_area="jilin/chuanying", place_since=either_world.day)

    (meal,) = listed(either_world)

    assert (meal.why, meal.due_fen) == (("place",), 0)
    decide(either_world, propose(either_world))
    assert sum(given(either_world, order).values()) == -765
    assert broken(either_world) == []


def test_meals_before_the_day_it_became_so_stay_as_they_were(world: World) -> None:
    ate(world)

    learn(world, status=FileStatus.MOVED, status_since=world.day + timedelta(days=1))

    assert listed(world) == ()


def test_a_category_that_had_ended_before_the_meal(either_world: World) -> None:
    """低保 until the first of the month, learned today: the free meal should have been the discount of her age."""
    world = either_world
    who = world.people["lapsed67"]
    granted = ProposedCategory(who, "low_income", date(2026, 11, 1), None, "低保证")
    grant = world.database.write_sync(grant_category, granted, now=world.now - LATER, actor=ACTOR)
    order = ate(world, "lapsed67", "light")
    ended = CategoryWithdrawn(grant, "民政通知", date(2026, 11, 20))
    world.database.write_sync(withdraw_category, ended, now=world.now + LATER, actor=MAKER)

    (meal,) = listed(world, "lapsed67")

    assert (meal.given_fen, meal.due_fen, meal.why) == (1000, 100, ("categories",))
    assert {(share.funder, share.rule, share.fen) for share in meal.changes} == {
        ("district", "hardship-free", -800), ("subdistrict", "hardship-free", -200), ("subdistrict", "age-60-69", 50),
    }  # fmt: skip
    assert decide(world, propose(world, "lapsed67")) == -950
    assert sum(given(world, order).values()) == -950
    assert broken(world) == []


def test_a_birthday_that_was_too_late_gives_back_what_the_elder_bore_too_much(either_world: World) -> None:
    """82 on file, 92 in truth: today's meal should have been free; the 6 yuan go into the stored value."""
    world = either_world
    ate(world)
    learn(world, born=date(1934, 3, 12))
    before = world.database.read_sync(wallets.find, world.people["elder82"], "longcheng")

    (meal,) = listed(world)
    assert (meal.given_fen, meal.due_fen, meal.returned_fen, meal.why) == (900, 1500, 600, ("born",))
    decide(world, propose(world))

    after = world.database.read_sync(wallets.find, world.people["elder82"], "longcheng")
    assert before is not None
    assert after is not None
    assert after.balance_fen == before.balance_fen + 600
    assert listed(world) == ()
    assert broken(world) == []
    month = world.database.read_sync(month_page, "2026-11", ["longcheng"], now=world.now)
    assert (month.differences, month.canteens[0].due_fen) == ((), 0)


def test_a_birthday_that_was_too_early_takes_nothing_from_the_elder(world: World) -> None:
    ate(world, "elder92")
    learn(world, "elder92", born=date(1944, 5, 1))

    (meal,) = listed(world, "elder92")

    assert (meal.given_fen, meal.due_fen, meal.returned_fen) == (1500, 900, 0)
    decide(world, propose(world, "elder92"))
    assert listed(world, "elder92") == ()
    assert broken(world) == []


def test_one_free_meal_a_day_stays_one_when_decided_again(world: World) -> None:
    """Two meals of one day at two canteens, 92 in truth: one was due free, not both."""
    ate(world)
    ate(world, canteen="shuiyun")

    learn(world, born=date(1934, 3, 12))

    assert [meal.due_fen for meal in listed(world)] == [1500]


def test_a_death_that_proves_an_error_gives_everything_again(world: World) -> None:
    """Two adjustments of one meal; each names the hand-over it corrects."""
    order = ate(world)
    died = world.day - timedelta(days=3)
    learn(world, status=FileStatus.DECEASED, status_since=died)
    decide(world, propose(world))
    learn(world, status=FileStatus.ACTIVE, status_since=died)

    assert decide(world, propose(world)) == 765

    assert sum(given(world, order).values()) == 0
    assert broken(world) == []


def test_the_second_person_is_another_one_whatever_the_program_says(either_world: World) -> None:
    """Refused by the use case, and by the database itself."""
    ate(either_world)
    learn(either_world, status=FileStatus.DECEASED, status_since=either_world.day)
    proposal = propose(either_world)

    with pytest.raises(SecondPersonNeeded):
        decide(either_world, proposal, by=MAKER)
    with pytest.raises(IntegrityError):
        either_world.database.write_sync(_approve_alone, proposal, either_world)


def _approve_alone(session: Session, proposal: str, world: World) -> None:
    values = {"decision": "approved", "decided_at": world.now, "decided_by": MAKER}
    session.execute(update(Adjustment).where(col(Adjustment.id) == proposal).values(**values))


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(either_world: World) -> None:
    """Posted once; the other hears that somebody was faster."""
    order = ate(either_world)
    learn(either_world, status=FileStatus.DECEASED, status_since=either_world.day)
    proposal = propose(either_world)

    def approve(who: str) -> str:
        try:
            decide(either_world, proposal, by=who)
        except OrderError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(approve, [f"account:{number}" for number in range(4)]))

    assert sorted(answers) == ["ok", *["orders.adjustment-decided"] * 3]
    assert sum(given(either_world, order).values()) == -765
    assert broken(either_world) == []


@dataclass(frozen=True)
class Refused:
    """One refusal: what is done after the proposal stands."""

    error: type[OrderError]
    act: Callable[[World, str], object]


def _more_is_known(world: World, proposal: str) -> None:
    learn(world, status=FileStatus.ACTIVE, status_since=world.day)
    decide(world, proposal)


def _declined_twice(world: World, proposal: str) -> None:
    decide(world, proposal, approve=False, reason="日期不对")
    decide(world, proposal)


@pytest.mark.parametrize(
    "case",
    [
        Refused(AdjustmentWaiting, lambda world, _: propose(world)),
        Refused(AdjustmentStale, _more_is_known),
        Refused(AdjustmentDecided, _declined_twice),
        Refused(ReasonMissing, lambda world, proposal: decide(world, proposal, approve=False)),
        Refused(NothingToAdjust, lambda world, _: propose(world, "elder75")),
    ],
    ids=lambda case: case.error.code,
)
def test_an_adjustment_is_refused(world: World, case: Refused) -> None:
    """The books stay as they were."""
    ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day)
    proposal = propose(world)

    with pytest.raises(case.error):
        case.act(world, proposal)

    adjusted = select(LedgerTransaction).where(LedgerTransaction.kind == "adjust")
    assert world.database.read_sync(lambda s: s.exec(adjusted).all()) == []


def test_the_list_names_everybody_the_largest_sum_first(world: World) -> None:
    ate(world)
    ate(world, "elder92")
    for who in ("elder82", "elder92"):
        learn(world, who, status=FileStatus.DECEASED, status_since=world.day)

    found = world.database.read_sync(recoverable_people, RollScope())

    assert [(one.resident_id, one.less_fen, one.more_fen) for one in found] == [
        (world.people["elder92"], 1500, 0), (world.people["elder82"], 765, 0),
    ]  # fmt: skip
    elsewhere = world.database.read_sync(recoverable_people, RollScope(community_id="shuiyun"))
    assert elsewhere == ()


def test_facts_as_they_were_known_stay_readable(world: World) -> None:
    """What the order froze is what the history says was known then; today it says otherwise."""
    order, who = ate(world), world.people["elder82"]
    learn(world, status=FileStatus.MOVED, status_since=world.day - timedelta(days=3), born=date(1943, 3, 12))

    then = world.database.read_sync(as_known, who, world.now)
    now = world.database.read_sync(as_known, who)
    frozen = world.database.read_sync(
        lambda s: FrozenInputs.from_json(s.exec(select(MealOrder.inputs).where(MealOrder.id == order)).one()).diner
    )

    assert then is not None
    assert now is not None
    assert frozen is not None
    assert then.diner(world.day, residence_confirmed=False) == frozen
    assert (now.value(FactField.STATUS, world.day), now.value(FactField.BORN, world.day)) == ("moved", "1943-03-12")
    assert now.diner(world.day, residence_confirmed=False) == world.database.read_sync(
        eligibility.diner_facts, who, world.day
    )


def test_a_later_status_leaves_the_days_before_to_the_earlier_one(world: World) -> None:
    """Suspended in October, active again in November: the fast read and the history agree on every day."""
    who, day = world.people["elder82"], world.day
    learn(world, status=FileStatus.SUSPENDED, status_since=day - timedelta(days=40))
    learn(world, status=FileStatus.MOVED, status_since=day + timedelta(days=3))

    known = world.database.read_sync(as_known, who)

    assert known is not None
    for ahead, status in ((0, "suspended"), (2, "suspended"), (3, "moved")):
        there = day + timedelta(days=ahead)
        assert known.value(FactField.STATUS, there) == status
        assert world.database.read_sync(eligibility.diner_facts, who, there).status == status
    assert known.value(FactField.STATUS, day - timedelta(days=41)) == "active"


def test_history_is_never_overwritten(either_world: World) -> None:
    """The database refuses to change or drop what was learned."""
    learn(either_world, status=FileStatus.MOVED, status_since=either_world.day)

    for statement in ("UPDATE file_fact SET value = 'active'", "DELETE FROM file_fact"):
        with pytest.raises(IntegrityError):
            either_world.database.write_sync(_run, statement)


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


def test_nothing_is_told_from_a_day_still_to_come(world: World) -> None:
    """A place and the end of a category; a status may be announced."""
    with pytest.raises(FactAhead):
        learn(world, living_area="jilin/chuanying", place_since=world.day + timedelta(days=1))

    assert world.database.read_sync(lambda s: s.exec(select(FileFact)).all()) == []


def test_learning_the_same_again_adds_nothing(world: World) -> None:
    for _ in range(2):
        learn(world, status=FileStatus.MOVED, status_since=world.day)

    assert len(world.database.read_sync(file_history.facts_of, world.people["elder82"])) == 1


def test_what_was_ordered_before_a_move_was_known_is_given_back(world: World) -> None:
    """Orders for days since then; the person may order anew at the price that holds."""
    order = world.place("elder82", "soft", method="cash")

    learn(world, status=FileStatus.MOVED, status_since=world.day)

    status = select(MealOrder.status).where(MealOrder.id == order.id)
    assert world.database.read_sync(lambda s: s.exec(status).one()) == "cancelled"
    assert broken(world) == []


def test_lines_are_kept_as_they_were_proposed(world: World) -> None:
    ate(world)
    learn(world, status=FileStatus.DECEASED, status_since=world.day)
    proposal = propose(world)

    lines = world.database.read_sync(adjustments.lines_of, [proposal])[proposal]

    assert lines == {meal.order_id: meal.changes for meal in listed(world)}
