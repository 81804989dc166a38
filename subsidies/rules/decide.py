"""The decision: one diner, one meal, one rule set → who pays which fen, and what that uses up. Pure; no clock, no database."""

from collections.abc import Mapping

from subsidies.rules.case import Case
from subsidies.rules.combine import Award, RuleNode, attributed
from subsidies.rules.decision import CounterUse, Decision, Grant, Share, Step, StepFact
from subsidies.rules.facts import CounterKey, Diner, FrozenInputs, Meal, Used
from subsidies.rules.rule_set import RuleSet
from subsidies.rules.split import give_way

_RuleFen = list[tuple[RuleNode, int]]


def counters_needed(rule_set: RuleSet, diner: Diner | None, meal: Meal) -> tuple[CounterKey, ...]:
    """The counters this decision looks at, in document order; read them and hand them to `decide`."""
    if _closed(rule_set, meal) is not None:
        return ()
    case = Case(rule_set.document.ages, rule_set.own_meal, diner, meal, {})
    needed: dict[CounterKey, None] = {}
    for node in rule_set.nodes:
        budget = node.budget if isinstance(node, RuleNode) else None
        if (node.check.counters or budget is not None) and node.check.reason_against(case) is None:
            for counter in node.check.counters:
                needed[counter.key(meal)] = None
            if budget is not None:
                needed[budget.key(meal)] = None
    return tuple(needed)


def decide(rule_set: RuleSet, diner: Diner | None, meal: Meal, used: Mapping[CounterKey, int] | Used) -> Decision:
    """`used` is what the counters held before this meal (missing: 0); `diner` is None for a guest.

    Always `list_fen` = Σ shares + self-pay, nothing below zero. A meal out of the set's dates or
    canteens is decided too: everyone pays the list price, and the steps say why.
    """
    counters = Used.of(used).counters
    case = Case(rule_set.document.ages, rule_set.own_meal, diner, meal, counters)
    closed = _closed(rule_set, meal)
    awards: list[Award] = []
    if closed is None:
        awards = rule_set.top.awards(case, case.own_fen)
    else:
        for rule in rule_set.rules:
            case.outcomes[rule.key] = (
                "not_applicable",
                closed,
                {"canteen": meal.canteen, "date": meal.date.isoformat()},
            )
    granted = _within_budgets(case, awards)
    parts = [(rule, funder, fen) for rule, amount in granted for funder, fen in rule.split.parts(amount)]
    excess = sum(fen for _, _, fen in parts) - max(0, case.own_fen - rule_set.minimum_self_pay_fen)
    reduced = max(0, excess)
    if reduced:
        kept = give_way([p[2] for p in parts], [p[1] for p in parts], reduced, rule_set.gives_way)
        parts = [(rule, funder, fen) for (rule, funder, _), fen in zip(parts, kept, strict=True)]
    return _decision(rule_set, case, granted, parts, reduced)


def replay(rule_set: RuleSet, frozen: FrozenInputs) -> Decision:
    """The same answer years later, from the inputs frozen on the order and the version that decided."""
    return decide(rule_set, frozen.diner, frozen.meal, frozen.used)


def _closed(rule_set: RuleSet, meal: Meal) -> str | None:
    if not rule_set.is_in_force(meal.date):
        return "not-in-force"
    return None if rule_set.covers(meal.canteen, meal.canteen_area) else "out-of-scope"


def _within_budgets(case: Case, awards: list[Award]) -> _RuleFen:
    """Two rules on one purse must not spend the same fen twice: the earlier written takes first."""
    left: dict[str, int] = {}
    granted: _RuleFen = []
    for rule, fen in awards:
        if rule.budget is not None:
            key = rule.budget.key(case.meal)
            have = left.get(key.id, key.cap - case.counters.get(key.id, 0))
            granted.append((rule, max(0, min(fen, have))))
            left[key.id] = have - granted[-1][1]
        else:
            granted.append((rule, fen))
    return granted


def _decision(
    rule_set: RuleSet, case: Case, granted: _RuleFen, parts: list[tuple[RuleNode, str, int]], reduced_fen: int
) -> Decision:
    document = rule_set.document
    shares: list[Share] = []
    paid: dict[str, int] = {}
    for rule, funder, fen in parts:
        if fen:
            declared = document.funders.get(funder)
            programme = rule.text.programme or (declared.programme if declared else None) or document.programme
            shares.append(Share(funder, programme, rule.key, rule.category(case), fen))
            paid[rule.key] = paid.get(rule.key, 0) + fen
    uses: dict[CounterKey, int] = {}
    example = False
    for rule, amount in granted:
        fen = paid.get(rule.key, 0)
        _, _, data = case.outcomes[rule.key]
        if fen < amount:
            case.outcomes[rule.key] = ("reduced", "gives-way", {**data, "amount_fen": fen, "full_fen": amount})
        if fen:
            example = example or rule.text.example or document.example
            for counter in rule.check.counters:
                uses[counter.key(case.meal)] = 1
            if rule.budget is not None:
                key = rule.budget.key(case.meal)
                uses[key] = uses.get(key, 0) + fen
    subsidy_fen = sum(paid.values())
    grants = _grants(rule_set, case, subsidy_fen, uses)
    return Decision(
        rule_set=document.code,
        version=document.version,
        list_fen=case.list_fen,
        self_pay_fen=case.list_fen - subsidy_fen,
        own_meal_fen=case.own_fen,
        shares=tuple(shares),
        counters=tuple(CounterUse(key, take) for key, take in uses.items()),
        steps=_steps(case, uses),
        grants=grants,
        example=example,
        reduced_fen=reduced_fen,
    )


def _grants(rule_set: RuleSet, case: Case, subsidy_fen: int, uses: dict[CounterKey, int]) -> tuple[Grant, ...]:
    if not rule_set.grants or _closed(rule_set, case.meal) is not None:
        return ()
    grants = []
    for grant in rule_set.grants:
        text = grant.text
        reason = grant.check.reason_against(case) or grant.check.money_reason_against(case, case.own_fen)
        if reason is None and text.paid_for == "subsidised_meal" and not subsidy_fen:
            reason = "no-subsidised-meal", {}
        elif reason is None and text.paid_for == "delivery" and case.meal.dine_in:
            reason = "delivery", {}
        if reason is not None:
            case.outcomes[grant.key] = ("not_applicable", *reason)
            continue
        category = attributed(text.category, grant.check, case)
        grants.append(Grant(grant.key, text.to, text.funder, grant.programme, category, grant.fen))
        case.outcomes[grant.key] = ("applied", "granted", {"amount_fen": grant.fen, "to": text.to})
        for counter in grant.check.counters:
            uses[counter.key(case.meal)] = 1
    return tuple(grants)


def _steps(case: Case, uses: Mapping[CounterKey, int]) -> tuple[Step, ...]:
    steps = [Step(rule, *outcome) for rule, outcome in case.outcomes.items()]
    for key, take in uses.items():
        before = case.counters.get(key.id, 0)
        data: dict[str, StepFact] = {
            "counter": key.name, "period": key.period, "before": before, "after": before + take, "cap": key.cap, "unit": key.unit,
        }  # fmt: skip
        steps.append(Step("", "applied", "counter-taken", data))
    return tuple(steps)
