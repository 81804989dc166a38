"""Which rule sets are published, and what does one say? Its text, and its worked examples run again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from subsidies.eligibility import CATEGORIES
from subsidies.errors import UnknownRuleSet
from subsidies.models import RuleSetVersion
from subsidies.published import by_id
from subsidies.rules.examples import run_examples

_EXAMPLE = {"zh": "（示例）", "en": " (example)"}
"""Wherever a rule shows whose amounts were never published."""


@dataclass(frozen=True, slots=True)
class RuleSetLine:
    """One published version. `in_force`: its dates hold today; whether an example decides is another question."""

    id: int
    code: str
    version: int
    title: str
    is_example: bool
    effective_from: date
    effective_until: date | None
    in_force: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """One example of the document and how it comes out; fen."""

    name: str
    list_fen: int
    self_pay_fen: int
    shares: tuple[tuple[str, int], ...]
    passed: bool


@dataclass(frozen=True, slots=True)
class RuleSetPage:
    """One version as published."""

    line: RuleSetLine
    document_no: str
    source: str
    sha256: str
    text: str
    rules: tuple[tuple[str, str, bool], ...]
    """Key, title, whether it is an example."""
    examples: tuple[WorkedExample, ...]


def rule_sets(session: Session, *, today: date) -> tuple[RuleSetLine, ...]:
    """Every version, those in force first, then the latest."""
    rows = session.execute(select(RuleSetVersion).order_by(col(RuleSetVersion.effective_from).desc())).scalars()
    lines = [_line(row, today) for row in rows]
    return tuple(sorted(lines, key=lambda line: (not line.in_force, line.is_example)))


def rule_set_page(session: Session, rule_set_id: int, *, today: date, language: Literal["zh", "en"]) -> RuleSetPage:
    """One version.

    Raises:
        subsidies.errors.UnknownRuleSet: no such version.
    """
    row = session.get(RuleSetVersion, rule_set_id)
    if row is None:
        raise UnknownRuleSet(rule_set=rule_set_id)
    rules = by_id(session, rule_set_id).rule_set
    return RuleSetPage(
        _line(row, today),
        rules.document_no,
        rules.source,
        row.sha256,
        row.text,
        tuple((node.key, getattr(node.text.title, language), node.text.example) for node in rules.nodes),
        tuple(
            WorkedExample(
                result.name,
                result.decision.list_fen,
                result.decision.self_pay_fen,
                tuple(
                    (getattr(rules.funders[funder], language), fen)
                    for funder, fen in result.decision.funder_fen().items()
                ),
                result.passed,
            )
            for result in run_examples(rules)
        ),
    )


def _line(row: RuleSetVersion, today: date) -> RuleSetLine:
    in_force = row.effective_from <= today and (row.effective_until is None or today < row.effective_until)
    return RuleSetLine(
        row.id or 0,
        row.code,
        row.version,
        row.title,
        row.is_example,
        row.effective_from,
        row.effective_until,
        in_force,
        row.published_at,
    )


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Keys that stand in the books → their titles in the published documents."""

    rules: dict[str, str]
    categories: dict[str, str]


def rule_words(session: Session, *, language: Literal["zh", "en"]) -> RuleWords:
    """Of every published version; where versions differ the latest to take effect names it."""
    words = RuleWords({}, {})
    ids = session.execute(select(col(RuleSetVersion.id)).order_by(col(RuleSetVersion.effective_from))).scalars()
    for rule_set_id in ids:
        rules = by_id(session, int(rule_set_id or 0)).rule_set
        for node in rules.nodes:
            mark = _EXAMPLE[language] if node.text.example else ""
            words.rules[node.key] = getattr(node.text.title, language) + mark
        for category in (*CATEGORIES, *rules.document.categories):
            words.categories[category] = getattr(rules.category_title(category), language)
    return words


def category_word(words: RuleWords, category: str, language: Literal["zh", "en"]) -> str:
    """The title of a category or an age band (`80-89`, `90+`)."""
    named = words.categories.get(category)
    if named is not None or not category[:1].isdigit():
        return named or category
    if category.endswith("+"):
        return f"{category[:-1]} 岁及以上" if language == "zh" else f"aged {category[:-1]} and over"
    return f"{category} 岁" if language == "zh" else f"aged {category}"
