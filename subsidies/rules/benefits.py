"""How much one rule takes off: the benefit kinds, compiled from yuan to fen."""

from collections.abc import Callable

from subsidies.money import Rounding, parse_yuan, percent_fen
from subsidies.rules.benefit_language import Allowance, Benefit, FixedOff, FixedPrice, FreeUpTo, PercentOff
from subsidies.rules.facts import Meal

Amount = Callable[[int, Meal], int]
"""(what the rule is measured on, the meal) → fen taken off; never negative, and only `fixed_off` may exceed the price."""

_UNIT_FEN = {"fen": 1, "jiao": 10, "yuan": 100}
# Rounding the price instead of the benefit turns the gain round.
_MIRROR = {
    Rounding.DINER_GAINS: Rounding.FUNDER_GAINS,
    Rounding.FUNDER_GAINS: Rounding.DINER_GAINS,
    Rounding.HALF_UP: Rounding.HALF_UP,
    Rounding.HALF_EVEN: Rounding.HALF_EVEN,
}


def basis_points(percent: int | str) -> int:
    """25 or "12.5" → 2500, 1250. Raises: MoneyFormat beyond two decimals; ValueError above 100."""
    points = parse_yuan(str(percent)).fen
    if points > 10_000:
        raise ValueError("a percent is at most 100")
    return points


def _percent(benefit: PercentOff) -> Amount:
    off = basis_points(benefit.percent)
    cap = None if benefit.cap is None else parse_yuan(benefit.cap).fen
    up_to = None if benefit.up_to is None else parse_yuan(benefit.up_to).fen
    unit, rounding, of_price = _UNIT_FEN[benefit.round_to], benefit.rounding, benefit.rounds == "price"

    def amount(base_fen: int, meal: Meal) -> int:
        if up_to is not None and base_fen > up_to:
            base_fen = up_to
        if of_price:
            fen = max(0, base_fen - percent_fen(base_fen, 10_000 - off, _MIRROR[rounding], unit))
        else:
            fen = min(base_fen, percent_fen(base_fen, off, rounding, unit))
        return fen if cap is None else min(fen, cap)

    return amount


def _fixed_price(benefit: FixedPrice) -> Amount:
    price = parse_yuan(benefit.price).fen
    up_to = None if benefit.up_to is None else parse_yuan(benefit.up_to).fen

    def amount(base_fen: int, meal: Meal) -> int:
        return max(0, (base_fen if up_to is None else min(base_fen, up_to)) - price)

    return amount


def _free_up_to(benefit: FreeUpTo) -> Amount:
    without_sets = 0 if benefit.without_sets is None else parse_yuan(benefit.without_sets).fen
    if benefit.amount != "dearest_set":
        limit = parse_yuan(benefit.amount).fen
        return lambda base_fen, meal: min(base_fen, limit)

    def amount(base_fen: int, meal: Meal) -> int:
        return min(base_fen, without_sets if meal.dearest_set_fen is None else meal.dearest_set_fen)

    return amount


def compile_benefit(benefit: Benefit) -> Amount:
    """Raises: MoneyFormat or ValueError for figures that cannot be read."""
    if isinstance(benefit, FixedOff):
        fixed = parse_yuan(benefit.amount).fen
        return lambda base_fen, meal: fixed
    if isinstance(benefit, PercentOff):
        return _percent(benefit)
    if isinstance(benefit, FixedPrice):
        return _fixed_price(benefit)
    if isinstance(benefit, FreeUpTo):
        return _free_up_to(benefit)
    return _allowance(benefit)


def _allowance(benefit: Allowance) -> Amount:
    cap = None if benefit.cap is None else parse_yuan(benefit.cap).fen
    return lambda base_fen, meal: base_fen if cap is None else min(base_fen, cap)
