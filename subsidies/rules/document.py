"""Reading a rule document: TOML text → checked grammar → compiled rule set, every fault named by its place."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from subsidies.errors import MoneyFormat, RuleDocumentError
from subsidies.money import parse_yuan
from subsidies.rules.benefit_language import Allowance, FixedOff
from subsidies.rules.case import CounterLimit
from subsidies.rules.combine import GroupNode, RuleNode
from subsidies.rules.conditions import Check, minute_of
from subsidies.rules.language import Conditions, Document, Example, Place, Residence, Rule
from subsidies.rules.rule_set import CATEGORIES, FUNDERS, GrantNode, RuleSet
from subsidies.rules.split import Split

TOP = "top"
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
T = TypeVar("T")


def load(text: str) -> RuleSet:
    """Raises: RuleDocumentError naming the place, for a text that is not TOML, not the grammar, or contradicts itself."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleDocumentError("document", str(error)) from error
    return load_parsed(raw)


def load_parsed(raw: Mapping[str, object]) -> RuleSet:
    """The same from an already parsed document, as the form of the rules screen sends it."""
    try:
        document = msgspec.convert(raw, Document)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise RuleDocumentError(path.rstrip("`").lstrip(".") or "document", problem) from error
    return _Compiler(document).rule_set(raw)


def without_examples(rule_set: RuleSet) -> RuleSet:
    """Only what is in force: the rules and grants marked `example` are left out.

    Raises: RuleDocumentError when nothing is left to decide with.
    """
    document = rule_set.document
    rules = tuple(rule for rule in document.rules if not rule.example)
    if rule_set.example or not rules:
        raise RuleDocumentError("rules", "every rule is an example")
    parents = {group.key: group.group for group in document.groups}
    kept: set[str | None] = set()
    for rule in rules:
        key = rule.group
        while key is not None and key not in kept:
            kept.add(key)
            key = parents[key]
    left = msgspec.structs.replace(
        document,
        rules=rules,
        grants=tuple(grant for grant in document.grants if not grant.example),
        groups=tuple(group for group in document.groups if group.key in kept),
        examples=(),  # they speak of the whole set
    )
    # The digest says that something was left out: the same meal may come out otherwise.
    return _Compiler(left).rule_set({**rule_set.raw, "without_examples": True})


class _Compiler:
    """One document being compiled; remembers names, so that each may be used only once and only when declared."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.funders = FUNDERS.keys() | document.funders.keys()
        self.categories = CATEGORIES.keys() | document.categories.keys()
        self.excluded = frozenset(document.excluded_statuses)
        self.counters: dict[str, CounterLimit] = {}

    def rule_set(self, raw: Mapping[str, object]) -> RuleSet:
        document = self.document
        self._name("code", document.code)
        if document.version < 1:
            raise RuleDocumentError("version", "a version is 1 or more")
        if document.effective_to is not None and document.effective_to < document.effective_from:
            raise RuleDocumentError("effective_to", "is before effective_from")
        self._names("funders", document.funders)
        self._names("categories", document.categories)
        self._unique("rules", [rule.key for rule in document.rules] + [grant.key for grant in document.grants])
        if not document.rules:
            raise RuleDocumentError("rules", "a rule set has at least one rule")
        for index, counter in enumerate(document.counters):
            if counter.limit < 1:
                raise RuleDocumentError(f"counters[{index}].limit", "a limit is 1 or more")
            self._name(f"counters[{index}].name", counter.name)
            self.counters[counter.name] = CounterLimit(
                document.code,
                counter.name,
                counter.per,
                counter.limit,
                shared=counter.shared,
                in_fen=False,
                kept_when=counter.kept_when,
            )
        self._unique("counters", [counter.name for counter in document.counters])
        top = self._tree([self._rule(i, rule) for i, rule in enumerate(document.rules)])
        self._money("own_meal.set_up_to", document.own_meal.set_up_to)
        if document.own_meal.dishes_up_to != "dearest_set":
            self._money("own_meal.dishes_up_to", document.own_meal.dishes_up_to)
        self._money("own_meal.without_sets", document.own_meal.without_sets)
        order = document.cap.gives_way
        if isinstance(order, str) and order != "pro_rata":
            raise RuleDocumentError("cap.gives_way", 'is a list of funders, or "pro_rata"')
        self._known("cap.gives_way", [] if order is None or isinstance(order, str) else order, self.funders)
        self._known("odd_fen_to", [] if document.odd_fen_to is None else [document.odd_fen_to], self.funders)
        minimum = self._money("cap.minimum_self_pay", document.cap.minimum_self_pay)
        grants = tuple(self._grants())
        for index, example in enumerate(document.examples):
            self._example(f"examples[{index}]", example)
        return RuleSet(document, raw, top, grants, minimum or 0)

    def _rule(self, index: int, rule: Rule) -> RuleNode:
        place = f"rules[{index}]"
        check = self._check(place, rule.key, rule)
        split = self._try(f"{place}.split", lambda: Split(rule.split, rule.odd_fen_to or self.document.odd_fen_to))
        self._known(f"{place}.split", split.funders, self.funders)
        if not split.has_rest and not (
            isinstance(rule.benefit, FixedOff)
            and self._money(f"{place}.benefit.amount", rule.benefit.amount) == split.fixed_fen
        ):
            raise RuleDocumentError(f"{place}.split", 'amounts must add up to a fixed_off, or someone pays the "rest"')
        if isinstance(rule.benefit, Allowance) and rule.budget is None:
            raise RuleDocumentError(f"{place}.budget", "an allowance needs a budget")
        budget = None
        if rule.budget is not None:
            self._name(f"{place}.budget.name", rule.budget.name)
            if rule.budget.name in self.counters:
                raise RuleDocumentError(f"{place}.budget.name", "a counter has this name")
            limit = self._money(f"{place}.budget.amount", rule.budget.amount)
            budget = CounterLimit(
                self.document.code,
                rule.budget.name,
                rule.budget.per,
                limit or 0,
                shared=rule.budget.shared,
                in_fen=True,
                kept_when=rule.budget.kept_when,
            )
        leaves = self._money(f"{place}.leaves_at_least", rule.leaves_at_least)
        programmes = {funder: rule.programme or self._programme(funder) for funder in split.funders}
        return self._try(
            f"{place}.benefit",
            lambda: RuleNode(rule, check, budget, split, leaves_fen=leaves or 0, programmes=programmes),
        )

    def _grants(self) -> Iterable[GrantNode]:
        for index, grant in enumerate(self.document.grants):
            place = f"grants[{index}]"
            self._known(f"{place}.funder", [grant.funder], self.funders)
            fen = self._money(f"{place}.amount", grant.amount) or 0
            yield GrantNode(
                grant, self._check(place, grant.key, grant), fen, grant.programme or self._programme(grant.funder)
            )

    def _check(self, place: str, key: str, text: Conditions) -> Check:
        self._known(f"{place}.counters", text.counters, self.counters.keys())
        if text.categories is not None:
            named = (*text.categories.any, *text.categories.all, *text.categories.none)
            self._known(f"{place}.categories", named, self.categories)
        if any(not 1 <= day <= 7 for day in text.weekdays):
            raise RuleDocumentError(f"{place}.weekdays", "1 is Monday, 7 is Sunday")
        if text.residence is not None:
            self._residence(f"{place}.residence", text.residence)
        spend = text.minimum_spend
        if spend is not None:
            for name in ("at_least", "more_than", "at_most", "less_than"):
                self._money(f"{place}.minimum_spend.{name}", getattr(spend, name))
        counters = tuple(self.counters[name] for name in text.counters)
        return self._try(place, lambda: Check(key, text, counters, self.excluded))

    def _residence(self, place: str, residence: Residence) -> None:
        if residence.registered is residence.lives is None and not residence.confirmed:
            raise RuleDocumentError(place, "says no place")
        for name, said in (("registered", residence.registered), ("lives", residence.lives)):
            if said == Place():
                raise RuleDocumentError(f"{place}.{name}", "says no place")
        if residence.lives is not None and residence.lives.level is not None:
            raise RuleDocumentError(
                f"{place}.lives.level", "a level is of the household register: write it in `registered`"
            )

    def _example(self, place: str, example: Example) -> None:
        """A worked example is read here, so that a slip in it is a fault of the document and never one of the rules."""
        for name in ("spend", "delivery_fee", "dearest_set"):
            self._money(f"{place}.{name}", getattr(example, name))
        for index, line in enumerate(example.lines):
            self._money(f"{place}.lines[{index}].price", line.price)
            if line.quantity < 1:
                raise RuleDocumentError(f"{place}.lines[{index}].quantity", "a quantity is 1 or more")
        if self._try(f"{place}.time", lambda: minute_of(example.time)) == 24 * 60:
            raise RuleDocumentError(f"{place}.time", "a time is HH:MM")
        if example.age is not None and not 0 <= example.age <= 130:
            raise RuleDocumentError(f"{place}.age", "an age is 0 to 130")
        self._known(f"{place}.categories", example.categories, self.categories)
        purses = {rule.budget.name for rule in self.document.rules if rule.budget is not None}
        for name, used in example.used.items():
            self._known(f"{place}.used", [name], self.counters.keys() | purses)
            if name in purses:
                if isinstance(used, int):
                    raise RuleDocumentError(f"{place}.used.{name}", "a budget is yuan in quotes")
                self._money(f"{place}.used.{name}", used)
            elif isinstance(used, str):
                raise RuleDocumentError(f"{place}.used.{name}", "a counter is a number of meals, without quotes")
        expect = example.expect
        self._money(f"{place}.expect.self_pay", expect.self_pay)
        self._known(f"{place}.expect.shares", expect.shares or (), self.funders)
        self._known(f"{place}.expect.rules", expect.rules or (), [rule.key for rule in self.document.rules])
        self._known(f"{place}.expect.grants", expect.grants or (), [grant.key for grant in self.document.grants])
        for amounts in (expect.shares, expect.grants):
            for name, amount in (amounts or {}).items():
                self._money(f"{place}.expect.{name}", amount)

    def _tree(self, rules: list[RuleNode]) -> GroupNode:
        """A group stands where its first rule stands; nothing else orders the tree."""
        texts = {group.key: group for group in self.document.groups}
        self._unique("groups", [TOP, *(group.key for group in self.document.groups)])
        nodes = {TOP: GroupNode(TOP, self.document.combine)}

        def node(key: str, place: str, inner: frozenset[str]) -> GroupNode:
            if key in nodes:
                return nodes[key]
            if key not in texts or key in inner:
                raise RuleDocumentError(place, f"no group `{key}`" if key not in texts else f"`{key}` is inside itself")
            parent = node(texts[key].group or TOP, f"groups.{key}.group", inner | {key})
            nodes[key] = GroupNode(key, texts[key].combine)
            parent.members.append(nodes[key])
            return nodes[key]

        for index, rule in enumerate(rules):
            node(rule.text.group or TOP, f"rules[{index}].group", frozenset()).members.append(rule)
        for key in texts:
            if key not in nodes:
                raise RuleDocumentError(f"groups.{key}", "no rule is in this group")
        return nodes[TOP]

    def _programme(self, funder: str) -> str:
        declared = self.document.funders.get(funder)
        return (declared.programme if declared else None) or self.document.programme

    def _money(self, place: str, text: str | None) -> int | None:
        return None if text is None else self._try(place, lambda: parse_yuan(text)).fen

    def _try(self, place: str, make: Callable[[], T]) -> T:
        try:
            return make()
        except MoneyFormat as error:
            raise RuleDocumentError(place, f'write yuan as "6" or "6.50", not "{error.data["text"]}"') from error
        except ValueError as error:
            raise RuleDocumentError(place, str(error)) from error

    def _known(self, place: str, names: Iterable[str], known: Iterable[str]) -> None:
        for name in names:
            if name not in known:
                raise RuleDocumentError(place, f"`{name}` is not declared")

    def _names(self, place: str, names: Iterable[str]) -> None:
        for name in names:
            self._name(f"{place}.{name}", name)

    def _name(self, place: str, name: str) -> None:
        if _KEY.fullmatch(name) is None:
            raise RuleDocumentError(place, "a key is small letters, digits, - and _")

    def _unique(self, place: str, names: list[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                raise RuleDocumentError(place, f"`{name}` is there twice")
