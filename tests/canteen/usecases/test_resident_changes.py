"""Corrections, categories, cards, consents, fetchers: each a use case, each in the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from canteen.audit.models import AuditEntry
from canteen.db.database import Database
from canteen.people import cards, consents, diet_notes, fetchers, residents
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.people.errors import (
    CardNumberRefused,
    CardStopped,
    CardTaken,
    CardUnknown,
    ConsentMissing,
    FetcherRefused,
    FieldRefused,
    ReasonMissing,
    ResidentUnknown,
)
from canteen.people.models import CardState
from canteen.people.residents import Contact
from canteen.usecases.bind_card import CardBinding, bind_card
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.confirm_residence import ResidenceSeen, confirm_residence
from canteen.usecases.enrol_resident import CardToBind
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.record_consent import ConsentRecord, record_consent
from canteen.usecases.report_card import CardReport, report_card
from canteen.usecases.reveal_field import FieldReveal, reveal_field
from canteen.usecases.withdraw_category import CategoryWithdrawn, withdraw_category
from subsidies.eligibility import diner_facts
from subsidies.enrolment import (
    CategoryHeld,
    CategoryUnknown,
    EvidenceMissing,
    FileUnknown,
    GrantUnknown,
    ValidityRefused,
)
from subsidies.models import FileStatus
from subsidies.proposals import ProposedCategory
from tests.canteen.building import ACTOR, ELDER, EXAMPLE_ID, NOW, SEALER, TODAY, enrol, with_diet
from tests.support.granting import grant_category

CARD = "6222000000000082"


def do(database: Database, verb: Callable[..., Any], request: object, **more: object) -> Any:  # noqa: ANN401
    """Run one use case now."""
    return database.write_sync(verb, request, now=NOW, actor=ACTOR, **more)


def actions(database: Database) -> set[str]:
    """What the audit log says."""

    def read(session: Session) -> set[str]:
        return set(session.exec(select(AuditEntry.action)).all())

    return database.read_sync(read)


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_new_telephone_finds_the_person(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, phone="19900000001", address="旧址"))

    do(database, change_resident, ResidentChange(resident_id, contact=Contact(phone="19900000002")), sealer=SEALER)

    assert database.read_sync(residents.by_phone_tail, SEALER, "0002", "0312") == (resident_id,)
    assert database.read_sync(residents.by_phone_tail, SEALER, "0001", "0312") == ()
    asked = FieldReveal(resident_id, "address", "寄信")
    assert do(database, reveal_field, asked, sealer=SEALER) == "旧址"


def test_moving_asks_for_a_new_confirmation(database: Database) -> None:
    resident_id = enrol(database)
    do(database, confirm_residence, ResidenceSeen(resident_id))
    assert database.read_sync(diner_facts, resident_id, TODAY).residence_confirmed

    do(database, change_resident, ResidentChange(resident_id, community_id="shuiyun"), sealer=SEALER)

    diner = database.read_sync(diner_facts, resident_id, TODAY)
    assert (diner.living_area, diner.residence_confirmed) == ("jilin/fengman/taishan/shuiyun", False)


def test_a_death_learned_late_leaves_earlier_days_as_they_were(database: Database) -> None:
    resident_id = enrol(database)
    request = ResidentChange(resident_id, status=FileStatus.DECEASED, status_since=TODAY - timedelta(days=5))

    do(database, change_resident, request, sealer=SEALER)

    assert database.read_sync(diner_facts, resident_id, TODAY - timedelta(days=6)).status == "active"
    assert database.read_sync(diner_facts, resident_id, TODAY - timedelta(days=5)).status == "deceased"


def test_the_log_names_fields_not_what_was_in_them(database: Database) -> None:
    resident_id = enrol(database)

    do(database, change_resident, ResidentChange(resident_id, name="张玉蓝", large_type=True), sealer=SEALER)

    view = database.read_sync(residents.resident, resident_id)
    assert (view.name, view.large_type, view.title) == ("张玉蓝", True, "奶奶")
    entries = database.read_sync(lambda session: repr(session.exec(select(AuditEntry)).all()))
    assert "large_type" in entries
    assert "张" not in entries


def test_diet_notes_follow_the_consent(database: Database) -> None:
    resident_id = enrol(database)
    change = ResidentChange(resident_id, diet=DietNotes(("soft",), ("egg",)))
    with pytest.raises(ConsentMissing):
        do(database, change_resident, change, sealer=SEALER)

    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.HEALTH, given=True))
    do(database, change_resident, change, sealer=SEALER)
    assert database.read_sync(diet_notes.read, SEALER, resident_id).allergies == ("egg",)

    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.HEALTH, given=False))
    assert database.read_sync(diet_notes.read, SEALER, resident_id) == NOTHING
    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.HEALTH, given=True))
    assert database.read_sync(diet_notes.read, SEALER, resident_id) == NOTHING


@pytest.mark.parametrize(
    "change,refusal",
    [
        (ResidentChange("", title="九个字的称呼太长了呀"), FieldRefused),
        (ResidentChange("", language="tlh"), FieldRefused),
        (ResidentChange("", diet=DietNotes(("keto",))), FieldRefused),
        (ResidentChange("", diet=DietNotes((), (), "长" * 201)), FieldRefused),
    ],
)
def test_changes_that_cannot_be_are_refused(
    database: Database, change: ResidentChange, refusal: type[Exception]
) -> None:
    resident_id = enrol(database, with_diet(ELDER, DietNotes(("soft",))))

    with pytest.raises(refusal):
        do(database, change_resident, replace(change, resident_id=resident_id), sealer=SEALER)


def test_nobody_is_changed_by_a_wrong_key(database: Database) -> None:
    with pytest.raises(ResidentUnknown):
        do(database, change_resident, ResidentChange("nobody", name="张"), sealer=SEALER)


def test_a_reveal_needs_a_reason_and_is_logged(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, national_id=EXAMPLE_ID))

    with pytest.raises(ReasonMissing):
        do(database, reveal_field, FieldReveal(resident_id, "national_id", " "), sealer=SEALER)
    assert "resident.revealed" not in actions(database)

    asked = FieldReveal(resident_id, "national_id", "核对低保证")
    assert do(database, reveal_field, asked, sealer=SEALER) == EXAMPLE_ID
    assert "resident.revealed" in actions(database)


# --- categories ------------------------------------------------------------------------------------------------------


def granted(resident_id: str, **changes: Any) -> ProposedCategory:  # noqa: ANN401
    """低保 for the year 2026."""
    base = ProposedCategory(resident_id, "low_income", date(2026, 1, 1), date(2027, 1, 1), "低保证尾号 0012")
    return replace(base, **changes)


def test_a_category_holds_from_its_first_to_its_last_day(database: Database) -> None:
    resident_id = enrol(database)
    do(database, grant_category, granted(resident_id))

    (held,) = database.read_sync(diner_facts, resident_id, TODAY).categories

    assert (held.key, held.valid_from, held.valid_to) == ("low_income", date(2026, 1, 1), date(2026, 12, 31))
    assert database.read_sync(diner_facts, resident_id, date(2025, 12, 31)).categories == ()


def test_one_that_ran_out_stays_visible_for_a_while(database: Database) -> None:
    """An explanation can then say when it ended; long ago it is nobody's business."""
    resident_id = enrol(database)
    do(database, grant_category, granted(resident_id))

    assert len(database.read_sync(diner_facts, resident_id, date(2027, 1, 31)).categories) == 1
    assert database.read_sync(diner_facts, resident_id, date(2027, 8, 1)).categories == ()


def test_a_withdrawn_category_counts_no_more_and_may_be_granted_again(database: Database) -> None:
    resident_id = enrol(database)
    grant_id = do(database, grant_category, granted(resident_id))

    do(database, withdraw_category, CategoryWithdrawn(grant_id, "证件作废"))

    assert database.read_sync(diner_facts, resident_id, TODAY).categories == ()
    do(database, grant_category, granted(resident_id))
    with pytest.raises(GrantUnknown):
        do(database, withdraw_category, CategoryWithdrawn(grant_id, "证件作废"))


@pytest.mark.parametrize(
    "changes,refusal",
    [
        ({"category": "rich"}, CategoryUnknown),
        ({"valid_until": date(2026, 1, 1)}, ValidityRefused),
        ({"evidence": " "}, EvidenceMissing),
        ({"resident_id": "nobody"}, FileUnknown),
        ({"valid_from": date(2026, 12, 31), "valid_until": None}, CategoryHeld),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2026, 1, 2)}, CategoryHeld),
    ],
)
def test_a_grant_that_cannot_be_is_refused(
    database: Database, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    resident_id = enrol(database)
    do(database, grant_category, granted(resident_id))

    with pytest.raises(refusal):
        do(database, grant_category, replace(granted(resident_id), **changes))


@pytest.mark.parametrize("start,end", [(date(2027, 1, 1), None), (date(2025, 1, 1), date(2026, 1, 1))])
def test_the_next_and_the_former_validity_touch_without_overlap(
    database: Database, start: date, end: date | None
) -> None:
    resident_id = enrol(database)
    do(database, grant_category, granted(resident_id))

    assert do(database, grant_category, granted(resident_id, valid_from=start, valid_until=end))


def test_withdrawing_needs_a_reason(database: Database) -> None:
    grant_id = do(database, grant_category, granted(enrol(database)))

    with pytest.raises(EvidenceMissing):
        do(database, withdraw_category, CategoryWithdrawn(grant_id, ""))


def test_residence_of_nobody_is_not_confirmed(database: Database) -> None:
    with pytest.raises(FileUnknown):
        do(database, confirm_residence, ResidenceSeen("nobody"))


# --- cards -----------------------------------------------------------------------------------------------------------


def test_a_lost_card_stops_at_once_and_works_when_found(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, cards=(CardToBind(CARD),)))

    do(database, report_card, CardReport(CARD, CardState.LOST))
    with pytest.raises(CardStopped) as stopped:
        database.read_sync(cards.find_active, CARD)
    assert stopped.value.state == "lost"

    assert not do(database, bind_card, CardBinding(resident_id, CARD))
    assert database.read_sync(cards.find_active, CARD).resident_id == resident_id


def test_a_blocked_card_is_not_bound_again(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, cards=(CardToBind(CARD),)))
    do(database, report_card, CardReport(CARD, CardState.BLOCKED))

    with pytest.raises(CardTaken):
        do(database, bind_card, CardBinding(resident_id, CARD))


def test_a_new_card_beside_the_lost_one(database: Database) -> None:
    resident_id = enrol(database, replace(ELDER, cards=(CardToBind(CARD),)))
    do(database, report_card, CardReport(CARD, CardState.LOST))

    assert do(database, bind_card, CardBinding(resident_id, "6222000000000018"))

    states = {card.number: card.state.value for card in database.read_sync(cards.of_resident, resident_id)}
    assert states == {CARD: "lost", "6222000000000018": "active"}


@pytest.mark.parametrize("number", ["12", "😀😀😀😀", "1" * 33, "6222-0001", "'; DROP TABLE card"])
def test_what_no_reader_types_is_no_card(database: Database, number: str) -> None:
    resident_id = enrol(database)

    assert database.read_sync(cards.find, number) is None
    with pytest.raises(CardUnknown):
        database.read_sync(cards.find_active, number)
    with pytest.raises(CardNumberRefused):
        do(database, bind_card, CardBinding(resident_id, number))
    with pytest.raises(CardUnknown):
        do(database, report_card, CardReport(number, CardState.LOST))


def test_a_card_is_bound_to_somebody(database: Database) -> None:
    with pytest.raises(ResidentUnknown):
        do(database, bind_card, CardBinding("nobody", CARD))


# --- consents and fetchers -------------------------------------------------------------------------------------------


def test_giving_again_keeps_the_history(database: Database) -> None:
    resident_id = enrol(database)

    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.SERVICE, given=True, text_version="2027-01"))

    lines = database.read_sync(consents.of_resident, resident_id)
    assert sorted((line.text_version, line.withdrawn_at is None) for line in lines) == [
        ("2026-11", False),
        ("2027-01", True),
    ]


@pytest.mark.parametrize("how,version", [("guessed", "2026-11"), ("signed", "")])
def test_a_consent_says_how_and_to_what(database: Database, how: str, version: str) -> None:
    request = ConsentRecord(enrol(database), ConsentKind.FAMILY, given=True, text_version=version, how=how)

    with pytest.raises(FieldRefused):
        do(database, record_consent, request)


def test_a_fetcher_is_named_by_the_one_who_eats(database: Database) -> None:
    elder, child = enrol(database), enrol(database, replace(ELDER, name="张强", born=date(1975, 1, 1)))

    do(database, name_fetcher, FetcherNamed(elder, child))
    do(database, name_fetcher, FetcherNamed(elder, child))
    assert database.read_sync(fetchers.may_fetch, elder, child)
    assert not database.read_sync(fetchers.may_fetch, child, elder)
    assert database.read_sync(fetchers.fetched_for, child) == (elder,)

    do(database, name_fetcher, FetcherNamed(elder, child, may_fetch=False))
    assert not database.read_sync(fetchers.may_fetch, elder, child)
    do(database, name_fetcher, FetcherNamed(elder, child))
    assert database.read_sync(fetchers.fetchers_of, elder) == (child,)


def test_nobody_fetches_for_themselves_or_for_nobody(database: Database) -> None:
    elder = enrol(database)

    with pytest.raises(FetcherRefused):
        do(database, name_fetcher, FetcherNamed(elder, elder))
    with pytest.raises(ResidentUnknown):
        do(database, name_fetcher, FetcherNamed(elder, "nobody"))


def test_every_verb_is_in_the_log(database: Database) -> None:
    resident_id = enrol(database)
    other = enrol(database)
    grant_id = do(database, grant_category, granted(resident_id))
    do(database, withdraw_category, CategoryWithdrawn(grant_id, "证件作废"))
    do(database, confirm_residence, ResidenceSeen(resident_id))
    do(database, bind_card, CardBinding(resident_id, CARD))
    do(database, report_card, CardReport(CARD, CardState.LOST))
    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.FAMILY, given=True))
    do(database, record_consent, ConsentRecord(resident_id, ConsentKind.FAMILY, given=False))
    do(database, name_fetcher, FetcherNamed(resident_id, other))
    do(database, name_fetcher, FetcherNamed(resident_id, other, may_fetch=False))
    do(database, change_resident, ResidentChange(resident_id, title=""), sealer=SEALER)

    assert actions(database) == {
        "resident.enrolled",
        "category.proposed",
        "category.granted",
        "category.withdrawn",
        "residence.confirmed",
        "card.bound",
        "card.lost",
        "consent.given",
        "consent.withdrawn",
        "fetcher.named",
        "fetcher.withdrawn",
        "resident.changed",
    }
