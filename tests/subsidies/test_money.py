"""Money: whole fen only, roundings that say who gains, splits that add up, one parser and two formats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.errors import MoneyFormat
from subsidies.money import Money, Rounding, format_yuan, format_yuan_full, parse_yuan


@pytest.mark.parametrize("not_fen", [6.0, "600", True, None])
def test_money_refuses_anything_but_whole_fen(not_fen: object) -> None:
    with pytest.raises(TypeError):
        Money(not_fen)  # type: ignore[arg-type]


def test_money_adds_subtracts_multiplies_and_compares() -> None:
    assert Money(150) + Money(50) == Money(200)
    assert Money(150) - Money(200) == Money(-50)
    assert 3 * Money(150) == Money(450)
    assert Money(1) < Money(2)
    assert not Money(0)


def test_money_is_never_multiplied_by_a_fraction() -> None:
    with pytest.raises(TypeError):
        Money(100) * 0.5  # type: ignore[operator]


@pytest.mark.parametrize(
    "rounding, fen",
    [(Rounding.DINER_GAINS, 248), (Rounding.FUNDER_GAINS, 247), (Rounding.HALF_UP, 248), (Rounding.HALF_EVEN, 248)],
)
def test_a_quarter_of_9_90_goes_where_the_named_rounding_says(rounding: Rounding, fen: int) -> None:
    """A quarter of 9.90 is 2.475."""
    assert Money(990).percent(2500, rounding) == Money(fen)


def test_half_even_differs_from_half_up_at_an_even_unit() -> None:
    assert Money(250).percent(5000, Rounding.HALF_EVEN, 10) == Money(120)
    assert Money(250).percent(5000, Rounding.HALF_UP, 10) == Money(130)


def test_half_is_to_the_nearest_unit_not_beyond() -> None:
    assert Money(101).percent(2500, Rounding.HALF_UP) == Money(25)
    assert Money(103).percent(2500, Rounding.HALF_UP) == Money(26)


def test_percent_of_a_negative_amount_is_refused_because_a_reversal_negates_the_entry() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        Money(-999).percent(5000, Rounding.FUNDER_GAINS)


def test_the_stated_part_takes_every_odd_fen() -> None:
    assert Money(1000).split([1, 1, 1], odd_to=2) == (Money(333), Money(333), Money(334))
    assert Money(248).split([60, 20, 20], odd_to=0) == (Money(150), Money(49), Money(49))


def test_without_a_stated_part_the_largest_remainders_take_one_each() -> None:
    assert Money(100).split([1, 5]) == (Money(17), Money(83))
    assert Money(11).split([1, 1, 1]) == (Money(4), Money(4), Money(3))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**4), min_size=1, max_size=6).filter(any), st.booleans())
def test_parts_of_a_split_add_up_exactly(fen: int, weights: list[int], stated: bool) -> None:
    parts = Money(fen).split(weights, odd_to=0 if stated else None)

    assert sum(part.fen for part in parts) == fen
    assert all(part.fen >= 0 for part in parts)


@pytest.mark.parametrize("typed, fen", [("6", 600), ("6.5", 650), ("6.50", 650), ("0", 0), ("0.01", 1), (" 12 ", 1200)])
def test_yuan_as_people_type_them(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == Money(fen)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "6.505",
        "1e3",
        "６",
        "6．5",
        "-6",
        "+6",
        "−6",
        "06",
        ".5",
        "6.",
        "1,000",
        "¥6",
        "6元",
        "٦",
        "NaN",
        "6\n",
        "6 5",
    ],
)
def test_anything_else_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(MoneyFormat) as refused:
        parse_yuan(typed)

    assert refused.value.code == "subsidies.money-format"
    assert refused.value.data["text"] == typed


@pytest.mark.parametrize("fen, elder, officer", [
    (600, "6", "6.00"), (650, "6.50", "6.50"), (0, "0", "0.00"), (1, "0.01", "0.01"),
    (9840600, "98406", "98,406.00"), (-600, "−6", "−6.00"), (-1, "−0.01", "−0.01"),
])  # fmt: skip
def test_elders_see_no_empty_cents_and_officers_always_two(fen: int, elder: str, officer: str) -> None:
    assert format_yuan(fen) == elder
    assert format_yuan_full(fen) == officer


@given(st.integers(0, 10**9))
def test_what_elders_see_can_be_typed_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == Money(fen)
