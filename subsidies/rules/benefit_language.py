"""The part of the grammar that says how much: benefits and budgets. Money is yuan in quotes (`"6.50"`)."""

from typing import Literal

from msgspec import Struct

from subsidies.money import Rounding
from subsidies.rules.facts import Ending

RoundTo = Literal["fen", "jiao", "yuan"]


class Word(Struct, frozen=True, forbid_unknown_fields=True):
    """A misspelt key is an error, never a rule that silently does less."""


class FixedOff(Word, frozen=True, tag_field="kind", tag="fixed_off"):
    amount: str


class PercentOff(Word, frozen=True, tag_field="kind", tag="percent_off"):
    """`percent` is what is taken off, "12.5" or 25; `rounds` says whether the benefit or the final price is rounded."""

    percent: int | str
    cap: str | None = None
    up_to: str | None = None
    rounding: Rounding = Rounding.HALF_UP
    round_to: RoundTo = "fen"
    rounds: Literal["benefit", "price"] = "benefit"


class FixedPrice(Word, frozen=True, tag_field="kind", tag="fixed_price"):
    """The diner pays `price` for a meal of up to `up_to`; what is dearer is paid on top."""

    price: str
    up_to: str | None = None


class FreeUpTo(Word, frozen=True, tag_field="kind", tag="free_up_to"):
    """`amount` in yuan or "dearest_set"; then `without_sets` is the amount on a day without sets."""

    amount: str
    without_sets: str | None = None


class Allowance(Word, frozen=True, tag_field="kind", tag="allowance"):
    """Pays everything while the rule's `budget` lasts, at most `cap` a meal."""

    cap: str | None = None


Benefit = FixedOff | PercentOff | FixedPrice | FreeUpTo | Allowance


class Budget(Word, frozen=True):
    """Money for a period, use it or lose it. Rules with the same `name` draw on one purse.

    `kept_when`: endings of an order after which what it took stays used.
    """

    name: str
    amount: str
    per: Literal["day", "week", "month", "year"] = "month"
    shared: bool = True
    kept_when: tuple[Ending, ...] = ()
