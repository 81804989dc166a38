"""How much each kind of benefit takes off, and which funder bears which fen of it: figures on the edges."""

import pytest

from subsidies.errors import MoneyFormat
from subsidies.money import Rounding
from subsidies.rules.benefit_language import Allowance, Benefit, FixedOff, FixedPrice, FreeUpTo, PercentOff
from subsidies.rules.benefits import basis_points, compile_benefit
from subsidies.rules.split import Split, give_way
from tests.subsidies.rules.building import meal

UP, DOWN = Rounding.DINER_GAINS, Rounding.FUNDER_GAINS


@pytest.mark.parametrize(
    "benefit, on_fen, off_fen",
    [
        (FixedOff("3"), 1500, 300),
        (FixedOff("3"), 0, 300),
        (PercentOff(25), 990, 248),
        (PercentOff("12.5"), 1000, 125),
        (PercentOff(25, rounding=DOWN), 990, 247),
        (PercentOff(25, rounding=Rounding.HALF_EVEN), 990, 248),
        (PercentOff(25, rounding=Rounding.HALF_EVEN), 970, 242),
        (PercentOff(25, cap="2"), 800, 200),
        (PercentOff(25, cap="2"), 804, 200),
        (PercentOff(25, up_to="10"), 1000, 250),
        (PercentOff(25, up_to="10"), 1004, 250),
        (PercentOff(25, up_to="10"), 996, 249),
        (PercentOff(15, rounds="price", round_to="jiao"), 990, 150),
        (PercentOff(15, rounds="price", round_to="jiao", rounding=UP), 999, 159),
        (PercentOff(15, rounds="price", round_to="jiao", rounding=DOWN), 999, 149),
        (PercentOff(15, rounds="price", rounding=Rounding.HALF_EVEN), 990, 148),
        (PercentOff(15, rounds="price", rounding=Rounding.HALF_UP), 990, 148),
        (PercentOff(1, rounds="price", round_to="yuan", rounding=DOWN), 950, 0),
        (PercentOff(100, rounding=UP, round_to="yuan"), 950, 950),
        (PercentOff(100, rounds="price"), 950, 950),
        (PercentOff(15, rounds="price"), 20000, 3000),
        (FixedPrice("6"), 1500, 900),
        (FixedPrice("6"), 600, 0),
        (FixedPrice("6"), 500, 0),
        (FixedPrice("6", up_to="15"), 1800, 900),
        (FixedPrice("6", up_to="15"), 1400, 800),
        (FreeUpTo("12"), 1300, 1200),
        (FreeUpTo("12"), 1100, 1100),
        (FreeUpTo("dearest_set", without_sets="9"), 2000, 1800),
        (FreeUpTo("dearest_set"), 1700, 1700),
        (Allowance(), 1500, 1500),
        (Allowance(cap="12"), 1500, 1200),
        (Allowance(cap="12"), 1100, 1100),
    ],
)
def test_what_a_benefit_takes_off(benefit: Benefit, on_fen: int, off_fen: int) -> None:
    assert compile_benefit(benefit)(on_fen, meal(on_fen)) == off_fen


@pytest.mark.parametrize("without_sets, off_fen", [("9", 900), (None, 0)])
def test_free_up_to_the_dearest_set_on_a_day_without_sets(without_sets: str | None, off_fen: int) -> None:
    order = meal(dishes=(2000,), dearest_set_fen=None)

    assert compile_benefit(FreeUpTo("dearest_set", without_sets))(2000, order) == off_fen


def test_a_percent_is_at_most_a_hundred() -> None:
    assert basis_points(100) == 10_000
    with pytest.raises(ValueError, match=r"^a percent is at most 100$"):
        basis_points("100.01")
    with pytest.raises(MoneyFormat):
        basis_points("12.345")


@pytest.mark.parametrize(
    "text, odd, fen, parts",
    [
        ("district", None, 900, [("district", 900)]),
        ({"district": 7}, None, 900, [("district", 900)]),
        ({"district": "rest"}, None, 900, [("district", 900)]),
        ({"operator": "2", "district": "rest"}, None, 900, [("operator", 200), ("district", 700)]),
        ({"operator": "2", "district": "rest"}, None, 200, [("operator", 200)]),
        ({"operator": "2", "district": "rest"}, None, 150, [("operator", 150)]),
        ({"operator": "2", "city": "3"}, None, 450, [("operator", 200), ("city", 250)]),
        ({"operator": "2"}, None, 200, [("operator", 200)]),
        ({"city": 2, "district": "rest"}, None, 900, [("city", 600), ("district", 300)]),
        ({"city": 1, "district": 1}, "district", 901, [("city", 450), ("district", 451)]),
        ({"city": 1, "district": 1}, "city", 901, [("city", 451), ("district", 450)]),
        ({"city": 1, "district": 1}, "charity", 901, [("city", 451), ("district", 450)]),
        ({"city": 99, "district": 1}, None, 1, [("city", 1)]),
    ],
)
def test_who_bears_which_fen(
    text: dict[str, int | str] | str, odd: str | None, fen: int, parts: list[tuple[str, int]]
) -> None:
    assert Split(text, odd).parts(fen) == parts


def test_what_a_split_says_of_itself() -> None:
    def facts(text: dict[str, int | str] | str, odd: str | None = None) -> tuple[object, ...]:
        split = Split(text, odd)
        return split.funders, split.fixed_fen, split.has_rest, split.odd_fen_to, split.states_odd_fen

    assert facts("city", "city") == (("city",), 0, True, None, True)
    assert facts({"city": 1, "district": 2}) == (("city", "district"), 0, True, None, False)
    assert facts({"city": 1, "district": 2}, "city") == (("city", "district"), 0, True, "city", True)
    assert facts({"city": 1, "district": 2}, "charity") == (("city", "district"), 0, True, None, False)
    assert facts({"city": "1", "district": "2.50"}, "city") == (("city", "district"), 350, False, None, True)
    with pytest.raises(ValueError, match=r"^a weight is 1 or more$"):
        Split({"city": 0}, None)


def test_who_gives_way_first_and_within_a_funder_the_later_part() -> None:
    fen, funders = [300, 200, 100, 400], ["city", "charity", "city", "operator"]

    assert give_way(fen, funders, 150, ["city"]) == [250, 200, 0, 400]
    assert give_way(fen, funders, 500, ["charity", "city"]) == [100, 200 - 200, 0, 400]
    assert give_way(fen, funders, 900, ["charity", "city"]) == [0, 0, 0, 100]
    assert give_way(fen, funders, 450, ["city", "charity"]) == [0, 150, 0, 400]
    assert give_way([100, 100], ["a", "b"], 50, []) == [100, 50]
    assert give_way(fen, funders, 500, None) == [150, 100, 50, 200]
