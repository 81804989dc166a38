"""A decision in words, twice: one kind sentence for the diner, a derivation for the auditor."""

from typing import Literal, overload

from subsidies.money import format_yuan, format_yuan_full
from subsidies.rules.benefit_language import PercentOff
from subsidies.rules.combine import RuleNode
from subsidies.rules.decision import Decision, Step
from subsidies.rules.language import Funder, Text
from subsidies.rules.lint_reach import Finding
from subsidies.rules.rule_set import GrantNode, RuleSet
from subsidies.rules.words import ADVICE, FINDINGS, REASONS, Language, sentence

_PERIODS = {
    "meal": ("这一餐", "this meal"),
    "day": ("今天", "today"),
    "week": ("这一周", "this week"),
    "month": ("这个月", "this month"),
    "year": ("今年", "this year"),
}
_ROUNDING = {
    "diner_gains": ("零头归就餐人", "the diner gains the part of a unit"),
    "funder_gains": ("零头归出资方", "the funder gains the part of a unit"),
    "half_up": ("四舍五入", "half up"),
    "half_even": ("四舍六入五成双", "half to even"),
}
_UNIT = {"fen": ("分", "fen"), "jiao": ("角", "jiao"), "yuan": ("元", "yuan")}


@overload
def explain(decision: Decision, rule_set: RuleSet | None, audience: Literal["diner"], language: Language) -> str: ...
@overload
def explain(decision: Decision, rule_set: RuleSet, audience: Literal["auditor"], language: Language) -> list[str]: ...
def explain(
    decision: Decision, rule_set: RuleSet | None, audience: Literal["diner", "auditor"], language: Language
) -> str | list[str]:
    """The diner's sentence is for private surfaces and names no category; the auditor gets one line per fact.

    Without a rule set nothing was decided: the diner hears the price, the auditor nothing.
    """
    if audience == "diner":
        return _for_diner(decision, language)
    return _for_auditor(decision, rule_set, language) if rule_set is not None else []


def describe(finding: Finding, language: Language) -> str:
    """A lint finding in one sentence."""
    return sentence(FINDINGS, finding.code, {**finding.data, "at": finding.at}, language)


def advise(finding: Finding, language: Language) -> str:
    """What to do about it; empty for a remark."""
    words = ADVICE.get(finding.code)
    return "" if words is None else words[0 if language == "zh" else 1]


def _for_diner(decision: Decision, language: Language) -> str:
    price, pays = format_yuan(decision.list_fen), format_yuan(decision.self_pay_fen)
    helped = format_yuan(decision.subsidy_fen)
    zh = language == "zh"
    if not decision.subsidy_fen:
        used = next((s for s in decision.steps if s.reason_code in ("counter-used", "budget-used")), None)
        if used is not None:
            when = _period_word(str(used.data["period"]), language)
            if zh:
                return f"{when}的优惠用过了，这份饭 {pays} 元。"
            return f"The help for {when} is used; this meal is {pays} yuan."
        return f"这份饭 {pays} 元。" if zh else f"This meal is {pays} yuan."
    if not decision.self_pay_fen:
        return f"这份饭 {price} 元，您不用付钱。" if zh else f"This meal is {price} yuan; you pay nothing."
    if zh:
        return f"这份饭 {price} 元，帮您出 {helped} 元，您付 {pays} 元。"
    return f"This meal is {price} yuan; {helped} yuan is paid for you, you pay {pays} yuan."


def _period_word(period: str, language: Language) -> str:
    kind = {10: "day", 8: "week", 7: "month", 4: "year"}.get(len(period), "meal")
    return _PERIODS[kind][0 if language == "zh" else 1]


def _for_auditor(decision: Decision, rule_set: RuleSet, language: Language) -> list[str]:
    at = 0 if language == "zh" else 1
    own = format_yuan_full(decision.own_meal_fen)
    price = format_yuan_full(decision.list_fen)
    mark = ("（示例）", " (example)")[at] if rule_set.example else ""
    title, version = _text(rule_set.title, language), decision.version
    title += "" if mark.strip(" ()（）") in title else mark
    source = f"{rule_set.document_no} {rule_set.source}".strip()
    lines = [
        (
            f"方案：{title}，{decision.rule_set} 第{version}版",
            f"Rule set: {title}, {decision.rule_set} version {version}",
        )[at],
        (f"依据：{source}；摘要 {rule_set.sha256[:16]}", f"Source: {source}; digest {rule_set.sha256[:16]}")[at],
        (f"原价 {price}，其中本人餐 {own}", f"List price {price}, of which the diner's own meal {own}")[at],
    ]
    nodes = {node.key: node for node in rule_set.nodes}
    for step in decision.steps:
        if step.reason_code == "counter-taken":
            lines.append(_counter_line(step, at))
            continue
        node = nodes[step.rule]
        mark = ("（示例）", " (example)")[at] if node.text.example else ""
        name = f"{step.rule} {_text(node.text.title, language)}{mark}"
        reason = sentence(REASONS, step.reason_code, step.data, language)
        lines.append((f"{name}：{reason}", f"{name}: {reason}")[at] + _amounts(step, node, rule_set, language))
    for share in decision.shares:
        funder = _text(rule_set.funders[share.funder], language)
        category = _text(rule_set.category_title(share.category), language)
        fen = format_yuan_full(share.fen)
        lines.append(
            (
                f"出资 {funder} {fen}（规则 {share.rule}，类别 {category}，项目 {share.programme}）",
                f"Share: {funder} {fen} (rule {share.rule}, category {category}, programme {share.programme})",
            )[at]
        )
    for grant in decision.grants:
        fen = format_yuan_full(grant.fen)
        lines.append((f"餐外补助 {grant.grant} → {grant.to} {fen}", f"Grant {grant.grant} → {grant.to} {fen}")[at])
    helped, pays = format_yuan_full(decision.subsidy_fen), format_yuan_full(decision.self_pay_fen)
    lines.append(
        (f"原价 {price} ＝ 出资 {helped} ＋ 自付 {pays}", f"List {price} = shares {helped} + self-pay {pays}")[at]
    )
    return lines


def _amounts(step: Step, node: RuleNode | GrantNode, rule_set: RuleSet, language: Language) -> str:
    """What was given on what, how it was rounded, and who took the odd fen."""
    at = 0 if language == "zh" else 1
    if step.outcome not in ("applied", "reduced"):
        return ""
    given, full, on = (step.data.get(name) for name in ("amount_fen", "full_fen", "on_fen"))
    words = []
    if isinstance(on, int):
        words.append((f"按 {format_yuan_full(on)} 计", f"on {format_yuan_full(on)}")[at])
    if isinstance(full, int):
        words.append((f"应减 {format_yuan_full(full)}", f"in full {format_yuan_full(full)}")[at])
    if isinstance(given, int):
        words.append((f"减 {format_yuan_full(given)}", f"gives {format_yuan_full(given)}")[at])
    if isinstance(node, RuleNode):
        benefit = node.text.benefit
        if isinstance(benefit, PercentOff):
            how, unit = _ROUNDING[benefit.rounding][at], _UNIT[benefit.round_to][at]
            words.append((f"{how}到{unit}", f"rounded to {unit}, {how}")[at])
        if node.split.odd_fen_to is not None:
            funder = _text(rule_set.funders[node.split.odd_fen_to], language)
            words.append((f"分摊零头归{funder}", f"odd fen to {funder}")[at])
    return ("，", "; ")[at] + ("，", ", ")[at].join(words) if words else ""


def _counter_line(step: Step, at: int) -> str:
    data = step.data
    unit = {"meals": ("次", "meals"), "fen": ("分", "fen")}[str(data["unit"])][at]
    return (
        f"计数 {data['counter']} {data['period']}：{data['before']} → {data['after']}，限 {data['cap']} {unit}",
        f"Counter {data['counter']} {data['period']}: {data['before']} → {data['after']} of {data['cap']} {unit}",
    )[at]


def _text(text: Text | Funder, language: Language) -> str:
    return text.zh if language == "zh" else text.en
