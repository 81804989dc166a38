"""A person's data is erased: nothing in the database names them any more, and every book still agrees."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from canteen.confirmations.calls import LineKey
from canteen.orders.models import MealOrder
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.erasure_models import Erasure
from canteen.people.errors import ErasureDecided, ErasureRefused, ResidentUnknown, SecondPersonNeeded
from canteen.people.models import Resident
from canteen.people.search import matches
from canteen.readmodels.invariants import check
from canteen.readmodels.quote import LineWish
from canteen.readmodels.retention import retention
from canteen.usecases.ask_erasure import ask_erasure
from canteen.usecases.dispute_meal import MealWord, dispute_meal
from canteen.usecases.draw_calls import draw_calls
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.erase_person import ErasureDecision, erase_person
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.note_call import CallNoted, note_call
from canteen.usecases.place_order import place_order
from canteen.usecases.reveal_field import FieldReveal, reveal_field
from canteen.usecases.top_up_wallet import top_up_wallet
from subsidies.models import ChainHead
from subsidies.proposals import ProposedCategory
from tests.canteen.building import EXAMPLE_ID
from tests.journeys.office_browser import OfficeBrowser, words
from tests.support.granting import grant_category
from tests.support.world import ACTOR, PEOPLE, World

NAME, PHONE, CARD = "慕容婉清", "13904316688", "7000000000002222"
ADDRESS, SPELT = "吉林市丰满区暖阳小区三号楼", "murongwanqing"
BORN = date(1949, 12, 31)
"""Of `EXAMPLE_ID`."""
WORDS = (NAME, EXAMPLE_ID, PHONE, CARD, ADDRESS, SPELT, "mrwq", "糖尿病", "女儿家", "尾号 0007", BORN.isoformat())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])])
def both_worlds(request: pytest.FixtureRequest) -> World:
    """On SQLite; in the long run on PostgreSQL too."""
    made = request.getfixturevalue("world" if request.param == "sqlite" else "postgres_world")
    assert isinstance(made, World)
    return made


def everywhere(session: Session) -> list[str]:
    """`table.column` of every text or blob that holds one of the words, as it stands or as JSON escapes it."""
    found = []
    wanted = [form.encode() for word in WORDS for form in {word, json.dumps(word)[1:-1]}]
    metadata = MetaData()
    metadata.reflect(session.connection())
    for table in metadata.sorted_tables:
        for column in table.columns:
            found += [
                f"{table.name}.{column.name}: {word.decode()}"
                for value in session.execute(select(column)).scalars()
                for word in wanted
                if word in _bytes(value)
            ]
    return found


def heads(session: Session) -> list[tuple[str, int, str]]:
    return sorted((head.canteen_id, head.seq, head.hash) for head in session.exec(select(ChainHead)))


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return json.dumps(value, default=str).encode() + b" " + str(value).encode()


def enrolled(world: World) -> str:
    """Somebody of whom everything is on file, who has eaten, been called and complained."""
    person = Enrolment(
        name=NAME,
        community_id="longcheng",
        national_id=EXAMPLE_ID,
        phone=PHONE,
        address=ADDRESS,
        register_area="jilin/fengman/jianhua/longcheng",
        cards=(CardToBind(CARD),),
        consents=(ConsentGiven(ConsentKind.SERVICE), ConsentGiven(ConsentKind.HEALTH)),
        diet=DietNotes(note="糖尿病"),
        canteen_id="longcheng",
    )
    write, sealer, now = world.database.write_sync, world.sealer, world.now
    who = write(enrol_resident, person, now=now, actor=ACTOR, sealer=sealer)
    category = ProposedCategory(who, "low_income", date(2026, 11, 1), None, "低保证 尾号 0007")
    write(grant_category, category, now=now, actor=ACTOR)
    write(reveal_field, FieldReveal(who, "phone", f"找{NAME}的女儿家"), now=now, actor=ACTOR, sealer=sealer)
    write(name_fetcher, FetcherNamed(who, world.people["elder92"]), now=now, actor=ACTOR)
    wish = replace(world.wish(None, "soft", method="cash"), resident_id=who)
    wish = replace(wish, lines=(LineWish(wish.lines[0].item_id, note="糖尿病"),), clashes_seen=True)
    placed = write(place_order, wish, now=now, actor=ACTOR, sealer=sealer, examples_decide=True)
    world.collect(placed.pickup_code, take_cash=True)
    after = now + timedelta(days=30)
    write(draw_calls, "longcheng", "2026-11", now=after, actor="job:draw-calls")
    call = CallNoted(LineKey("longcheng", "2026-11", 1), "confirmed", note="在女儿家")
    write(note_call, call, now=after, actor=ACTOR, sealer=sealer)
    return who


def ask(world: World, who: str) -> str:
    return world.database.write_sync(ask_erasure, who, "asked", by_name="小杨", now=world.now, actor="account:first")


def erase(world: World, key: str, actor: str = "account:second") -> tuple[str, ...]:
    return world.database.write_sync(
        erase_person, ErasureDecision(key, True, "小李"), now=world.now, actor=actor, sealer=world.sealer
    )


def test_nothing_in_the_database_names_them_any_more_and_every_book_agrees(both_worlds: World) -> None:
    """Every text and blob column is walked; the chain verifies, every meal is decided again to the same shares."""
    world = both_worlds
    who = enrolled(world)
    before = world.database.read_sync(everywhere)
    chains = world.database.read_sync(heads)

    files = erase(world, ask(world, who))

    def money(session: Session) -> list[tuple[int, int, str]]:
        rows = session.exec(select(MealOrder).where(col(MealOrder.resident_id) == who))
        return [(row.subsidy_fen, row.self_pay_fen, row.status) for row in rows]

    assert {one.split(":")[0] for one in before} >= {
        "resident.name",
        "resident.initials",
        "card.number",
        "order_line.note",
        "meal_order.inputs",
        "category_grant.evidence",
        "audit_entry.details",
        "eligibility_file.born",
    }
    assert files == (who,)
    assert world.database.read_sync(everywhere) == []
    assert [one for one in world.database.read_sync(check) if not one.ok] == []
    assert world.database.read_sync(heads) == chains
    assert world.database.read_sync(money)[0][2] == "collected"
    assert world.database.read_sync(money)[0][0] > 0


def test_nobody_finds_or_serves_an_erased_person(world: World) -> None:
    """Neither by name nor by number; nothing is ordered on what is left."""
    who = enrolled(world)
    erase(world, ask(world, who))
    erase(world, ask(world, world.people["elder92"]))

    def found(session: Session) -> list[str]:
        return [
            one
            for word in (NAME, PHONE[-4:], CARD, EXAMPLE_ID, SPELT, "已删除")
            for one in session.execute(select(col(Resident.id)).where(matches(word, world.sealer))).scalars()
        ]

    assert world.database.read_sync(found) == []
    with pytest.raises(ResidentUnknown):
        world.place("elder92", "soft", method="cash")


def test_a_second_person_does_it_once(world: World) -> None:
    who = enrolled(world)
    key = ask(world, who)
    with pytest.raises(ErasureRefused):
        ask(world, who)
    with pytest.raises(SecondPersonNeeded):
        erase(world, key, actor="account:first")
    erase(world, key)
    with pytest.raises(ErasureDecided):
        erase(world, key, actor="account:third")


def test_open_money_and_disputes_come_first(world: World) -> None:
    """What is refused changes nothing."""
    who = enrolled(world)
    write, now = world.database.write_sync, world.now
    key = ask(world, who)
    order = world.database.read_sync(
        lambda session: session.exec(select(MealOrder.id).where(col(MealOrder.resident_id) == who)).one()
    )
    write(dispute_meal, MealWord(who, order, False, "office"), now=now, actor=ACTOR)
    with pytest.raises(ErasureRefused) as disputed:
        erase(world, key)
    write(dispute_meal, MealWord(who, order, True, "office"), now=now, actor=ACTOR)
    write(top_up_wallet, who, "longcheng", fen=1000, now=now, actor=ACTOR)
    with pytest.raises(ErasureRefused) as wallet:
        erase(world, key)
    person = world.database.read_sync(lambda session: session.get(Resident, who))

    assert (disputed.value.data["why"], wallet.value.data["why"]) == ("dispute", "wallet")
    assert person is not None
    assert (person.name, person.erased_at) == (NAME, None)


def test_an_unpaid_open_order_is_cancelled(world: World) -> None:
    who = world.people["elder92"]
    open_order = world.place("elder92", "soft", method="cash")

    erase(world, ask(world, who))

    status = world.database.read_sync(lambda session: session.get(MealOrder, open_order.id))
    assert status is not None
    assert (status.status, status.end_reason) == ("cancelled", "file-closed")
    assert [one for one in world.database.read_sync(check) if not one.ok] == []


def test_the_guards_open_for_words_only_and_only_meanwhile(both_worlds: World) -> None:
    """With the row of `erasing` figures still do not change; without it words do not either."""
    world = both_worlds
    enrolled(world)

    def opened(session: Session, statement: str) -> None:
        session.execute(text("INSERT INTO erasing (resident_id) SELECT id FROM resident LIMIT 1"))
        session.execute(text(statement))

    with pytest.raises(DBAPIError):
        world.database.write_sync(lambda session: session.execute(text("UPDATE order_line SET note = ''")))
    for statement in (
        "UPDATE order_line SET note = '', unit_fen = 1",
        "UPDATE meal_order SET subsidy_fen = 0, self_pay_fen = list_fen",
        "UPDATE audit_entry SET actor = 'x'",
        "UPDATE category_grant SET valid_until = NULL, valid_from = '2020-01-01'",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(DBAPIError):
            world.database.write_sync(opened, statement)


def test_two_officers_erase_somebody_on_the_page(world: World) -> None:
    """What is kept how long stands beside it; whoever asked sees no button, and a forged form of theirs is refused."""
    who = enrolled(world)
    with world.client() as client:
        officer = OfficeBrowser(client, world, "officer")
        officer.get(f"/office/erasures?who={who}")
        asked = words(officer.post("/office/erasures", who=who, why="asked"))
        key = world.database.read_sync(lambda session: session.exec(select(Erasure.id)).one())
        forged = officer.post(f"/office/erasures/{key}", do="erase")
        client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        shown = words(community.get("/office/erasures"))
        done = words(community.post(f"/office/erasures/{key}", do="erase"))
        file = words(community.get(f"/office/residents/{who}"))

    assert "您提出的，要由另一个人执行" in asked
    assert forged.status_code == 403
    assert "30 年" in shown
    assert "删除，不能恢复" in shown
    assert "删除了。订单和账目都保留着。" in done
    assert NAME not in done + file
    assert "已删除" in file


def test_whoever_has_not_eaten_for_three_years_is_listed(world: World) -> None:
    """Nothing is taken away by itself."""
    at = world.now + timedelta(days=3 * 366)
    world.place("elder82", "soft", method="cash")
    listed = world.database.read_sync(retention, now=at)
    early = world.database.read_sync(retention, now=world.now)

    assert early.over == 0
    assert {one.resident_id for one in listed.people} == {world.people[who] for who in PEOPLE}
    assert [line.over for line in listed.kept if line.key == "people"] == [len(PEOPLE)]
