"""People are found by a part of the name, its spelling, the end of a phone or card number; a taken-over file never is."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select, update

from canteen.db.database import Database
from canteen.people import search
from canteen.people.models import Resident
from canteen.people.residents import Contact
from canteen.people.spelling import MOST_READINGS, spellings
from canteen.readmodels.window import find_diners
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.enrol_resident import CardToBind
from tests.canteen.building import ACTOR, ELDER, NOW, SEALER, enrol


def found(database: Database, text: str) -> set[str]:
    """Names as the window shows them."""
    return {one.shown_as for one in database.read_sync(find_diners, text, sealer=SEALER)}


@pytest.mark.parametrize(
    "name, typed",
    [
        ("张玉兰", "zyl"),
        ("单丽华", "slh"),
        ("单丽华", "dlh"),
        ("曾乐", "zy"),
        ("曾乐", "cl"),
        ("解放", "xf"),
        ("仇和", "qh"),
        ("欧阳修", "oyx"),
        ("吕布", "lb"),
        ("单丽华", "shanlihua"),
        ("买买提·艾力", "mmtal"),
        ("John Smith", "js"),
    ],
)
def test_a_name_is_found_by_its_initials_however_it_is_read(name: str, typed: str) -> None:
    assert f" {typed}" in spellings(name)


def test_a_name_of_polyphones_and_one_nobody_can_read_are_kept_short() -> None:
    assert len(spellings("行行重行行单单").split()) <= 2 * MOST_READINGS
    assert spellings("★") == " "


def test_every_way_of_searching_finds_the_person(either: Database) -> None:
    enrol(either, replace(ELDER, name="单丽华", phone="139 0431 6688", cards=(CardToBind("6222000000001234"),)))
    enrol(either, replace(ELDER, name="王强", phone="13900000001", cards=(CardToBind("9988776655"),)))

    for typed in ("丽", "slh", "SL", "dlh", "6688", "1234", "6222000000001234", "66880312"):
        assert found(either, typed) == {"单*华"}, typed
    assert found(either, "lh") == set()
    assert found(either, "%") == found(either, "_") == set()


def test_a_corrected_name_and_phone_are_found_at_once_and_the_old_ones_not(either: Database) -> None:
    resident_id = enrol(either, replace(ELDER, name="单丽华", phone="13904316688"))

    change = ResidentChange(resident_id, name="段丽华", contact=Contact(phone="13904317777"))
    either.write_sync(change_resident, change, now=NOW, actor=ACTOR, sealer=SEALER)

    assert found(either, "slh") == found(either, "6688") == set()
    assert found(either, "dlh") == found(either, "7777") == {"段*华"}


def test_namesakes_are_told_apart_by_year_community_and_card(either: Database) -> None:
    enrol(either, replace(ELDER, cards=(CardToBind("10001111"),)))
    enrol(either, replace(ELDER, born=date(1951, 5, 1), community_id="shuiyun", cards=(CardToBind("10002222"),)))

    people = either.read_sync(find_diners, "zyl", sealer=SEALER)

    assert {(one.born_year, one.community, one.card_tail) for one in people} == {
        (1944, "龙城社区", "1111"),
        (1951, "水韵社区", "2222"),
    }


def blank(session: Session) -> None:
    """As enrolled by the version before."""
    session.execute(update(Resident).values(initials="", phone_end_index=None))


def left(session: Session) -> list[str]:
    """Spellings on file."""
    return list(session.exec(select(Resident.initials)))


def test_people_enrolled_before_get_their_spelling_and_phone_end(either: Database) -> None:
    enrol(either, replace(ELDER, name="单丽华", phone="13904316688"))
    enrol(either, replace(ELDER, name="★"))
    either.write_sync(blank)

    rounds = 0
    while either.write_sync(search.fill_in, sealer=SEALER):
        rounds += 1

    assert rounds == 1
    assert "" not in either.read_sync(left)
    assert found(either, "slh") == found(either, "6688") == {"单*华"}
