"""Pick-up numbers."""

import pytest

from canteen.orders.numbers import number_text


@pytest.mark.parametrize(
    "index, text", [(1, "A 01"), (23, "A 23"), (99, "A 99"), (100, "B 01"), (8 * 99 + 1, "J 01"), (24 * 99, "Z 99")]
)
def test_numbers_are_a_letter_and_two_digits(index: int, text: str) -> None:
    """The ninth letter would be I, which looks like 1."""
    assert number_text(index) == text


def test_two_thousand_numbers_of_one_meal_are_all_different() -> None:
    """Even when numbers ending in 4 are left out and the first letter is not A."""
    made = [number_text(index, first_letter="S", skip_four=True) for index in range(1, 3000)]

    assert len(set(made)) == len(made)
    assert not any(text.endswith("4") for text in made)
    assert not any(text[0] in "IO" for text in made)
