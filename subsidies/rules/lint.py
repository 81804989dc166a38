"""What refuses a rule set before it is published: gaps, overlaps, unreachable rules, open questions, failing examples."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from subsidies.rules.benefit_language import FixedOff, FreeUpTo
from subsidies.rules.combine import GroupNode, Node, RuleNode
from subsidies.rules.conditions import inside
from subsidies.rules.decision import StepFact
from subsidies.rules.examples import run_examples
from subsidies.rules.lint_reach import Finding, band_findings, may_meet, reach_findings
from subsidies.rules.rule_set import RuleSet


def lint(rule_set: RuleSet) -> list[Finding]:
    """Findings in a stable order; what the document accepts is kept and marked."""
    accepted = {(entry.code, entry.at): entry.reason for entry in rule_set.document.accepted}
    findings = []
    for check in (
        band_findings,
        reach_findings,
        _thresholds,
        _giving_way,
        _odd_fen,
        _limits,
        _budgets,
        _statuses,
        _examples,
    ):
        for finding in check(rule_set):
            reason = accepted.get((finding.code, finding.at))
            if reason is None or finding.level == "note":
                findings.append(finding)
            else:
                findings.append(Finding("accepted", finding.code, finding.at, {**finding.data, "reason": reason}))
    return findings


def refuses(findings: Sequence[Finding]) -> bool:
    """Whether any finding forbids publication."""
    return any(finding.level == "error" for finding in findings)


def lint_together(rule_sets: Sequence[RuleSet]) -> list[Finding]:
    """Sets in force on the same day for the same canteen and funder; an example is in force nowhere."""
    findings = []
    for index, one in enumerate(rule_sets):
        for other in rule_sets[index + 1 :]:
            funders = sorted(_funders(one) & _funders(other))
            if not (one.example or other.example) and funders and _dates_meet(one, other) and _scopes_meet(one, other):
                at = f"{one.code} v{one.version} & {other.code} v{other.version}"
                findings.append(Finding("error", "overlapping-dates", at, {"funders": tuple(funders)}))
    return findings


def _thresholds(rule_set: RuleSet) -> Iterator[Finding]:
    lowered = dict(_after_others(rule_set.top, after=False))
    for node in rule_set.nodes:
        spend = node.text.minimum_spend
        if spend is None:
            continue
        why = ""
        if spend.at_least is spend.more_than is spend.at_most is spend.less_than is None:
            why = "no-amount"
        elif spend.measured_on is None and lowered.get(node.key, False):
            why = "list-or-net"
        elif spend.measured_on == "net" and not lowered.get(node.key, False):
            why = "net-of-nothing"
        if why:
            yield Finding("error", "threshold-undecidable", f"rules.{node.key}.minimum_spend", {"because": why})


def _after_others(node: Node, *, after: bool) -> Iterator[tuple[str, bool]]:
    """Rule key → whether something may have lowered the price before it is measured."""
    if isinstance(node, GroupNode):
        for index, member in enumerate(node.members):
            yield from _after_others(member, after=after or (node.combine == "sequential" and index > 0))
    else:
        yield node.key, after


def _funders(rule_set: RuleSet) -> set[str]:
    return {funder for rule in rule_set.rules for funder in rule.split.funders}


def _giving_way(rule_set: RuleSet) -> Iterator[Finding]:
    funders = _funders(rule_set)
    stated = rule_set.document.cap.gives_way
    if len(funders) < 2 or stated == "pro_rata":
        return
    if stated is None and (rule_set.minimum_self_pay_fen or _may_exceed(rule_set.top)):
        yield Finding("error", "give-way-unstated", "cap.gives_way", {"funders": tuple(sorted(funders))})
    elif stated is not None and not funders <= set(stated):
        yield Finding(
            "error", "give-way-incomplete", "cap.gives_way", {"funders": tuple(sorted(funders - set(stated)))}
        )


def _may_exceed(node: Node) -> bool:
    if isinstance(node, RuleNode):
        return isinstance(node.text.benefit, FixedOff) or node.text.on == "list"
    together = node.combine == "add" and any(_meet(one, other) for one, other in combinations(node.members, 2))
    return together or any(_may_exceed(member) for member in node.members)


def _meet(one: Node, other: Node) -> bool:
    """Whether both can apply to one diner and meal; groups always may."""
    return not (isinstance(one, RuleNode) and isinstance(other, RuleNode)) or may_meet(one, other)


def _odd_fen(rule_set: RuleSet) -> Iterator[Finding]:
    for rule in rule_set.rules:
        if not rule.split.states_odd_fen:
            yield Finding("error", "odd-fen-unstated", f"rules.{rule.key}.odd_fen_to", {"funders": rule.split.funders})


def _limits(rule_set: RuleSet) -> Iterator[Finding]:
    own = rule_set.document.own_meal
    if own.dishes_up_to == "dearest_set" and own.without_sets is None:
        yield Finding("error", "no-sets-unstated", "own_meal.without_sets")
    if own.covers == "one_set_or_dishes" and own.dishes_up_to is None:
        yield Finding("note", "dishes-unlimited", "own_meal.dishes_up_to")
    for rule in rule_set.rules:
        benefit = rule.text.benefit
        if isinstance(benefit, FreeUpTo) and benefit.amount == "dearest_set" and benefit.without_sets is None:
            yield Finding("error", "no-sets-unstated", f"rules.{rule.key}.benefit.without_sets")


def _budgets(rule_set: RuleSet) -> Iterator[Finding]:
    purses: dict[str, tuple[str, bool, frozenset[str]]] = {}
    for rule in rule_set.rules:
        budget = rule.text.budget
        if budget is None:
            continue
        purse = (budget.per, budget.shared, frozenset(budget.kept_when))
        if purses.setdefault(budget.name, purse) != purse:
            yield Finding("error", "budget-contradicts", f"rules.{rule.key}.budget", {"budget": budget.name})


def _statuses(rule_set: RuleSet) -> Iterator[Finding]:
    if "deceased" not in rule_set.document.excluded_statuses:
        yield Finding("error", "deceased-not-excluded", "excluded_statuses")


def _examples(rule_set: RuleSet) -> Iterator[Finding]:
    results = run_examples(rule_set)
    if not results:
        yield Finding("error", "no-examples", "examples")
    exercised = {share.rule for result in results for share in result.decision.shares}
    for result in results:
        for what, expected, actual in result.differences:
            data: dict[str, StepFact] = {"what": what, "expected": expected, "actual": actual}
            yield Finding("error", "example-fails", f"examples.{result.name}", data)
    for rule in rule_set.rules:
        if results and rule.key not in exercised:
            yield Finding("note", "rule-untried", f"rules.{rule.key}")


def _dates_meet(one: RuleSet, other: RuleSet) -> bool:
    return (one.effective_to is None or other.effective_from <= one.effective_to) and (
        other.effective_to is None or one.effective_from <= other.effective_to
    )


def _scopes_meet(one: RuleSet, other: RuleSet) -> bool:
    if one.canteens and other.canteens and not set(one.canteens) & set(other.canteens):
        return False
    mine, theirs = one.document.scope.areas, other.document.scope.areas
    return not mine or not theirs or any(inside(a, b) or inside(b, a) for a in mine for b in theirs)
