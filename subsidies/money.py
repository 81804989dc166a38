"""Money in integer fen: exact arithmetic, named roundings, exact splits, and the one parser and formatter for people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from subsidies.errors import MoneyFormat

_YUAN = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?", re.ASCII)
_BASIS = 10_000


class Rounding(StrEnum):
    """Where the part of a unit goes when a percent of a price does not come out even."""

    DINER_GAINS = "diner_gains"
    """Up: the amount taken off grows."""
    FUNDER_GAINS = "funder_gains"
    """Down: the amount taken off shrinks."""
    HALF_UP = "half_up"
    """To the nearest unit, a half goes up (四舍五入)."""
    HALF_EVEN = "half_even"
    """To the nearest unit, a half goes to the even one."""


def percent_fen(amount_fen: int, basis_points: int, rounding: Rounding, unit_fen: int = 1) -> int:
    """`basis_points`/10 000 of a non-negative amount, rounded to whole `unit_fen` (1 fen, 10 jiao, 100 yuan)."""
    if amount_fen < 0:
        # A reversal negates what was posted; 50 % of -999 computed afresh would be a fen off.
        raise ValueError("a percent is taken of a non-negative amount")
    whole, rest = divmod(amount_fen * basis_points, _BASIS * unit_fen)
    if not rest or rounding is Rounding.FUNDER_GAINS:
        return whole * unit_fen
    if rounding is Rounding.DINER_GAINS:
        return (whole + 1) * unit_fen
    twice = 2 * rest - _BASIS * unit_fen
    up = twice > 0 or (twice == 0 and (rounding is Rounding.HALF_UP or whole % 2 == 1))
    return (whole + up) * unit_fen


def split_fen(amount_fen: int, weights: Sequence[int], odd_to: int | None = None) -> list[int]:
    """Parts by weight that add up to `amount_fen` exactly.

    Every part is floored; the fen left over go to the part at `odd_to`, or without it one
    each to the largest remainders (equal remainders: the earlier part).
    """
    total = sum(weights)
    if amount_fen < 0 or total <= 0 or min(weights) < 0:
        raise ValueError("a split needs a non-negative amount and weights, one of them above zero")
    parts = [amount_fen * weight // total for weight in weights]
    left = amount_fen - sum(parts)
    if not left:
        return parts
    if odd_to is not None:
        parts[odd_to] += left
        return parts
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(amount_fen * weights[i] % total), i))
    for index in by_remainder[:left]:
        parts[index] += 1
    return parts


def _whole(value: object) -> int:
    if type(value) is not int:  # bool is an int to isinstance, and never money
        raise TypeError(f"money is counted in whole fen, not {type(value).__name__}")
    return value


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen. Refuses anything but `int`, so no float ever reaches the books."""

    fen: int

    def __post_init__(self) -> None:
        _whole(self.fen)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __mul__(self, times: int) -> "Money":
        return Money(self.fen * _whole(times))

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def percent(self, basis_points: int, rounding: Rounding, unit_fen: int = 1) -> "Money":
        """2500 basis points are a quarter. Raises: ValueError for a negative amount."""
        return Money(percent_fen(self.fen, _whole(basis_points), rounding, _whole(unit_fen)))

    def split(self, weights: Sequence[int], odd_to: int | None = None) -> tuple["Money", ...]:
        """Exact parts; see `split_fen` for who takes the odd fen."""
        return tuple(Money(part) for part in split_fen(self.fen, weights, odd_to))


def parse_yuan(text: str) -> Money:
    """Reads what a person typed: `6`, `6.5`, `6.50`; blanks around it are forgiven.

    Raises: MoneyFormat for a sign, a third decimal, `1e3`, full-width digits, leading zeros, commas or nothing.
    """
    match = _YUAN.fullmatch(text.strip(" "))
    if match is None:
        raise MoneyFormat(text=text)
    yuan, decimals = match.groups()
    return Money(int(yuan) * 100 + int((decimals or "").ljust(2, "0")))


def format_yuan(fen: int) -> str:
    """For elders: `6`, `6.50` (an elder may read 6.00 as 600); below zero with U+2212."""
    yuan, rest = divmod(abs(_whole(fen)), 100)
    return f"{'−' if fen < 0 else ''}{yuan}" + (f".{rest:02d}" if rest else "")


def format_yuan_full(fen: int) -> str:
    """For officers: `98,406.00`, always two decimals; below zero with U+2212."""
    yuan, rest = divmod(abs(_whole(fen)), 100)
    return f"{'−' if fen < 0 else ''}{yuan:,}.{rest:02d}"
