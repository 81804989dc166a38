"""The decision: one diner, one meal, one rule set → who pays which fen, and what that uses up. Pure; no clock, no database."""

from collections.abc import Mapping

from subsidies.rules.case import Case
from subsidies.rules.combine import Award, RuleNode, attributed
from subsidies.rules.conditions import Check
from subsidies.rules.decision import CounterUse, Decision, Grant, Share, Step, StepFact
from subsidies.rules.facts import CounterKey, Diner, FrozenInputs, Meal, Used
from subsidies.rules.rule_set import RuleSet
from subsidies.rules.split import give_way

_RuleFen = list[tuple[RuleNode, int]]
_Uses = dict[str, CounterUse]
"""Counter id → what is taken of it."""


def counters_needed(rule_set: RuleSet, diner: Diner | None, meal: Meal) -> tuple[CounterKey, ...]:
    """The counters this decision looks at, in document order; read them and hand them to `decide`."""
    if _closed(rule_set, meal) is not None:
        return ()
    case = Case(rule_set.document.ages, rule_set.own_meal, diner, meal, {})
    fitting = rule_set.sieve.mask(case)
    needed: dict[CounterKey, None] = {}
    for bit, limits in rule_set.counting:
        if bit & fitting:
            for limit in limits:
                needed[limit.key(meal)] = None
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
        rule_set.sieve.sift(case)
        awards = rule_set.top.awards(case, case.own_fen)
    else:
        data: dict[str, StepFact] = {"canteen": meal.canteen, "date": meal.date.isoformat()}
        for rule in rule_set.rules:
            case.steps[rule.key] = Step(rule.key, "not_applicable", closed, data)
    granted = _within_budgets(case, awards)
    parts = [(rule, funder, fen) for rule, amount in granted for funder, fen in rule.split.parts(amount)]
    excess = sum([fen for _, _, fen in parts]) - max(0, case.own_fen - rule_set.minimum_self_pay_fen)
    reduced = max(0, excess)
    if reduced:
        kept = give_way([p[2] for p in parts], [p[1] for p in parts], reduced, rule_set.gives_way)
        parts = [(rule, funder, fen) for (rule, funder, _), fen in zip(parts, kept, strict=True)]
    return _decision(rule_set, case, granted, parts, reduced, is_open=closed is None)


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
            key, key_id = rule.budget.keyed(case.meal)
            have = left.get(key_id, key.cap - case.counters.get(key_id, 0))
            granted.append((rule, max(0, min(fen, have))))
            left[key_id] = have - granted[-1][1]
        else:
            granted.append((rule, fen))
    return granted


def _decision(
    rule_set: RuleSet,
    case: Case,
    granted: _RuleFen,
    parts: list[tuple[RuleNode, str, int]],
    reduced_fen: int,
    *,
    is_open: bool,
) -> Decision:
    document = rule_set.document
    shares: list[Share] = []
    paid: dict[str, int] = {}
    subsidy_fen = 0
    category, of_rule = "", None
    for rule, funder, fen in parts:
        if fen:
            if rule is not of_rule:
                category, of_rule = rule.category(case), rule
            shares.append(Share(funder, rule.programmes[funder], rule.key, category, fen))
            paid[rule.key] = paid.get(rule.key, 0) + fen
            subsidy_fen += fen
    uses: _Uses = {}
    example = False
    for rule, amount in granted:
        fen = paid.get(rule.key, 0)
        if fen < amount:
            data = case.steps[rule.key].data
            case.steps[rule.key] = Step(
                rule.key, "reduced", "gives-way", {**data, "amount_fen": fen, "full_fen": amount}
            )
        if fen:
            example = example or rule.text.example or document.example
            _count(uses, rule.check, case)
            if rule.budget is not None:
                key, key_id = rule.budget.keyed(case.meal)
                uses[key_id] = CounterUse(key, fen + (uses[key_id].take if key_id in uses else 0))
    grants = _grants(rule_set, case, subsidy_fen, uses) if is_open and rule_set.grants else ()
    return Decision(
        rule_set=document.code,
        version=document.version,
        list_fen=case.list_fen,
        self_pay_fen=case.list_fen - subsidy_fen,
        own_meal_fen=case.own_fen,
        shares=tuple(shares),
        counters=tuple(uses.values()),
        steps=_steps(case, uses),
        grants=grants,
        example=example,
        reduced_fen=reduced_fen,
    )


def _grants(rule_set: RuleSet, case: Case, subsidy_fen: int, uses: _Uses) -> tuple[Grant, ...]:
    grants = []
    for grant in rule_set.grants:
        if not grant.bits & case.fitting:
            continue
        text = grant.text
        step = grant.check.money_step(case, case.own_fen)
        if step is None and text.paid_for == "subsidised_meal" and not subsidy_fen:
            step = grant.no_subsidised_meal
        elif step is None and text.paid_for == "delivery" and case.meal.way != "delivery":
            step = grant.no_delivery
        if step is not None:
            case.steps[grant.key] = step
            continue
        category = attributed(text.category, grant.check, case)
        grants.append(Grant(grant.key, text.to, text.funder, grant.programme, category, grant.fen))
        case.steps[grant.key] = grant.granted
        _count(uses, grant.check, case)
    return tuple(grants)


def _count(uses: _Uses, check: Check, case: Case) -> None:
    """A meal is counted once, however many rules count it."""
    for counter in check.counters:
        key, key_id = counter.keyed(case.meal)
        if key_id not in uses:
            uses[key_id] = CounterUse(key, 1)


def _steps(case: Case, uses: _Uses) -> tuple[Step, ...]:
    """Each rule in the order written, each grant, then what each counter held before and after."""
    if not uses:
        return tuple(case.steps.values())
    steps = list(case.steps.values())
    for key_id, use in uses.items():
        key, take = use.key, use.take
        before = case.counters.get(key_id, 0)
        data: dict[str, StepFact] = {
            "counter": key.name, "period": key.period, "before": before, "after": before + take, "cap": key.cap, "unit": key.unit,
        }  # fmt: skip
        steps.append(Step("", "applied", "counter-taken", data))
    return tuple(steps)
