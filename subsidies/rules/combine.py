"""How rules work together: a tree of four ways to combine (highest, add, sequential, first)."""

from collections.abc import Mapping

from subsidies.rules.benefits import Amount, compile_benefit
from subsidies.rules.case import Case, CounterLimit
from subsidies.rules.conditions import Check
from subsidies.rules.decision import Step, StepFact
from subsidies.rules.language import Combine, Rule
from subsidies.rules.split import Split

Award = tuple["RuleNode", int]
"""A rule and the fen it takes off before the price caps the sum."""


class RuleNode:
    """One rule, compiled. `programmes`: funder → the budget line its fen are booked to."""

    __slots__ = ("_amount", "_leaves_fen", "_on_list", "bits", "budget", "check", "key", "programmes", "split", "text")

    def __init__(
        self,
        text: Rule,
        check: Check,
        budget: CounterLimit | None,
        split: Split,
        *,
        leaves_fen: int,
        programmes: Mapping[str, str],
    ) -> None:
        self.text = text
        self.key = text.key
        self.check = check
        self.budget = budget
        self.split = split
        self.programmes = programmes
        self.bits = 0
        """Its bit in `Case.fitting`, given by the rule set."""
        self._amount: Amount = compile_benefit(text.benefit)
        self._leaves_fen = leaves_fen
        self._on_list = text.on == "list"

    def rules(self) -> "list[RuleNode]":
        """Itself; a group answers with every rule below, in the order written."""
        return [self]

    def awards(self, case: Case, left_fen: int) -> list[Award]:
        """What is granted to a diner it fits when `left_fen` of their own meal is still to pay."""
        step = self.check.money_step(case, left_fen)
        if step is not None:
            case.steps[self.key] = step
            return []
        base_fen = case.own_fen if self._on_list else left_fen
        fen = self._amount(base_fen, case.meal)
        if self._leaves_fen:
            fen = min(fen, max(0, left_fen - self._leaves_fen))
        if self.budget is not None:
            key, key_id = self.budget.keyed(case.meal)
            used = case.counters.get(key_id, 0)
            if used >= key.cap:
                data: dict[str, StepFact] = {"counter": key.name, "period": key.period, "used": used, "cap": key.cap}
                case.steps[self.key] = Step(self.key, "not_applicable", "budget-used", data)
                return []
            fen = min(fen, key.cap - used)
        if fen <= 0:
            case.steps[self.key] = Step(self.key, "not_applicable", "nothing-to-give", {"on_fen": base_fen})
            return []
        case.steps[self.key] = Step(self.key, "applied", "granted", {"amount_fen": fen, "on_fen": base_fen})
        return [(self, fen)]

    def category(self, case: Case) -> str:
        """The one category or age band this rule's fen are attributed to."""
        return attributed(self.text.category, self.check, case)


def attributed(stated: str | None, check: Check, case: Case) -> str:
    """What the document states, else the first of the rule's categories held, else the age band, else `all`."""
    if stated is not None:
        return stated
    if case.diner is None:
        return "guest"
    for key in check.classes:
        if key in case.held:
            return key
    return check.band.label or "all"


def _sum(awards: list[Award]) -> int:
    return awards[0][1] if len(awards) == 1 else sum([fen for _, fen in awards])


class GroupNode:
    """Rules or groups that are combined in one way."""

    __slots__ = ("bits", "combine", "key", "members")

    def __init__(self, key: str, combine: Combine) -> None:
        self.key = key
        self.combine = combine
        self.members: list[RuleNode | GroupNode] = []
        self.bits = 0
        """Those of all rules below."""

    def rules(self) -> list[RuleNode]:
        return [rule for member in self.members for rule in member.rules()]

    def number(self, place: int) -> int:
        """Give each rule below its bit, from `place` on; returns the next place."""
        for member in self.members:
            if isinstance(member, GroupNode):
                place = member.number(place)
            else:
                member.bits = 1 << place
                place += 1
            self.bits |= member.bits
        return place

    def awards(self, case: Case, left_fen: int) -> list[Award]:
        if self.combine == "highest":
            return self._highest(case, left_fen)
        granted: list[Award] = []
        for position, member in enumerate(self.members):
            if not member.bits & case.fitting:
                continue
            awards = member.awards(case, left_fen)
            if not awards:
                continue
            granted += awards
            if self.combine == "sequential":
                left_fen = max(0, left_fen - _sum(awards))
            elif self.combine == "first":
                for later in self.members[position + 1 :]:
                    for rule in later.rules():
                        case.steps[rule.key] = Step(
                            rule.key, "not_chosen", "earlier-rule", {"chosen": awards[0][0].key}
                        )
                break
        return granted

    def _highest(self, case: Case, left_fen: int) -> list[Award]:
        """Compared on what the diner really gains (never above what is left); equal gains: the first written."""
        best: list[Award] = []
        best_fen = 0
        granted = []
        fitting = case.fitting
        for member in self.members:
            if not member.bits & fitting:
                continue
            awards = member.awards(case, left_fen)
            if awards:
                granted.append(awards)
                gain_fen = min(left_fen, _sum(awards))
                if gain_fen > best_fen:
                    best, best_fen = awards, gain_fen
        for awards in granted:
            if awards is not best:
                for rule, fen in awards:
                    chosen = best[0][0].key if best else None
                    case.steps[rule.key] = Step(rule.key, "not_chosen", "lower", {"amount_fen": fen, "chosen": chosen})
        return best


Node = RuleNode | GroupNode
"""A rule or a group of them."""
