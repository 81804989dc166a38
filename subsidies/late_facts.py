"""Served meals decided again with the facts as they are known now: what should have been given, and to whose debit. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from subsidies.file_history import KnownFile
from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import Share
from subsidies.rules.facts import Diner, FrozenInputs, Used
from subsidies.rules.rule_set import RuleSet

Part = tuple[str, str, str, str]
"""Funder, programme, rule, category."""
KEPT_BY = "operator"
"""A discount of the operator's own claims no public money: where it was given too generously it stays given."""


@dataclass(frozen=True, slots=True)
class ServedMeal:
    """A meal that was handed over, with the set that decided it and the inputs frozen then."""

    order: str
    rule_set: RuleSet
    frozen: FrozenInputs


@dataclass(frozen=True, slots=True)
class Redecided:
    """What one meal should have been given, as is known now; fen. `why` names what is known otherwise: status, born …"""

    order: str
    shares: tuple[Share, ...]
    self_pay_fen: int
    why: tuple[str, ...] = ()

    @property
    def subsidy_fen(self) -> int:
        """Σ shares."""
        return sum(share.fen for share in self.shares)


def decided_again(meals: Iterable[ServedMeal], known: KnownFile) -> Iterator[Redecided]:
    """Those of one person's meals, in the order they were placed, of whom the facts are known otherwise by now.

    Counters that were asked then stand as they stood; a counter nobody asked then holds what these meals would have taken.
    """
    taken: dict[str, int] = {}
    for meal in meals:
        before = meal.frozen.diner
        if before is None:
            continue
        diner = known.diner(meal.frozen.meal.date, residence_confirmed=before.residence_confirmed)
        why = differs(before, diner)
        if not why:
            continue
        used = dict(meal.frozen.used.counters)
        for key in counters_needed(meal.rule_set, diner, meal.frozen.meal):
            used.setdefault(key.id, taken.get(key.id, 0))
        decision = decide(meal.rule_set, diner, meal.frozen.meal, Used(used))
        for use in decision.counters:
            taken[use.key.id] = taken.get(use.key.id, 0) + use.take
        yield Redecided(meal.order, decision.shares, decision.self_pay_fen, why)


def differs(before: Diner, now: Diner) -> tuple[str, ...]:
    """Which facts differ, the weightiest first."""
    pairs = (
        ("status", before.status, now.status),
        ("born", before.born, now.born),
        ("categories", before.categories, now.categories),
        ("place", (before.register_area, before.living_area), (now.register_area, now.living_area)),
    )
    return tuple(name for name, one, other in pairs if one != other)


def changes(given: Mapping[Part, int], due: Redecided, paid_fen: int) -> dict[Part, int]:
    """What each part changes by, in fen, never 0; `given` is what the books hold and `paid_fen` what the diner bears by now.

    Nothing is asked of the diner: where less should have been given, public money and donations go back and the operator's
    own discount stays, as far as others do not give in its place: with what the diner bears no meal comes to more than its
    price. Where the diner bore too much, every part of what they should have had is given.
    """
    wanted: dict[Part, int] = {}
    for share in due.shares:
        key = (share.funder, share.programme, share.rule, share.category)
        wanted[key] = wanted.get(key, 0) + share.fen
    found = {key: wanted.get(key, 0) - given.get(key, 0) for key in (*given, *wanted)}
    if due.self_pay_fen >= paid_fen:
        stays = [key for key in found if key[0] == KEPT_BY]
        would_be = sum(given.values()) + sum(fen for key, fen in found.items() if key not in stays)
        too_much = would_be - (due.subsidy_fen + due.self_pay_fen - paid_fen)
        for key in stays:
            found[key] = -min(max(0, -found[key]), max(0, too_much))
            too_much += found[key]
    return {key: fen for key, fen in found.items() if fen}


def returned_fen(due: Redecided, paid_fen: int) -> int:
    """What the diner bore too much of one meal."""
    return max(0, paid_fen - due.self_pay_fen)
