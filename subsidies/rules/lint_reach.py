"""Lint of who is reached: ages left out or helped twice, and rules nobody can ever reach."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from subsidies.money import parse_yuan
from subsidies.rules.benefit_language import FixedOff, FreeUpTo, PercentOff
from subsidies.rules.combine import GroupNode, RuleNode
from subsidies.rules.conditions import Band
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
    for earlier, rule in zip([rules[0], *rules], rules, strict=False):
        first = rule.check.band.first or 0
        if rule is not rules[0] and (reached is None or first < reached):
            end = rule.check.band.end if reached is None else min(reached, rule.check.band.end or reached)
            at = f"{first}+" if end is None else f"{first}-{end - 1}"
            level: Literal["error", "note"] = "error" if group.combine == "add" else "note"
            yield Finding(level, "age-overlap", at, {"rules": (earlier.key, rule.key), "combine": group.combine})
        elif reached is not None and first > reached:
            yield Finding("error", "age-gap", f"{reached}-{first - 1}", {"rules": (earlier.key, rule.key)})
        end = rule.check.band.end
        reached = None if reached is None or end is None else max(reached, end)


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
