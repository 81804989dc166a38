"""A rule set ready to decide: the document compiled once, with what officers and the books need to know of it."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time

import msgspec

from subsidies.rules.case import CounterLimit, OwnMealLimit
from subsidies.rules.combine import GroupNode, RuleNode
from subsidies.rules.conditions import Check, inside
from subsidies.rules.decision import Step
from subsidies.rules.facts import Ending
from subsidies.rules.language import Document, Example, Funder, Grant, Text
from subsidies.rules.sieve import Sieve

FUNDERS: Mapping[str, Funder] = {
    "operator": Funder(zh="企业让利", en="the operator"),
    "city": Funder(zh="市级财政", en="the city"),
    "district": Funder(zh="区级财政", en="the district"),
    "subdistrict": Funder(zh="街道", en="the subdistrict"),
    "collective": Funder(zh="社区集体", en="the community collective"),
    "charity": Funder(zh="慈善捐赠", en="charity"),
}
"""Funders every document may name without declaring them."""

CATEGORIES: Mapping[str, Text] = {
    "living_alone": Text(zh="独居", en="living alone"),
    "empty_nest": Text(zh="空巢", en="empty nest"),
    "left_behind": Text(zh="留守", en="left behind"),
    "destitute": Text(zh="特困", en="destitute"),
    "very_old": Text(zh="高龄", en="very old"),
    "disabled_frail": Text(zh="失能", en="disabled by frailty"),
    "severe_disability": Text(zh="重残", en="severe disability"),
    "special_family": Text(zh="计划生育特殊家庭", en="special family"),
    "low_income": Text(zh="低保", en="minimum living allowance"),
}
"""Categories every document may name without declaring them."""


class GrantNode:
    """Money beside the meal, compiled, with the steps that say nothing but what the document says."""

    __slots__ = ("bits", "check", "fen", "granted", "key", "no_delivery", "no_subsidised_meal", "programme", "text")

    def __init__(self, text: Grant, check: Check, fen: int, programme: str) -> None:
        self.text = text
        self.key = text.key
        self.check = check
        self.fen = fen
        self.programme = programme
        self.granted = Step(text.key, "applied", "granted", {"amount_fen": fen, "to": text.to})
        self.no_subsidised_meal = Step(text.key, "not_applicable", "no-subsidised-meal", {})
        self.no_delivery = Step(text.key, "not_applicable", "delivery", {})
        self.bits = 0
        """Its bit in `Case.fitting`, given by the rule set."""


class RuleSet:
    """Made by `document.load`; never changed. `raw` is the parsed text, the source of `canonical` and `sha256`."""

    __slots__ = (
        "counting",
        "document",
        "funders",
        "gives_way",
        "grants",
        "minimum_self_pay_fen",
        "nodes",
        "own_meal",
        "raw",
        "rules",
        "sha256",
        "sieve",
        "top",
    )  # fmt: skip

    def __init__(
        self,
        document: Document,
        raw: Mapping[str, object],
        top: GroupNode,
        grants: tuple[GrantNode, ...],
        minimum_self_pay_fen: int,
    ) -> None:
        self.document = document
        self.raw = raw
        self.top = top
        self.rules: tuple[RuleNode, ...] = tuple(top.rules())
        self.grants = grants
        self.nodes: tuple[RuleNode | GrantNode, ...] = (*self.rules, *grants)
        """Everything with conditions: rules, then grants, as written."""
        for place, grant in enumerate(grants, top.number(0)):
            grant.bits = 1 << place
        self.sieve = Sieve([node.check for node in self.nodes])
        self.counting = tuple((node.bits, limits) for node in self.nodes if (limits := _limits(node)))
        """The bits of those that count, each with its counters and its purse."""
        self.own_meal = OwnMealLimit(document.own_meal)
        self.minimum_self_pay_fen = minimum_self_pay_fen
        self.funders: Mapping[str, Funder] = {**FUNDERS, **document.funders}
        order = document.cap.gives_way
        # Unstated is refused by lint wherever it matters; until then the last funder named gives way first.
        self.gives_way: tuple[str, ...] | None = (
            None if order == "pro_rata" else tuple(order) if order else tuple(reversed(self.funders))
        )
        self.sha256 = hashlib.sha256(self.canonical()).hexdigest()

    @property
    def code(self) -> str:
        return self.document.code

    @property
    def version(self) -> int:
        return self.document.version

    @property
    def title(self) -> Text:
        return self.document.title

    @property
    def document_no(self) -> str:
        return self.document.document_no

    @property
    def source(self) -> str:
        return self.document.source

    @property
    def effective_from(self) -> date:
        return self.document.effective_from

    @property
    def effective_to(self) -> date | None:
        """The last day in force; None while nothing ends it."""
        return self.document.effective_to

    @property
    def example(self) -> bool:
        """Not in force anywhere: outside demo mode such a set never decides."""
        return self.document.example

    @property
    def examples(self) -> tuple[Example, ...]:
        return self.document.examples

    @property
    def canteens(self) -> tuple[str, ...]:
        """Canteens in scope; empty is every canteen in the scope's areas."""
        return self.document.scope.canteens

    def is_in_force(self, day: date) -> bool:
        """Both ends count."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def covers(self, canteen: str, canteen_area: str) -> bool:
        scope = self.document.scope
        return (not scope.canteens or canteen in scope.canteens) and (
            not scope.areas or any(inside(canteen_area, area) for area in scope.areas)
        )

    @property
    def keeps(self) -> bool:
        """Whether any counter stays used after an order without a meal."""
        return any(limit.kept_when for _, limits in self.counting for limit in limits)

    def kept(self, ending: Ending) -> frozenset[str]:
        """Names of the counters and purses that stay used when an order ends so; all others are given back."""
        return frozenset(limit.name for _, limits in self.counting for limit in limits if ending in limit.kept_when)

    def category_title(self, category: str) -> Text:
        """The words for a category key, an age band (`80-89`), `guest` or `all`."""
        named = self.document.categories.get(category) or CATEGORIES.get(category)
        if named is not None:
            return named
        if category == "all":
            return Text(zh="全部", en="everyone")
        if category == "guest":
            return Text(zh="散客", en="guest")
        if category.endswith("+"):
            return Text(zh=f"{category[:-1]}岁及以上", en=f"aged {category[:-1]} and over")
        return Text(zh=f"{category}岁", en=f"aged {category}") if category[:1].isdigit() else Text(category, category)

    def canonical(self) -> bytes:
        """The document's meaning as sorted JSON: comments, spacing and the order of keys do not change it.

        Funders of a split and of the set keep their order, because who pays first is meaning.
        """
        return msgspec.json.encode(_sorted(self.raw))


def _limits(node: RuleNode | GrantNode) -> tuple[CounterLimit, ...]:
    if isinstance(node, RuleNode) and node.budget is not None:
        return (*node.check.counters, node.budget)
    return node.check.counters


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            key: list(value[key].items())
            if key in {"split", "funders"} and isinstance(value[key], Mapping)
            else _sorted(value[key])
            for key in sorted(value)
        }
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value
