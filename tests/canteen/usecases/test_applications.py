"""What holds for applications whoever asks, below HTTP and on both databases."""

from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from canteen.applications.errors import MovedOn, SecondPersonNeeded, WrongOffice
from canteen.applications.models import Application, ApplicationStep
from canteen.applications.states import DECISIONS, MOVES, Level, State
from canteen.db.guards import APPLICATION_MOVES
from canteen.usecases.begin_application import ApplicationBegun, begin_application
from canteen.usecases.decide_application import ApplicationDecided, CategoryDates, decide_application
from canteen.usecases.decide_merge import MergeDecision, decide_merge
from canteen.usecases.propose_merge import MergeProposed, propose_merge
from canteen.usecases.steps.applying import due_day
from canteen.usecases.submit_application import ApplicationSent, submit_application
from canteen.usecases.withdraw_application import ApplicationWithdrawn, withdraw_application
from subsidies.eligibility import APPLIED_FOR
from tests.support.world import NOW, World

DATES = CategoryDates(date(2026, 11, 23), date(2027, 11, 1), "低保证 1234")
WAY = ((Level.COMMUNITY, "verify"), (Level.SUBDISTRICT, "review"), (Level.DISTRICT, "approve"))


def sent(world: World, who: str = "elder82", category: str = "low_income") -> str:
    """An application that waits for the community; returns its key."""
    person = world.people[who]
    key = world.database.write_sync(begin_application, ApplicationBegun(person, category, person), now=world.now)
    world.database.write_sync(
        submit_application, ApplicationSent(key, person, agreed=True), now=world.now, sealing=world.sealer
    )
    return key


def version(world: World, key: str) -> int:
    """As a page would show it."""
    return world.database.read_sync(lambda s: s.exec(select(Application.version).where(Application.id == key)).one())


def decide(world: World, key: str, level: Level, decision: str, actor: str) -> State:
    """As the page stands now."""
    request = ApplicationDecided(key, level, decision, version(world, key), "照片不清楚", DATES)
    return world.database.write_sync(decide_application, request, now=world.now, actor=actor, sealing=world.sealer)


def test_the_guards_hold_the_table_of_moves() -> None:
    """One table in two places: no other move exists in the database."""
    assert set(APPLICATION_MOVES) == set(MOVES)


def test_an_office_decides_only_what_waits_for_it(world: World) -> None:
    """The full square of offices and states: what is not in the table is refused and changes nothing."""
    ways: dict[State, tuple[tuple[Level, str], ...]] = {
        State.SUBMITTED: (),
        State.VERIFIED: WAY[:1],
        State.REVIEWED: WAY[:2],
        State.APPROVED: WAY,
        State.RETURNED: ((Level.COMMUNITY, "return"),),
        State.REFUSED: (*WAY[:2], (Level.DISTRICT, "refuse")),
        State.WITHDRAWN: (),
    }
    for (state, way), category in zip(ways.items(), APPLIED_FOR, strict=False):
        key = sent(world, category=category)
        for number, (office, word) in enumerate(way):
            decide(world, key, office, word, f"account:{number}")
        if state is State.WITHDRAWN:
            taken_back = ApplicationWithdrawn(key, world.people["elder82"])
            who = f"resident:{world.people['elder82']}"
            world.database.write_sync(withdraw_application, taken_back, now=world.now, actor=who, sealing=world.sealer)
        before = version(world, key)
        for level in Level:
            for word in ("verify", "review", "approve", "return", "refuse"):
                step = DECISIONS.get(level, {}).get(word)
                if step is None or state not in step.sources:
                    with pytest.raises((MovedOn, WrongOffice)):
                        decide(world, key, level, word, "account:new")
        assert version(world, key) == before


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


def _step_by_hand(session: Session, key: str, who: str) -> None:
    values = {"id": "x", "application_id": key, "position": 9, "level": "district", "decision": "refused"}
    session.execute(insert(ApplicationStep).values(**values, at=NOW, by=who, by_name="", reason_sealed=b"x"))


def test_nobody_acts_on_two_levels_of_one_application(either_world: World) -> None:
    """Neither through the use case nor by a row put in by hand."""
    world = either_world
    key = sent(world)
    decide(world, key, Level.COMMUNITY, "verify", "account:a")

    with pytest.raises(SecondPersonNeeded):
        decide(world, key, Level.SUBDISTRICT, "review", "account:a")
    decide(world, key, Level.SUBDISTRICT, "review", "account:b")
    for who in ("account:a", "account:b"):
        with pytest.raises(SecondPersonNeeded):
            decide(world, key, Level.DISTRICT, "approve", who)
        with pytest.raises(DBAPIError, match="one level"):
            world.database.write_sync(_step_by_hand, key, who)
    assert decide(world, key, Level.DISTRICT, "approve", "account:c") is State.APPROVED


def test_the_database_keeps_what_was_decided(either_world: World) -> None:
    """No step is skipped, rewritten or lost."""
    sent(either_world)

    for attack in (
        "UPDATE application SET state = 'approved', due_on = NULL",
        "UPDATE application_step SET decision = 'withdrawn'",
        "DELETE FROM application_step",
        "DELETE FROM application",
        "UPDATE application SET due_on = NULL",
    ):
        with pytest.raises(DBAPIError):
            either_world.database.write_sync(_run, attack)


def test_a_refusal_of_the_category_leaves_the_application_where_it_was(world: World) -> None:
    """Approved for days on which the category stands already: nothing moves, nothing is granted twice."""
    key = sent(world, "lapsed67")
    for number, (level, word) in enumerate(WAY[:2]):
        decide(world, key, level, word, f"account:{number}")
    late = ApplicationDecided(
        key, Level.DISTRICT, "approve", version(world, key), "", CategoryDates(date(2026, 10, 1), None, "证")
    )

    with pytest.raises(Exception, match="category-held"):
        world.database.write_sync(decide_application, late, now=world.now, actor="account:9", sealing=world.sealer)

    assert world.database.read_sync(lambda s: s.exec(select(Application.state)).one()) == "reviewed"


@pytest.mark.parametrize(
    "state, today, due",
    [
        (State.SUBMITTED, date(2026, 11, 23), date(2026, 11, 30)),
        (State.REVIEWED, date(2026, 11, 27), date(2026, 12, 11)),
        (State.SUBMITTED, date(2026, 9, 28), date(2026, 10, 10)),
        (State.RETURNED, date(2026, 11, 23), None),
    ],
    ids=["a-week", "ten-days", "over-the-national-day", "with-the-applicant"],
)
def test_workdays_know_weekends_and_holidays(world: World, state: State, today: date, due: date | None) -> None:
    """1 to 7 October are holidays; Saturday 10 October is a workday made up for."""
    assert world.database.read_sync(due_day, state, today) == due


def test_merged_files_keep_one_open_application_of_a_kind(world: World) -> None:
    """Both had applied for the same: that of the file that goes is withdrawn, the others come along."""
    twin = world.add_elders(1)[0]
    world.people["twin"] = twin
    kept, double, other = sent(world), sent(world, "twin"), sent(world, "twin", "living_alone")
    proposal = world.database.write_sync(
        propose_merge, MergeProposed(world.people["elder82"], twin, "同一个人", "甲"), now=world.now, actor="account:1"
    )

    world.database.write_sync(
        decide_merge,
        MergeDecision(proposal, merge=True),
        now=world.now,
        real_now=world.now,
        actor="account:2",
        sealer=world.sealer,
    )

    def standing(session: Session) -> dict[str, tuple[str, str]]:
        return {one.id: (one.resident_id, one.state) for one in session.exec(select(Application))}

    mine = world.people["elder82"]
    assert world.database.read_sync(standing) == {
        kept: (mine, "submitted"),
        double: (mine, "withdrawn"),
        other: (mine, "submitted"),
    }
