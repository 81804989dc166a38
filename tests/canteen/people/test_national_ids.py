"""ID numbers as people type them."""

from datetime import date

import pytest

from canteen.people.errors import NationalIdWrong
from canteen.people.national_ids import read_national_id


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105491231002",
    ],
)
def test_the_example_of_the_standard_is_read(typed: str) -> None:
    """Source: GB 11643-1999, the example number of the standard; also full-width, and with the 15 digits of before."""
    found = read_national_id(typed)

    assert (found.number, found.born, found.sex) == ("11010519491231002X", date(1949, 12, 31), "f")


def test_a_place_nobody_lists_is_no_reason_to_send_somebody_away() -> None:
    assert read_national_id("999999194912310025").born == date(1949, 12, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110105194912310020",
        "11010519491231002",
        "11010519491231002XX",
        "110105194913310027",
        "11010519490230002X",
        "11010519491231002Y",
        "' OR 1=1 --",
        "😀" * 18,
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(NationalIdWrong):
        read_national_id(typed)


@pytest.mark.parametrize(
    "typed, why",
    [
        ("110105194912310020", "digit"),
        ("110105194912310021", "digit"),
        ("11010519490230002X", "birthday"),
        ("1101051949123100", "length"),
        ("110105491331002", "birthday"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_with_it(typed: str, why: str) -> None:
    with pytest.raises(NationalIdWrong) as refused:
        read_national_id(typed)
    assert refused.value.data == {"why": why}
