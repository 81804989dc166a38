"""A decision for the auditor as tables: each rule considered with its reason, counters before and after, money beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from canteen.readmodels.order_trace import Decided
from canteen.web.office.desk import OfficeDesk
from subsidies.rules.benefit_language import PercentOff
from subsidies.rules.combine import RuleNode
from subsidies.rules.decision import Outcome, Step, StepFact
from subsidies.rules.rule_set import GrantNode
from subsidies.rules.words import REASONS, sentence

_TONES: Mapping[Outcome, str] = {"applied": "ok", "reduced": "warn", "not_chosen": "wait", "not_applicable": "info"}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: what came of it (`tone` of its pill) and why. Sums in fen where it gave something, or could have."""

    key: str
    title: str
    is_example: bool
    outcome: Outcome
    tone: str
    reason: str
    on_fen: int | None
    full_fen: int | None
    given_fen: int | None
    rounding: str
    odd_fen_to: str


@dataclass(frozen=True, slots=True)
class CounterRow:
    """One counter taken from; in meals, or in fen where `in_fen`. `rules`: by what it was taken."""

    rules: tuple[str, ...]
    period: str
    before: int
    after: int
    cap: int
    in_fen: bool


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Money beside the meal, never shown to the diner; fen."""

    title: str
    to: str
    funder: str
    fen: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """The whole decision in words of one language."""

    title: str
    source: str
    sha256: str
    rules: tuple[RuleRow, ...]
    counters: tuple[CounterRow, ...]
    grants: tuple[GrantRow, ...]


def derivation(desk: OfficeDesk, decided: Decided) -> Derivation:
    """Rules by their titles; those that gave something, or nearly did, before those that did not fit."""
    rule_set, decision = decided.rule_set, decided.decision
    nodes = {node.key: node for node in rule_set.nodes}
    titles = {key: _words(desk, node.text.title) for key, node in nodes.items()}
    rules = [_rule(desk, decided, step, nodes[step.rule], titles) for step in decision.steps if step.rule]
    rules.sort(key=lambda row: tuple(_TONES).index(row.outcome))
    return Derivation(
        _words(desk, rule_set.title),
        f"{rule_set.document_no} {rule_set.source}".strip(),
        rule_set.sha256,
        tuple(rules),
        tuple(
            _counter(desk, step, _takers(str(step.data["counter"]), decided, titles))
            for step in decision.steps
            if step.reason_code == "counter-taken"
        ),
        tuple(
            GrantRow(titles[one.grant], one.to, _words(desk, rule_set.funders[one.funder]), one.fen)
            for one in decision.grants
        ),
    )


def period_words(desk: OfficeDesk, period: str) -> str:
    """A counter's period as people say it: `11月23日 星期一 午餐`, a week from Monday, a month, a year."""
    day, _, meal = period.partition("/")
    if "-W" in day:
        year, week = day.split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        return desk.t("derivation.week", monday=desk.meal_words(monday, ""))
    parts = day.split("-")
    if len(parts) == 3:
        return desk.meal_words(date.fromisoformat(day), meal)
    if len(parts) == 2:
        return desk.t("office.month-title", year=parts[0], month=int(parts[1]))
    return desk.t("derivation.year", year=day)


def _rule(
    desk: OfficeDesk, decided: Decided, step: Step, node: RuleNode | GrantNode, titles: Mapping[str, str]
) -> RuleRow:
    data: dict[str, StepFact] = dict(step.data)
    if "chosen" in data:
        data["chosen"] = titles.get(str(data["chosen"]), str(data["chosen"]))
    if "period" in data:
        data["period"] = period_words(desk, str(data["period"]))
    rounding = odd_fen_to = ""
    gave = step.outcome in {"applied", "reduced"}
    if gave and isinstance(node, RuleNode):
        benefit = node.text.benefit
        if isinstance(benefit, PercentOff):
            unit = desk.t(f"derivation.unit.{benefit.round_to}")
            rounding = desk.t(f"derivation.rounding.{benefit.rounding}", unit=unit)
        if node.split.odd_fen_to is not None:
            odd_fen_to = _words(desk, decided.rule_set.funders[node.split.odd_fen_to])
    return RuleRow(
        step.rule,
        titles[step.rule],
        node.text.example,
        step.outcome,
        _TONES[step.outcome],
        "" if step.reason_code == "granted" else sentence(REASONS, step.reason_code, data, desk.language),
        _fen(data.get("on_fen")),
        _fen(data.get("full_fen")),
        _fen(data.get("amount_fen")) if gave or step.outcome == "not_chosen" else None,
        rounding,
        odd_fen_to,
    )


def _takers(counter: str, decided: Decided, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Titles of the rules that took from a counter: it has no name of its own."""
    took = {step.rule for step in decided.decision.steps if step.rule and step.outcome in {"applied", "reduced"}}
    name = counter.removeprefix(f"{decided.rule_set.code}.")
    return tuple(titles[node.key] for node in decided.rule_set.nodes if node.key in took and name in _counted(node))


def _counted(node: RuleNode | GrantNode) -> tuple[str, ...]:
    purse = node.text.budget if isinstance(node, RuleNode) else None
    return (*node.text.counters, *((purse.name,) if purse is not None else ()))


def _counter(desk: OfficeDesk, step: Step, rules: tuple[str, ...]) -> CounterRow:
    data = step.data
    return CounterRow(
        rules,
        period_words(desk, str(data["period"])),
        _whole(data["before"]),
        _whole(data["after"]),
        _whole(data["cap"]),
        data["unit"] == "fen",
    )


def _words(desk: OfficeDesk, text: object) -> str:
    return str(getattr(text, desk.language))


def _fen(value: StepFact) -> int | None:
    return value if isinstance(value, int) else None


def _whole(value: StepFact) -> int:
    return value if isinstance(value, int) else 0
