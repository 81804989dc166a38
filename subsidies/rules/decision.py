"""What a decision says: shares to the fen, counters to take, grants beside the meal, and every rule considered."""

from typing import Literal

from msgspec import Struct

from subsidies.rules.facts import CounterKey

# gc=False: none of these can be part of a cycle, and a decision is made of dozens.
Outcome = Literal["applied", "reduced", "not_applicable", "not_chosen"]
StepFact = str | int | bool | None | tuple[str, ...]


class Share(Struct, frozen=True, gc=False):
    """`fen` above zero that one funder pays, by exactly one rule and one category or age band."""

    funder: str
    programme: str
    rule: str
    category: str
    fen: int


class Grant(Struct, frozen=True, gc=False):
    """Money beside the meal (to the operator, the courier…): no part of the price, never shown to the diner."""

    grant: str
    to: str
    funder: str
    programme: str
    category: str
    fen: int


class CounterUse(Struct, frozen=True, gc=False):
    """Take `take` (meals, or fen for a budget) from the counter in the transaction that stores the order."""

    key: CounterKey
    take: int


class Step(Struct, frozen=True, gc=False):
    """One rule considered. `reason_code` is stable (`age`, `counter-used`…); `data` holds its figures."""

    rule: str
    outcome: Outcome
    reason_code: str
    data: dict[str, StepFact]


class Decision(Struct, frozen=True, gc=False):
    """Always: `list_fen` = Σ `shares` + `self_pay_fen`, nothing below zero.

    `own_meal_fen` is the part of the price the rules may cover; `example` is true when an example rule gave money.
    """

    rule_set: str
    version: int
    list_fen: int
    self_pay_fen: int
    own_meal_fen: int
    shares: tuple[Share, ...]
    counters: tuple[CounterUse, ...]
    steps: tuple[Step, ...]
    grants: tuple[Grant, ...]
    example: bool
    reduced_fen: int = 0

    @property
    def subsidy_fen(self) -> int:
        """Σ shares."""
        return self.list_fen - self.self_pay_fen

    def funder_fen(self) -> dict[str, int]:
        """Funder → fen, funders in the order of their first share."""
        totals: dict[str, int] = {}
        for share in self.shares:
            totals[share.funder] = totals.get(share.funder, 0) + share.fen
        return totals
