"""Two files of one person become one, on both databases: nothing is rewritten, nothing given twice, everything adds up."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from canteen.orders.models import DoubleMeal, MealOrder
from canteen.payments import wallets
from canteen.people import cards, consents, diet_notes, fetchers, slips
from canteen.people.accounts import Actor
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.errors import MergeDecided, MergeRefused, ResidentMerged, SecondPersonNeeded
from canteen.people.models import MergeProposal, Resident, Role
from canteen.readmodels.canteen_people import standing_id
from canteen.readmodels.invariants import check
from canteen.readmodels.merge_case import waiting_merges
from canteen.readmodels.month_facts import month_facts
from canteen.readmodels.window import find_diners
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.decide_merge import Merged, MergeDecision, decide_merge
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.issue_slip import issue_slip
from canteen.usecases.propose_merge import MergeProposed, propose_merge
from canteen.usecases.top_up_wallet import top_up_wallet
from subsidies import eligibility
from subsidies.models import LedgerTransaction
from subsidies.months import Month
from subsidies.proposals import ProposedCategory
from subsidies.reconciliation import Kind
from tests.canteen.building import EXAMPLE_ID
from tests.support.granting import grant_category
from tests.support.world import World

PROPOSER, DECIDER = "account:first", "account:second"
REAL = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECOND = Enrolment(
    name="张玉兰",
    community_id="longcheng",
    born=date(1944, 3, 12),
    register_area="jilin/fengman/jianhua/longcheng",
    phone="13904316688",
    cards=(CardToBind("7000000000001111", "transit"),),
    consents=(ConsentGiven(ConsentKind.SERVICE), ConsentGiven(ConsentKind.HEALTH)),
    diet=DietNotes(("soft",), ("peanut",), "慢慢吃"),
)


def twin(world: World, request: Enrolment = SECOND) -> str:
    """The same 张玉兰, enrolled a second time; `world.people["twin"]`."""
    world.people["twin"] = world.database.write_sync(
        enrol_resident, request, now=world.now, actor=PROPOSER, sealer=world.sealer
    )
    return world.people["twin"]


def proposed(world: World, kept: str = "elder82", gone: str = "twin") -> str:
    """A proposal of the first person."""
    request = MergeProposed(world.people[kept], world.people[gone], "同名同生日")
    return world.database.write_sync(propose_merge, request, now=world.now, actor=PROPOSER)


def decided(world: World, proposal: str, *, by: str = DECIDER, merge: bool = True) -> Merged:
    """The second person's word."""
    request = MergeDecision(proposal, merge, "" if merge else "不是一个人")
    return world.database.write_sync(decide_merge, request, now=world.now, real_now=REAL, actor=by, sealer=world.sealer)


def breaches(world: World) -> list[str]:
    """What `canteen check` would say."""
    return [str(one) for one in world.database.read_sync(check) if not one.ok]


def diners(session: Session) -> dict[str, str | None]:
    """Whose order each is."""
    return dict(session.execute(select(col(MealOrder.id), col(MealOrder.resident_id))).all())


def doubles(session: Session) -> list[str]:
    """Orders listed as second ones."""
    return list(session.exec(select(DoubleMeal.order_id)))


def entries(session: Session) -> list[str]:
    """Hashes of every entry, chain by chain."""
    rows = select(col(LedgerTransaction.canteen_id), col(LedgerTransaction.seq), col(LedgerTransaction.hash))
    return [str(tuple(row)) for row in session.execute(rows.order_by(*rows.selected_columns))]


def test_everything_goes_over_and_nothing_is_rewritten(either_world: World) -> None:
    world = either_world
    gone, kept = twin(world), world.people["elder82"]
    world.database.write_sync(top_up_wallet, gone, "longcheng", fen=3_000, now=world.now, actor=PROPOSER)
    world.database.write_sync(top_up_wallet, gone, "shuiyun", fen=1_200, now=world.now, actor=PROPOSER)
    order = world.place("twin", "soft", method="wallet")
    world.collect(order.pickup_code)
    granted = ProposedCategory(gone, "living_alone", date(2026, 1, 1), None, "社区走访")
    world.database.write_sync(grant_category, granted, now=world.now, actor=PROPOSER)
    before, held = world.database.read_sync(entries), _balance(world, kept) + _balance(world, gone)

    merged = decided(world, proposed(world))

    assert (merged.orders, merged.doubles) == (1, 0)
    assert breaches(world) == []
    assert set(before) <= set(world.database.read_sync(entries))
    assert world.database.read_sync(diners)[order.id] == kept
    assert (_balance(world, kept), _balance(world, gone)) == (held, 0)
    assert {card.number[-4:] for card in world.database.read_sync(cards.of_resident, kept)} >= {"0082", "1111"}
    assert "living_alone" in {one.category for one in world.database.read_sync(eligibility.grants, kept)}
    assert world.database.read_sync(diet_notes.read, world.sealer, kept) == SECOND.diet
    assert world.database.read_sync(standing_id, gone) == kept
    assert len(world.database.read_sync(find_diners, "zyl", sealer=world.sealer)) == 1
    assert len(world.database.read_sync(find_diners, "6688", sealer=world.sealer)) == 1


def test_a_category_both_files_hold_covers_every_day_of_either_once(either_world: World) -> None:
    """What only the second file had beyond goes over on its evidence; of the same days there are not two."""
    world = either_world
    gone, kept = twin(world), world.people["elder82"]
    for who, category, start, until in (
        (kept, "low_income", date(2026, 6, 1), date(2026, 12, 1)),
        (gone, "low_income", date(2026, 1, 1), None),
        (kept, "living_alone", date(2026, 1, 1), None),
        (gone, "living_alone", date(2026, 11, 23), date(2027, 1, 1)),
    ):
        granted = ProposedCategory(who, category, start, until, f"证 {who[-1]}")
        world.database.write_sync(grant_category, granted, now=world.now, actor=PROPOSER)

    decided(world, proposed(world))

    mine, old = (world.database.read_sync(eligibility.grants, key) for key in (kept, gone))
    assert {(one.category, one.valid_from, one.valid_until, one.evidence) for one in mine} == {
        ("low_income", date(2026, 1, 1), date(2026, 6, 1), f"证 {gone[-1]}"),
        ("low_income", date(2026, 6, 1), date(2026, 12, 1), f"证 {kept[-1]}"),
        ("low_income", date(2026, 12, 1), None, f"证 {gone[-1]}"),
        ("living_alone", date(2026, 1, 1), None, f"证 {kept[-1]}"),
    }
    assert {one.category for one in old} == {"low_income", "living_alone"}


def _balance(world: World, resident_id: str) -> int:
    return sum(view.balance_fen for view in world.database.read_sync(wallets.of_resident, resident_id))


def test_after_the_merge_there_is_one_subsidised_meal_and_no_second(either_world: World) -> None:
    world = either_world
    twin(world)
    first = world.place("twin", "soft", method="cash")
    world.collect(first.pickup_code, take_cash=True)
    decided(world, proposed(world))

    again = world.place("elder82", "soft", method="cash")

    with_help, without = _subsidy(world, first.id), _subsidy(world, again.id)
    assert with_help > 0
    assert without == 0
    assert breaches(world) == []


def _subsidy(world: World, order_id: str) -> int:
    def read(session: Session) -> int:
        return session.exec(select(MealOrder.subsidy_fen).where(col(MealOrder.id) == order_id)).one()

    return world.database.read_sync(read)


def test_a_meal_helped_twice_in_the_past_is_a_difference_and_stays_in_the_books(either_world: World) -> None:
    world = either_world
    twin(world)
    for who in ("elder82", "twin"):
        world.collect(world.place(who, "soft", method="cash").pickup_code, take_cash=True)

    merged = decided(world, proposed(world))

    assert merged.doubles == len(world.database.read_sync(doubles)) == 1
    assert breaches(world) == []
    facts = world.database.read_sync(month_facts, Month(2026, 11), ["longcheng", "shuiyun"])
    found = [one for one in facts.result.differences if one.kind is Kind.TWICE]
    assert [one.fen for one in found] == [_subsidy(world, world.database.read_sync(doubles)[0])]
    third = world.place("elder82", "soft", method="cash")
    assert _subsidy(world, third.id) == 0
    assert breaches(world) == []


def test_two_canteens_at_one_meal_show_after_the_merge(either_world: World) -> None:
    world = either_world
    twin(world)
    for who, canteen in (("elder82", "longcheng"), ("twin", "shuiyun")):
        order = world.place(who, "soft", canteen=canteen, method="cash")
        world.collect(order.pickup_code, canteen=canteen, take_cash=True)

    decided(world, proposed(world))

    facts = world.database.read_sync(month_facts, Month(2026, 11), ["longcheng", "shuiyun"])
    assert {one.kind for one in facts.result.differences if one.kind in {Kind.TWICE, Kind.TWO_CANTEENS}} == {
        Kind.TWO_CANTEENS
    }
    assert breaches(world) == []


def test_an_open_order_goes_over_and_can_still_be_cancelled_with_its_money(either_world: World) -> None:
    world = either_world
    gone = twin(world)
    world.database.write_sync(top_up_wallet, gone, "longcheng", fen=3_000, now=world.now, actor=PROPOSER)
    order = world.place("twin", "soft", method="wallet")
    kept_before = _balance(world, world.people["elder82"])
    decided(world, proposed(world))

    world.database.write_sync(cancel_order, order.id, reason="asked", now=world.now, actor=PROPOSER)

    assert _balance(world, world.people["elder82"]) == kept_before + 3_000
    assert breaches(world) == []


def test_unsafe_merges_are_refused_and_leave_everything_as_it_was(either_world: World) -> None:
    world = either_world
    twin(world)
    proposal = proposed(world)
    orders = [world.place(who, "soft", method="cash") for who in ("elder82", "twin")]

    with pytest.raises(MergeRefused) as refused:
        decided(world, proposal)

    assert refused.value.data == {"why": "open-same-meal"}
    assert breaches(world) == []
    actor = Actor("account:officer", "", Role.OFFICER)
    (case,) = world.database.read_sync(waiting_merges, actor, sealer=world.sealer)
    assert case.obstacles == ("open-same-meal",)
    world.database.write_sync(cancel_order, orders[0].id, reason="asked", now=world.now, actor=PROPOSER)
    assert decided(world, proposal).orders == 1


def test_two_id_numbers_are_two_people_and_one_file_is_no_pair(world: World) -> None:
    twin(world, replace(SECOND, national_id=EXAMPLE_ID))
    other = replace(SECOND, national_id="110105491231003", cards=())
    world.people["other"] = world.database.write_sync(
        enrol_resident, other, now=world.now, actor=PROPOSER, sealer=world.sealer
    )

    for pair, why in ((("twin", "other"), "two-ids"), (("twin", "twin"), "same")):
        with pytest.raises(MergeRefused) as refused:
            proposed(world, *pair)
        assert refused.value.data == {"why": why}


def test_the_id_number_and_its_birthday_go_over(either_world: World) -> None:
    world = either_world
    twin(world, replace(SECOND, national_id=EXAMPLE_ID))

    decided(world, proposed(world))

    file = world.database.read_sync(eligibility.eligibility_file, world.people["elder82"])
    assert file is not None
    assert file.born == date(1949, 12, 31)
    assert len(world.database.read_sync(find_diners, EXAMPLE_ID, sealer=world.sealer)) == 1


def test_whoever_proposed_cannot_confirm_and_of_two_who_confirm_one_does(either_world: World) -> None:
    world = either_world
    twin(world)
    proposal = proposed(world)
    with pytest.raises(SecondPersonNeeded):
        decided(world, proposal, by=PROPOSER)

    def one(number: int) -> bool:
        try:
            decided(world, proposal, by=f"account:{number}")
        except (MergeDecided, MergeRefused):
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(one, range(4))) == 1
    assert breaches(world) == []


def test_the_file_that_ended_takes_nothing_new(either_world: World) -> None:
    world = either_world
    gone = twin(world)
    code = world.database.write_sync(
        issue_slip, gone, now=world.now, real_now=REAL, actor=PROPOSER, sealer=world.sealer
    )
    decided(world, proposed(world))

    with pytest.raises(ResidentMerged):
        world.database.write_sync(
            change_resident, ResidentChange(gone, large_type=True), now=world.now, actor=PROPOSER, sealer=world.sealer
        )
    with pytest.raises(ResidentMerged):
        world.place("twin", "soft", method="cash")
    with pytest.raises(Exception, match="slip"):
        world.database.read_sync(slips.find, slips.code_hash(world.sealer, code), REAL)


def test_the_later_word_on_a_consent_counts(either_world: World) -> None:
    world = either_world
    gone, kept = twin(world), world.people["elder82"]
    later = world.now.replace(hour=4)
    world.database.write_sync(
        consents.give, kept, ConsentKind.HEALTH, text_version="2026-11", how="signed", recorded_by="x", now=later
    )
    world.database.write_sync(consents.withdraw, kept, ConsentKind.HEALTH, now=later.replace(minute=5))

    decided(world, proposed(world))

    assert not world.database.read_sync(consents.stands, kept, ConsentKind.HEALTH)
    assert world.database.read_sync(diet_notes.read, world.sealer, kept) == DietNotes()
    assert gone != kept


def test_fetchers_go_over_but_nobody_fetches_for_themselves(either_world: World) -> None:
    world = either_world
    gone, kept, other = twin(world), world.people["elder82"], world.people["elder92"]
    for eater, fetcher in ((gone, other), (gone, kept), (other, gone)):
        world.database.write_sync(fetchers.name, eater, fetcher, now=world.now)

    decided(world, proposed(world))

    assert world.database.read_sync(fetchers.fetchers_of, kept) == (other,)
    assert world.database.read_sync(fetchers.fetched_for, kept) == (other,)


def test_a_declined_merge_changes_nothing_and_may_be_proposed_again(either_world: World) -> None:
    world = either_world
    gone = twin(world)
    decided(world, proposed(world), merge=False)

    def pointer(session: Session) -> str | None:
        return session.exec(select(Resident.merged_into).where(col(Resident.id) == gone)).one()

    def waiting(session: Session) -> int:
        return len(session.exec(select(MergeProposal.id).where(col(MergeProposal.decision).is_(None))).all())

    assert world.database.read_sync(pointer) is None
    proposed(world)
    assert world.database.read_sync(waiting) == 1
    with pytest.raises(MergeRefused):
        proposed(world)
