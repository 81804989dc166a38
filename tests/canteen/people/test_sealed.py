"""Private fields: sealed, found by hash, masked."""

import pytest

from canteen.people.sealed import About, CannotOpen, Sealer, called, greeting, mask_id, mask_name, mask_phone

HERE = About("resident", "phone_sealed", "R1")
SEALER = Sealer("a secret for tests, long enough to use")


@pytest.mark.parametrize("text", ["19900000001", "", "吉林省吉林市丰满区𬭊䶮堃街 1 号", "x" * 5_000])
def test_what_is_sealed_opens_in_its_place(text: str) -> None:
    blob = SEALER.seal(text, HERE)

    assert SEALER.open(blob, HERE) == text
    assert text.encode() not in blob or not text


def test_sealing_twice_looks_different() -> None:
    assert SEALER.seal("19900000001", HERE) != SEALER.seal("19900000001", HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        About("resident", "phone_sealed", "R2"),
        About("resident", "address_sealed", "R1"),
        About("account", "phone_sealed", "R1"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: About) -> None:
    blob = SEALER.seal("19900000001", HERE)

    with pytest.raises(CannotOpen):
        SEALER.open(blob, elsewhere)


def test_every_changed_byte_is_noticed() -> None:
    blob = SEALER.seal("19900000001", HERE)

    for place in range(len(blob)):
        changed = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]
        with pytest.raises(CannotOpen):
            SEALER.open(changed, HERE)


@pytest.mark.parametrize("blob", [b"", b"1234", b"12345678901234567"])
def test_rubbish_does_not_open(blob: bytes) -> None:
    with pytest.raises(CannotOpen):
        SEALER.open(blob, HERE)


def test_after_a_change_of_secret_old_values_open_and_new_ones_use_the_new_key() -> None:
    old = SEALER.seal("19900000001", HERE)
    changed = Sealer("another secret for tests, also long", old_keys=("a secret for tests, long enough to use",))

    assert changed.open(old, HERE) == "19900000001"
    with pytest.raises(CannotOpen):
        SEALER.open(changed.seal("19900000001", HERE), HERE)


def test_hashes_differ_by_kind_and_secret_and_are_stable() -> None:
    again = Sealer("a secret for tests, long enough to use")
    other = Sealer("another secret for tests, also long")

    assert SEALER.index("national-id", "1") == again.index("national-id", "1")
    assert (
        len({SEALER.index("national-id", "1"), SEALER.index("phone-tail", "1"), other.index("national-id", "1")}) == 3
    )
    assert len(SEALER.index("national-id", "1")) == 64


@pytest.mark.parametrize(
    "shown,expected",
    [
        (mask_name("张玉兰"), "张*兰"),
        (mask_name("王强"), "王*"),
        (mask_name("欧阳建国"), "欧*国"),
        (mask_name("𬭊"), "𬭊"),
        (mask_name(""), ""),
        (mask_id("11010519491231002X"), "1101**********002X"),
        (mask_id("123"), "***"),
        (mask_phone("19900000001"), "199****0001"),
        (mask_phone(""), ""),
    ],
)
def test_masks_leave_enough_to_recognise(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    "name,title,lang,expected",
    [
        ("张玉兰", "奶奶", "zh", "张奶奶，您好"),
        ("张玉兰", "张老师", "zh", "张老师，您好"),
        ("欧阳建国", "爷爷", "zh", "欧阳爷爷，您好"),
        ("张玉兰", "", "zh", "您好"),
        ("张玉兰", "奶奶", "en", "Hello, 张奶奶"),
        ("张玉兰", "", "en", "Hello"),
    ],
)
def test_people_are_greeted_as_they_chose(name: str, title: str, lang: str, expected: str) -> None:
    assert greeting(name, title, lang) == expected
    assert name not in called(name, title)
