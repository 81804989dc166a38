"""A sign-in slip is good once, for seven days, and only the newest one; its code is never stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from canteen.people import slips
from canteen.people.errors import ResidentUnknown, SlipEnded, SlipUnknown
from canteen.people.models import SignInSlip
from canteen.usecases.issue_slip import issue_slip, revoke_slip
from tests.canteen.building import ACTOR, NOW, SEALER, enrol


def issued(database: Database, resident_id: str) -> str:
    """A new slip's code."""
    return database.write_sync(issue_slip, resident_id, now=NOW, real_now=NOW, actor=ACTOR, sealer=SEALER)


def stored(session: Session) -> list[str]:
    """Every hash in the table."""
    return list(session.exec(select(SignInSlip.code_hash)))


def test_a_slip_signs_in_once_however_many_phones_try(either: Database) -> None:
    resident_id = enrol(either)
    hashed = slips.code_hash(SEALER, issued(either, resident_id))

    def one(_: int) -> str | None:
        try:
            return either.write_sync(slips.use, hashed, NOW)
        except SlipEnded:
            return None

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(one, range(16)))

    assert [who for who in got if who] == [resident_id]


def test_looking_at_a_slip_does_not_use_it_up(either: Database) -> None:
    resident_id = enrol(either)
    hashed = slips.code_hash(SEALER, issued(either, resident_id))

    assert either.read_sync(slips.find, hashed, NOW) == resident_id
    assert either.read_sync(slips.find, hashed, NOW + timedelta(days=6, hours=23)) == resident_id
    with pytest.raises(SlipEnded) as refused:
        either.read_sync(slips.find, hashed, NOW + timedelta(days=7))
    assert refused.value.data == {"why": "expired"}
    with pytest.raises(SlipEnded):
        either.write_sync(slips.use, hashed, NOW + timedelta(days=7))


def test_a_new_slip_ends_the_old_and_a_revoked_one_is_no_use(either: Database) -> None:
    resident_id = enrol(either)
    first, second = issued(either, resident_id), issued(either, resident_id)

    with pytest.raises(SlipEnded):
        either.read_sync(slips.find, slips.code_hash(SEALER, first), NOW)
    assert either.read_sync(slips.find, slips.code_hash(SEALER, second), NOW) == resident_id
    assert either.write_sync(revoke_slip, resident_id, now=NOW, real_now=NOW, actor=ACTOR)
    with pytest.raises(SlipEnded) as refused:
        either.read_sync(slips.find, slips.code_hash(SEALER, second), NOW)
    assert refused.value.data == {"why": "revoked"}


def test_two_counters_that_print_at_once_leave_one_slip_standing(either: Database) -> None:
    resident_id = enrol(either)

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda _: issued(either, resident_id), range(8)))

    hashes = [slips.code_hash(SEALER, code) for code in codes]
    standing = 0
    for hashed in hashes:
        try:
            either.read_sync(slips.find, hashed, NOW)
        except SlipEnded:
            continue
        standing += 1
    assert standing == 1


def test_a_code_is_twelve_digits_in_fours_and_stored_only_as_a_keyed_hash(either: Database) -> None:
    code = issued(either, enrol(either))

    assert [len(part) for part in code.split()] == [4, 4, 4]
    assert slips.code_hash(SEALER, code) == slips.code_hash(SEALER, code.replace(" ", "-"))
    assert either.read_sync(stored) == [slips.code_hash(SEALER, code)]
    with pytest.raises(SlipUnknown):
        either.read_sync(slips.find, slips.code_hash(SEALER, "000000000000"), NOW)


def test_nobody_gets_no_slip(either: Database) -> None:
    with pytest.raises(ResidentUnknown):
        issued(either, "nobody")
