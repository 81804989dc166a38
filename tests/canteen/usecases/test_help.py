"""Calling staff to a kiosk."""

import pytest

from canteen.db.database import Database
from canteen.sites import help_calls
from canteen.sites.errors import CanteenUnknown, HelpCallUnknown, HelpReasonUnknown
from canteen.usecases.answer_help import HelpAnswered, answer_help
from canteen.usecases.call_help import HelpWanted, call_help
from tests.canteen.building import ACTOR, NOW, enrol


def call(database: Database, request: HelpWanted) -> str:
    """Page the staff."""
    return database.write_sync(call_help, request, now=NOW, actor=ACTOR)


def test_pressing_twice_is_one_call(database: Database) -> None:
    first = call(database, HelpWanted("longcheng"))

    assert call(database, HelpWanted("longcheng")) == first
    assert call(database, HelpWanted("shuiyun")) != first
    (waiting,) = database.read_sync(help_calls.open_calls, "longcheng")
    assert (waiting.id, waiting.reason, waiting.called_at) == (first, "asked", NOW)


def test_staff_see_whose_card_was_stopped(database: Database) -> None:
    resident_id = enrol(database)

    call(database, HelpWanted("longcheng", "card-stopped", resident_id=resident_id))

    assert database.read_sync(help_calls.open_calls, "longcheng")[0].resident_id == resident_id


def test_a_call_ends_once(database: Database) -> None:
    call_id = call(database, HelpWanted("longcheng"))
    answered = HelpAnswered("longcheng", call_id)

    assert database.write_sync(answer_help, answered, now=NOW, actor=ACTOR)
    assert not database.write_sync(answer_help, answered, now=NOW, actor=ACTOR)
    assert database.read_sync(help_calls.open_calls, "longcheng") == ()
    assert call(database, HelpWanted("longcheng")) != call_id


def test_calls_of_another_canteen_are_out_of_reach(database: Database) -> None:
    call_id = call(database, HelpWanted("longcheng"))

    with pytest.raises(HelpCallUnknown):
        database.write_sync(answer_help, HelpAnswered("shuiyun", call_id), now=NOW, actor=ACTOR)


def test_unknown_places_and_reasons_are_refused(database: Database) -> None:
    with pytest.raises(CanteenUnknown):
        call(database, HelpWanted("moon"))
    with pytest.raises(HelpReasonUnknown):
        call(database, HelpWanted("longcheng", "bored"))
