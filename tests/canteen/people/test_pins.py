"""PINs: six digits, and none of those anybody would try first."""

from datetime import date

import pytest

from canteen.people import pins
from canteen.people.sign_in_errors import PinObvious, PinRefused

BORN = date(1944, 3, 12)
NUMBERS = ("19900481357", "6222000000000082")


@pytest.mark.parametrize(
    "pin, why",
    [
        ("123456", "pattern"),
        ("890123", "pattern"),
        ("987654", "pattern"),
        ("000000", "pattern"),
        ("121212", "pattern"),
        ("112211", "pattern"),
        ("258258", "pattern"),
        ("440312", "birthday"),
        ("120344", "birthday"),
        ("031244", "birthday"),
        ("194403", "birthday"),
        ("481357", "number"),
        ("000082", "number"),
    ],
)
def test_obvious_pin_is_refused(pin: str, why: str) -> None:
    """`000082` is the end of the card, and has three different digits."""
    with pytest.raises(PinObvious) as refused:
        pins.check(pin, born=BORN, numbers=NUMBERS)

    assert refused.value.data["why"] == why


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12a456", "１２３４５６", "12 456"])
def test_pin_has_six_digits(pin: str) -> None:
    """ASCII ones: a telephone's keys."""
    with pytest.raises(PinRefused):
        pins.check(pin, born=None)


@pytest.mark.parametrize("pin", ["280613", "739164", "100482"])
def test_other_pins_are_fine(pin: str) -> None:
    """Nobody has to please a meter."""
    assert pins.check(pin, born=BORN, numbers=NUMBERS) == pin
