"""Four eyes on a rule set, on both databases: drafted by one, published by another, and one set a day at a canteen."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from canteen.usecases.publish_rule_draft import Publication, PublishedDraft, publish_rule_draft
from canteen.usecases.return_rule_draft import return_rule_draft
from canteen.usecases.save_rule_draft import save_rule_draft
from canteen.usecases.start_rule_draft import start_rule_draft
from canteen.usecases.steps.published_rules import RuleSetPublished, RuleSetRefused
from canteen.usecases.submit_rule_draft import submit_rule_draft
from canteen.usecases.withdraw_rule_draft import withdraw_rule_draft
from subsidies import drafts
from subsidies.document_edits import beginning, edited
from subsidies.errors import SubsidyError
from subsidies.published import in_force
from subsidies.rule_models import DraftState, RuleDraft
from subsidies.rules.library import shipped_text
from subsidies.validity import RuleSetCanteenUnknown, RuleSetOverlaps
from tests.support.world import World

LIN, SHEN = "account:lin", "account:shen"
TOMORROW = date(2026, 11, 24)
REAL = beginning(shipped_text("jilin-2024"), date(2027, 1, 1))


def begin(world: World, text: str = REAL, actor: str = LIN) -> str:
    """A draft, not yet submitted."""
    return world.database.write_sync(start_rule_draft, text, now=world.now, actor=actor, actor_name="林")


def waiting(world: World, text: str = REAL, actor: str = LIN) -> str:
    """A submitted draft."""
    draft = begin(world, text, actor)
    world.database.write_sync(submit_rule_draft, draft, revision=1, now=world.now, actor=actor)
    return draft


def publish(world: World, draft: str, actor: str = SHEN, *ends: int) -> PublishedDraft:
    """Somebody publishes what was submitted first."""
    return world.database.write_sync(
        publish_rule_draft, Publication(draft, 1, frozenset(ends), "沈"), now=world.now, actor=actor
    )


def deciding(world: World, day: date, *, examples: bool = False) -> str:
    """What decides at Longcheng on a day."""
    found = world.database.read_sync(
        in_force, "longcheng", "jilin/fengman/jianhua/longcheng", day, examples_decide=examples
    )
    return found.label if found else ""


def state(world: World, draft: str) -> str:
    return str(
        world.database.read_sync(lambda s: s.execute(select(RuleDraft.state).where(RuleDraft.id == draft)).scalar_one())
    )


def run(world: World, statement: str) -> None:
    """As some tool or hand would."""
    world.database.write_sync(lambda session: session.execute(sql(statement)))


def test_a_second_person_publishes_and_the_version_before_ends(either_world: World) -> None:
    """From its own first day; until then the older version decides, and each day has exactly one."""
    draft = waiting(either_world)

    done = publish(either_world, draft)

    assert (done.since, done.is_late) == (date(2027, 1, 1), False)
    assert state(either_world, draft) == DraftState.PUBLISHED
    assert [deciding(either_world, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [
        "jilin-2024@1",
        "jilin-2024@2",
    ]


def test_a_first_day_gone_by_means_tomorrow(world: World) -> None:
    done = publish(world, waiting(world, beginning(REAL, date(2026, 9, 1))))

    assert (done.since, done.is_late) == (TOMORROW, True)
    assert deciding(world, world.day) == "jilin-2024@1"
    assert deciding(world, TOMORROW) == "jilin-2024@2"


def test_nobody_publishes_or_returns_their_own(world: World) -> None:
    draft = waiting(world)

    with pytest.raises(drafts.RuleDraftSecondPerson):
        publish(world, draft, LIN)
    with pytest.raises(drafts.RuleDraftSecondPerson):
        world.database.write_sync(return_rule_draft, draft, "改", revision=1, now=world.now, actor=LIN, actor_name="林")
    assert state(world, draft) == DraftState.SUBMITTED


def test_a_returned_draft_is_mended_and_submitted_again(world: World) -> None:
    """With the reason; whoever read the first text cannot publish the second unseen."""
    draft = waiting(world)
    answer = world.database.write_sync

    with pytest.raises(drafts.RuleDraftReason):
        answer(return_rule_draft, draft, " ", revision=1, now=world.now, actor=SHEN, actor_name="沈")
    answer(return_rule_draft, draft, "日期不对", revision=1, now=world.now, actor=SHEN, actor_name="沈")
    mended = beginning(REAL, date(2027, 2, 1))
    with pytest.raises(drafts.RuleDraftNotYours):
        answer(save_rule_draft, draft, mended, revision=1, now=world.now, actor=SHEN)
    answer(save_rule_draft, draft, mended, revision=1, now=world.now, actor=LIN)
    answer(submit_rule_draft, draft, revision=2, now=world.now, actor=LIN)

    with pytest.raises(drafts.RuleDraftMoved):
        publish(world, draft)
    done = answer(publish_rule_draft, Publication(draft, 2), now=world.now, actor=SHEN)
    assert done.since == date(2027, 2, 1)


def test_what_is_submitted_stays_as_it_was_read(world: World) -> None:
    draft = waiting(world)

    with pytest.raises(drafts.RuleDraftMoved):
        world.database.write_sync(save_rule_draft, draft, REAL, revision=1, now=world.now, actor=LIN)
    world.database.write_sync(withdraw_rule_draft, draft, revision=1, now=world.now, actor=LIN)
    with pytest.raises(drafts.RuleDraftMoved):
        publish(world, draft)


def test_an_unfinished_draft_is_kept_and_not_submitted(world: World) -> None:
    """Without worked examples lint refuses; a draft may stand so, a submission may not."""
    draft = begin(world, REAL.partition("[[examples]]")[0])

    with pytest.raises(RuleSetRefused):
        world.database.write_sync(submit_rule_draft, draft, revision=1, now=world.now, actor=LIN)
    assert state(world, draft) == DraftState.DRAFT


def test_another_set_for_the_same_canteen_takes_over_only_where_that_is_said(world: World) -> None:
    """One set decides a meal: a second one beside it would silently lose."""
    other = REAL.replace('code = "jilin-2024"', 'code = "fengman-2027"')
    draft = waiting(world, other)

    with pytest.raises(RuleSetOverlaps) as refused:
        publish(world, draft)
    assert refused.value.data["rule_set"] == "jilin-2024@1"
    publish(world, draft, SHEN, 1)
    assert deciding(world, date(2027, 1, 1)) == "fengman-2027@1"
    assert deciding(world, date(2026, 12, 31)) == "jilin-2024@1"


def test_a_scope_of_canteens_there_are_none_of_is_refused(world: World) -> None:
    draft = waiting(world, edited(REAL, {"scope": {"areas": (), "canteens": ["canteen"]}}))

    with pytest.raises(RuleSetCanteenUnknown):
        publish(world, draft)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rule_draft SET decided_by = author",
        "UPDATE rule_draft SET text = 'x'",
        "UPDATE rule_draft SET author = 'account:x'",
        "UPDATE rule_draft SET state = 'published', decided_by = 'account:x'",
        "DELETE FROM rule_draft",
        "INSERT INTO rule_set (code, version, title, text, sha256, is_example, effective_from, published_at,"
        " published_by, drafted_by) SELECT code, 9, title, text, sha256, is_example, effective_from, published_at,"
        " published_by, published_by FROM rule_set WHERE id = 1",
        "UPDATE rule_set_in_force SET valid_from = '2020-01-01'",
        "UPDATE rule_set_in_force SET valid_until = '2020-01-01'",
        "DELETE FROM rule_set_in_force",
        "INSERT INTO rule_set_in_force SELECT 2, 'jilin/fengman/jianhua', funder, is_example, valid_from, valid_until"
        " FROM rule_set_in_force WHERE rule_set_id = 1",
    ],
)
def test_the_database_itself_refuses(either_world: World, statement: str) -> None:
    """Whatever code or hand tries it."""
    waiting(either_world)

    with pytest.raises(DBAPIError):
        run(either_world, statement)


def at_once(world: World, *deeds: Callable[[Session], object]) -> Counter[str]:
    """Each in its own thread; how often which outcome came."""

    def outcome(deed: Callable[[Session], object]) -> str:
        try:
            world.database.write_sync(deed)
        except SubsidyError as error:
            return error.code
        except DBAPIError:
            return "database"
        return "ok"

    with ThreadPoolExecutor(len(deeds)) as threads:
        return Counter(threads.map(outcome, deeds))


def test_two_publishers_at_once_publish_it_once(either_world: World) -> None:
    draft = waiting(either_world)

    def deed(who: int) -> Callable[[Session], object]:
        return lambda session: publish_rule_draft(
            session, Publication(draft, 1), now=either_world.now, actor=f"account:{who}"
        )

    assert at_once(either_world, *(deed(who) for who in range(4))) == {"ok": 1, "subsidies.rule-draft-moved": 3}


def test_two_drafts_of_one_version_are_published_once(either_world: World) -> None:
    """Another text under a number that has just been given: its author saves it again and gets the next."""
    both = [waiting(either_world), waiting(either_world, beginning(REAL, date(2027, 3, 1)))]

    def deed(draft: str) -> Callable[[Session], object]:
        return lambda session: publish_rule_draft(session, Publication(draft, 1), now=either_world.now, actor=SHEN)

    assert at_once(either_world, *map(deed, both)) == {"ok": 1, RuleSetPublished.code: 1}


def test_two_sets_never_come_to_overlap_by_racing(either_world: World) -> None:
    """Straight into the table, past every use case: one of them stands."""
    run(either_world, "UPDATE rule_set_in_force SET valid_until = '2027-01-01' WHERE rule_set_id = 1")

    def deed(rule_set: int, place: str) -> Callable[[Session], object]:
        row = {"set": rule_set, "place": place, "no": False}
        return lambda session: session.execute(
            sql("INSERT INTO rule_set_in_force VALUES (:set, :place, 'city', :no, '2027-06-01', NULL)"), row
        )

    assert at_once(either_world, deed(1, "jilin/fengman"), deed(2, "jilin")) == {"ok": 1, "database": 1}
