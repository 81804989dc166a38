"""Enrolment at the counter."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from canteen.audit.models import AuditEntry
from canteen.db.database import Database
from canteen.people import cards, consents, diet_notes, residents
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.people.errors import (
    AlreadyEnrolled,
    BirthdayMissing,
    CardNumberRefused,
    CardTaken,
    ConsentMissing,
    FieldRefused,
    NameMissing,
    NationalIdWrong,
    PeopleError,
    PhoneWrong,
)
from canteen.people.models import Resident
from canteen.sites.errors import CommunityUnknown
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment
from subsidies.eligibility import diner_facts, eligibility_file
from tests.canteen.building import ELDER, EXAMPLE_ID, SEALER, TODAY, enrol, with_diet


def _row(session: Session, resident_id: str) -> Resident:
    return session.exec(select(Resident).where(Resident.id == resident_id)).one()


def _everyone(session: Session) -> list[Resident]:
    return list(session.exec(select(Resident)).all())


def test_birthday_and_sex_come_from_the_id_number(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, national_id=EXAMPLE_ID.lower(), born=None))

    file = database.read_sync(eligibility_file, resident_id)
    assert file is not None
    assert (file.born, database.read_sync(_row, resident_id).sex) == (date(1949, 12, 31), "f")
    assert database.read_sync(residents.by_national_id, SEALER, EXAMPLE_ID) == resident_id


def test_benefits_apply_at_once_with_residence_to_be_confirmed(database: Database) -> None:
    """免申即享: the file is open and active from the first minute."""
    diner = database.read_sync(diner_facts, enrol(database), TODAY)

    assert (diner.born, diner.status, diner.residence_confirmed) == (date(1944, 3, 12), "active", False)
    assert (diner.register, diner.living_area) == ("community", "jilin/fengman/jianhua/longcheng")


def test_private_fields_are_not_readable_in_the_database(database: Database) -> None:
    request = replace(ELDER, national_id=EXAMPLE_ID, phone="199-0000-0001", address="龙城小区 3 号楼（演示）")
    row = database.read_sync(_row, enrol(database, with_diet(request, DietNotes(("soft",), ("egg",), "牙口不好"))))

    stored = repr(row.model_dump()).encode() + b"".join(
        blob or b"" for blob in (row.national_id_sealed, row.phone_sealed, row.address_sealed, row.diet_sealed)
    )
    for secret in (EXAMPLE_ID, "19900000001", "0001", "龙城小区", "egg", "牙口"):
        assert secret.encode() not in stored
        assert secret not in repr(row.model_dump())


def test_found_without_a_card_by_phone_tail_and_birthday(database: Database) -> None:
    first = enrol(database, replace(ELDER, phone="+86 199 0000 0001"))
    second = enrol(database, replace(ELDER, name="张玉兰", phone="19911110001"))

    assert set(database.read_sync(residents.by_phone_tail, SEALER, "0001", "0312")) == {first, second}
    assert database.read_sync(residents.by_phone_tail, SEALER, "0001", "0313") == ()


def test_the_same_id_number_twice_names_the_file(database: Database) -> None:
    """To the page that asked, which checks who may see it; not in what an answer shows by itself."""
    first = enrol(database, replace(ELDER, national_id=EXAMPLE_ID))

    with pytest.raises(AlreadyEnrolled) as refused:
        enrol(database, replace(ELDER, name="张 玉兰", national_id=EXAMPLE_ID))

    assert refused.value.resident == first
    assert first not in repr((refused.value.data, refused.value))
    assert len(database.read_sync(_everyone)) == 1


def test_two_counters_enrolling_at_once_make_one_file(database: Database) -> None:
    """The unique index catches what the look-up a moment earlier could not see."""
    first = database.read_sync(_row, enrol(database, replace(ELDER, national_id=EXAMPLE_ID)))

    with pytest.raises(AlreadyEnrolled):
        database.write_sync(residents.add, first.model_copy(update={"id": "another"}))
    with pytest.raises(IntegrityError):
        database.write_sync(residents.add, first.model_copy(update={"national_id_index": None}))


def test_two_people_of_the_same_name_are_two_people(database: Database) -> None:
    assert enrol(database) != enrol(database)


@pytest.mark.parametrize("name", ["𬭊䶮堃", "买买提·艾山", "O'Neil", "王", "欧阳\u3000建国"])
def test_rare_and_foreign_names_are_welcome(database: Database, name: str) -> None:
    resident_id = enrol(database, replace(ELDER, name=f" {name} "))

    assert database.read_sync(residents.resident, resident_id).name == name.replace("\u3000", " ")


def test_several_cards_at_once(database: Database) -> None:
    request = replace(ELDER, cards=(CardToBind("6222 0000 0000 0082"), CardToBind("220211x", "social_security")))
    resident_id = enrol(database, request)

    for number in ("6222000000000082", "220211X"):
        assert database.read_sync(cards.find_active, number).resident_id == resident_id


def test_a_card_of_somebody_else_stops_the_whole_enrolment(database: Database) -> None:
    enrol(database, replace(ELDER, cards=(CardToBind("6222000000000082"),)))

    with pytest.raises(CardTaken):
        enrol(database, replace(ELDER, name="李桂芝", cards=(CardToBind("6222000000000082"),)))

    assert len(database.read_sync(_everyone)) == 1


def test_diet_notes_need_their_own_consent(database: Database) -> None:
    notes = DietNotes(("soft", "low_salt"), ("shellfish",), "")

    with pytest.raises(ConsentMissing) as refused:
        enrol(database, replace(ELDER, diet=notes))

    assert refused.value.data["kind"] == "health"
    resident_id = enrol(database, with_diet(ELDER, notes))
    assert database.read_sync(diet_notes.read, SEALER, resident_id) == notes
    assert database.read_sync(consents.stands, resident_id, ConsentKind.HEALTH)


def test_without_notes_there_are_none(database: Database) -> None:
    assert database.read_sync(diet_notes.read, SEALER, enrol(database)) == NOTHING


def test_somebody_who_lives_elsewhere_has_no_community_here(database: Database) -> None:
    resident_id = enrol(
        database,
        replace(ELDER, community_id=None, register_area="changchun/chaoyang", living_area="jilin/chuanying/x"),
    )

    diner = database.read_sync(diner_facts, resident_id, TODAY)
    assert (diner.register, diner.living_area) == ("other", "jilin/chuanying/x")


def test_the_log_holds_no_identity(database: Database) -> None:
    enrol(database, replace(ELDER, national_id=EXAMPLE_ID, phone="19900000001", cards=(CardToBind("622200000082"),)))

    entries = database.read_sync(lambda session: repr(session.exec(select(AuditEntry)).all()))
    assert "resident.enrolled" in entries
    for secret in ("张", EXAMPLE_ID, "0001", "622200000082"):
        assert secret not in entries


@pytest.mark.parametrize(
    "request_,refusal",
    [
        (replace(ELDER, name="  "), NameMissing),
        (replace(ELDER, name="张" * 41), NameMissing),
        (replace(ELDER, name="张\x00兰"), NameMissing),
        (replace(ELDER, national_id="110105194912310020"), NationalIdWrong),
        (replace(ELDER, born=None), BirthdayMissing),
        (replace(ELDER, born=date(2026, 11, 24)), BirthdayMissing),
        (replace(ELDER, born=date(1890, 1, 1)), BirthdayMissing),
        (replace(ELDER, phone="12345"), PhoneWrong),
        (replace(ELDER, phone="１９９００００００１"), PhoneWrong),
        (replace(ELDER, community_id="moon"), CommunityUnknown),
        (replace(ELDER, consents=()), ConsentMissing),
        (replace(ELDER, consents=(ConsentGiven(ConsentKind.SERVICE, how="guessed"),)), FieldRefused),
        (replace(ELDER, title="九个字的称呼太长了呀"), FieldRefused),
        (replace(ELDER, sex="x"), FieldRefused),
        (replace(ELDER, grid_id="shuiyun-1"), FieldRefused),
        (replace(ELDER, grid_id="moon"), FieldRefused),
        (replace(ELDER, language="tlh"), FieldRefused),
        (replace(ELDER, cards=(CardToBind("12"),)), CardNumberRefused),
        (replace(ELDER, cards=(CardToBind("6222000000000082", "library"),)), CardNumberRefused),
        (with_diet(ELDER, DietNotes(("keto",))), FieldRefused),
        (with_diet(ELDER, DietNotes((), ("dust",))), FieldRefused),
        (with_diet(ELDER, DietNotes((), (), "长" * 201)), FieldRefused),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    database: Database, request_: Enrolment, refusal: type[PeopleError]
) -> None:
    with pytest.raises(refusal):
        enrol(database, request_)

    assert database.read_sync(_everyone) == []
