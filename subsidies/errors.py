"""What the subsidy side refuses, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping

Fact = str | int | bool | None


class SubsidyError(Exception):
    """Base of every expected refusal in `subsidies`; `data` holds what a sentence needs."""

    code = "subsidies.refused"

    def __init__(self, code: str | None = None, **data: Fact) -> None:
        self.code = code or type(self).code
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class MoneyFormat(SubsidyError):
    """Typed money that is not yuan with at most two decimals; `data["text"]` is what was typed."""

    code = "subsidies.money-format"


class RuleDocumentError(SubsidyError):
    """A rule document that cannot be read; `path` names the place (`rules[2].benefit.cap`)."""

    code = "subsidies.rule-document"

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(path=path, problem=problem)

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class UnknownRuleSet(SubsidyError):
    """No shipped rule set has this code; `data["rule_set"]` is the code asked for."""

    code = "subsidies.unknown-rule-set"
