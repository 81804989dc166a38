"""Lint of who is reached: ages left out or helped twice, and rules nobody can ever reach."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from subsidies.money import parse_yuan
from subsidies.rules.benefit_language import FixedOff, FreeUpTo, PercentOff
from subsidies.rules.combine import GroupNode, RuleNode
from subsidies.rules.conditions import Band, Threshold, window
from subsidies.rules.decision import StepFact
from subsidies.rules.language import Categories, Conditions
from subsidies.rules.rule_set import RuleSet


class Finding(Struct, frozen=True):
    """`error` refuses publication; `note` is for the reader; `accepted` is an error the document accepts with a reason."""

    level: Literal["error", "note", "accepted"]
    code: str
    at: str
    data: dict[str, StepFact] = {}


def _groups(node: GroupNode) -> Iterator[GroupNode]:
    yield node
    for member in node.members:
        if isinstance(member, GroupNode):
            yield from _groups(member)


def band_findings(rule_set: RuleSet) -> Iterator[Finding]:
    """Among rules of one group that differ only in age: no age left out between them, none twice where they add up."""
    for group in _groups(rule_set.top):
        alike: dict[bytes, list[RuleNode]] = {}
        for member in group.members:
            if isinstance(member, RuleNode):
                alike.setdefault(_besides_age(member.text), []).append(member)
        for rules in alike.values():
            yield from _gaps_and_overlaps(group, sorted(rules, key=lambda rule: rule.check.band.first or 0))


def _gaps_and_overlaps(group: GroupNode, rules: list[RuleNode]) -> Iterator[Finding]:
    reached: int | None = rules[0].check.band.first or 0
    for place, rule in enumerate(rules):
        first = rule.check.band.first or 0
        other = next((earlier for earlier in rules[:place] if may_meet(earlier, rule)), None)
        if other is not None:
            ends = [end for end in (other.check.band.end, rule.check.band.end) if end is not None]
            at = f"{first}-{min(ends) - 1}" if ends else f"{first}+"
            level: Literal["error", "note"] = "error" if group.combine == "add" else "note"
            yield Finding(level, "age-overlap", at, {"rules": (other.key, rule.key), "combine": group.combine})
        elif reached is not None and first > reached:
            yield Finding("error", "age-gap", f"{reached}-{first - 1}", {"rules": (rules[place - 1].key, rule.key)})
        end = rule.check.band.end
        reached = None if reached is None or end is None else max(reached, end)


def may_meet(one: RuleNode, other: RuleNode) -> bool:
    """Whether some diner and meal could fit both; what the documents leave open counts as yes."""
    mine, theirs = one.text, other.text
    first, second = one.check, other.check
    return (
        _overlap((first.band.first, first.band.end), (second.band.first, second.band.end))
        and all(
            not here or not there or set(here) & set(there)
            for here, there in (
                (mine.meals, theirs.meals),
                (mine.days, theirs.days),
                (mine.weekdays, theirs.weekdays),
                (mine.canteens, theirs.canteens),
                (_ways(mine), _ways(theirs)),
            )
        )
        and (
            mine.dates is None
            or theirs.dates is None
            or (mine.dates.from_ <= theirs.dates.to and theirs.dates.from_ <= mine.dates.to)
        )
        and (mine.clock is None or theirs.clock is None or _overlap(window(mine.clock), window(theirs.clock)))
        and not (_excludes(mine.categories, theirs.categories) or _excludes(theirs.categories, mine.categories))
        and _spends_meet(first.threshold, second.threshold)
    )


def _ways(text: Conditions) -> tuple[str, ...]:
    """The ways a rule is for; empty is all of them."""
    if text.dine_in is None:
        return text.ways
    told = ("dine_in",) if text.dine_in else ("delivery", "take_away")
    return tuple(way for way in text.ways or told if way in told) or ("nobody",)


def _overlap(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Half-open ranges; None is open."""
    return (one[1] is None or (other[0] or 0) < one[1]) and (other[1] is None or (one[0] or 0) < other[1])


def _excludes(one: Categories | None, other: Categories | None) -> bool:
    """Whether the one refuses everybody the other asks for."""
    if one is None or other is None:
        return False
    refused = set(one.none)
    return bool(refused & set(other.all)) or (bool(other.any) and set(other.any) <= refused)


def _spends_meet(one: Threshold | None, other: Threshold | None) -> bool:
    if one is None or other is None or (one.counts, one.net) != (other.counts, other.net):
        return True
    return _overlap((one.first_fen, one.end_fen), (other.first_fen, other.end_fen))


def _besides_age(text: Conditions) -> bytes:
    who = (text.categories, text.residence, text.excluded_statuses, text.guests)
    return msgspec.json.encode((who, text.canteens, text.meals, text.days, text.weekdays, text.dates))


def reach_findings(rule_set: RuleSet) -> Iterator[Finding]:
    """Rules that can never apply, never give anything, or stand behind one that always does."""
    scope = rule_set.canteens
    for node in rule_set.nodes:
        text, band, why = node.text, node.check.band, ""
        threshold = node.check.threshold
        if band.first is not None and band.end is not None and band.first >= band.end:
            why = "age"
        elif text.categories is not None and _contradicts(text.categories):
            why = "categories"
        elif scope and text.canteens and not set(scope) & set(text.canteens):
            why = "canteens"
        elif threshold is not None and threshold.end_fen is not None and threshold.first_fen >= threshold.end_fen:
            why = "minimum_spend"
        elif "active" in node.check.statuses:
            why = "excluded_statuses"
        elif _ways(text) == ("nobody",):
            why = "ways"
        elif isinstance(node, RuleNode) and _gives_nothing(node):
            why = "benefit"
        if why:
            yield Finding("error", "unreachable", f"rules.{node.key}", {"because": why})
    for group in _groups(rule_set.top):
        if group.combine == "first":
            rules = [member for member in group.members if isinstance(member, RuleNode)]
            for index, rule in enumerate(rules):
                hidden = next((earlier.key for earlier in rules[:index] if _hides(earlier, rule)), None)
                if hidden is not None:
                    yield Finding("error", "unreachable", f"rules.{rule.key}", {"because": "earlier", "rule": hidden})


def _contradicts(categories: Categories) -> bool:
    none = set(categories.none)
    return bool(none & set(categories.all)) or (bool(categories.any) and set(categories.any) <= none)


def _gives_nothing(rule: RuleNode) -> bool:
    benefit = rule.text.benefit
    if isinstance(benefit, FixedOff):
        return not parse_yuan(benefit.amount)
    if isinstance(benefit, PercentOff):
        return not parse_yuan(str(benefit.percent)) or (benefit.cap is not None and not parse_yuan(benefit.cap))
    return isinstance(benefit, FreeUpTo) and benefit.amount != "dearest_set" and not parse_yuan(benefit.amount)


def _hides(earlier: RuleNode, later: RuleNode) -> bool:
    """An earlier rule without limits of its own, for the same people and every age of the later one."""
    limited = earlier.check.counters or earlier.budget or earlier.check.threshold or earlier.text.clock
    return (
        not limited
        and _besides_age(earlier.text) == _besides_age(later.text)
        and _holds(earlier.check.band, later.check.band)
    )


def _holds(outer: Band, inner: Band) -> bool:
    return (outer.first or 0) <= (inner.first or 0) and (
        outer.end is None or (inner.end is not None and inner.end <= outer.end)
    )
