"""The figures of a rule document that can be tried otherwise: amounts, percents, ages, thresholds, limits; nothing else."""

import copy
import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

import tomlkit

from subsidies.errors import MoneyFormat, RuleDocumentError
from subsidies.money import parse_yuan
from subsidies.rules.document import load, load_parsed
from subsidies.rules.language import Text
from subsidies.rules.rule_set import RuleSet

FigureKind = Literal["yuan", "percent", "age", "meals"]
_OF_RULE: tuple[tuple[str, str, FigureKind], ...] = (
    ("age", "from", "age"),
    ("age", "over", "age"),
    ("age", "to", "age"),
    ("age", "under", "age"),
    ("benefit", "amount", "yuan"),
    ("benefit", "price", "yuan"),
    ("benefit", "percent", "percent"),
    ("benefit", "cap", "yuan"),
    ("benefit", "up_to", "yuan"),
    ("benefit", "without_sets", "yuan"),
    ("minimum_spend", "at_least", "yuan"),
    ("minimum_spend", "more_than", "yuan"),
    ("budget", "amount", "yuan"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `path` as `rules[0].benefit.amount`; `what` is its last two names.

    `of` is the title of its rule, or of the rules a counter is for.
    """

    path: str
    what: str
    of: Text
    kind: FigureKind
    value: str


def figures(rule_set: RuleSet) -> tuple[Figure, ...]:
    """Every figure that may be tried otherwise, rule by rule as written, then counters."""
    return tuple(_figures(rule_set))


def adjusted(rule_set: RuleSet, values: Mapping[str, str]) -> RuleSet:
    """The set with other figures, path → text as typed; unknown paths are left out. Stated parts still make up their amount.

    Raises:
        RuleDocumentError: a figure cannot be read, or the set would contradict itself; `path` says where.
    """
    raw: dict[str, Any] = copy.deepcopy(dict(rule_set.raw))
    _adjust(raw, rule_set, values)
    return load_parsed(raw)


def adjusted_text(text: str, values: Mapping[str, str]) -> str:
    """The same in the text of a set: its comments, order and spelling stay, only figures that differ are written.

    Raises:
        RuleDocumentError: as `adjusted`, or the text cannot be read.
    """
    rule_set = load(text)
    adjusted(rule_set, values)
    document = tomlkit.parse(text)
    _adjust(document, rule_set, values)
    return tomlkit.dumps(document)


def _adjust(raw: MutableMapping[str, Any], rule_set: RuleSet, values: Mapping[str, str]) -> None:
    for figure in figures(rule_set):
        typed = values.get(figure.path, figure.value).strip()
        if typed != figure.value:
            _put(raw, figure, typed)
    _put_sums(raw)


def _figures(rule_set: RuleSet) -> Iterator[Figure]:
    raw: dict[str, Any] = dict(rule_set.raw)
    for at, rule in enumerate(raw["rules"]):
        title = rule_set.document.rules[at].title
        parts = _stated_parts(rule)
        for table, name, kind in _OF_RULE:
            value = rule.get(table, {}).get(name)
            if value is None or value == "dearest_set" or (parts and (table, name) == ("benefit", "amount")):
                continue
            yield Figure(f"rules[{at}].{table}.{name}", f"{table}.{name}", title, kind, str(value))
        for funder, amount in parts.items():
            yield Figure(f"rules[{at}].split.{funder}", f"split.{funder}", title, "yuan", amount)
    for at, counter in enumerate(rule_set.document.counters):
        counted = [rule.title for rule in rule_set.document.rules if counter.name in rule.counters]
        title = Text(zh="、".join(one.zh for one in counted), en=", ".join(one.en for one in counted))
        yield Figure(f"counters[{at}].limit", f"limit.{counter.per}", title, "meals", str(counter.limit))
    if "minimum_self_pay" in raw.get("cap", {}):
        title = Text(zh="", en="")
        yield Figure(
            "cap.minimum_self_pay", "cap.minimum_self_pay", title, "yuan", rule_set.document.cap.minimum_self_pay
        )


def _stated_parts(rule: Mapping[str, Any]) -> dict[str, str]:
    """Who pays how much of a fixed amount, where every part is stated in yuan."""
    split = rule.get("split")
    if not isinstance(split, Mapping) or rule["benefit"].get("kind") != "fixed_off":
        return {}
    parts = {funder: part for funder, part in split.items() if isinstance(part, str) and part != "rest"}
    return parts if len(parts) == len(split) else {}


def _put(raw: MutableMapping[str, Any], figure: Figure, typed: str) -> None:
    *above, last = re.split(r"\]?[.\[]", figure.path)
    table: Any = raw
    for name in above:
        table = table[int(name)] if name.isdigit() else table[name]
    if figure.kind in {"age", "meals"}:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
            raise RuleDocumentError(figure.path, "write a whole number")
        table[last] = int(typed)
    else:
        _fen(figure.path, typed)  # a percent is written the same way
        table[last] = typed


def _put_sums(raw: MutableMapping[str, Any]) -> None:
    """Where every funder's part is stated, their sum is the amount."""
    for at, rule in enumerate(raw["rules"]):
        parts = _stated_parts(rule)
        if parts:
            fen = sum(_fen(f"rules[{at}].split.{funder}", part) for funder, part in parts.items())
            if fen != _fen(f"rules[{at}].benefit.amount", rule["benefit"]["amount"]):
                rule["benefit"]["amount"] = f"{fen // 100}.{fen % 100:02d}"


def _fen(path: str, text: str) -> int:
    try:
        return parse_yuan(text).fen
    except MoneyFormat as error:
        raise RuleDocumentError(path, f'write yuan as "6" or "6.50", not "{text}"') from error
