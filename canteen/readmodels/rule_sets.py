"""Which rule sets are published, and what does one say? In words, as it was written, and its worked examples run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.sites import places
from canteen.sites.models import Subdistrict
from subsidies.condition_words import Speaker
from subsidies.differences import Differences, differences
from subsidies.eligibility import CATEGORIES
from subsidies.errors import UnknownRuleSet
from subsidies.in_words import SetInWords, in_words
from subsidies.models import RuleSetVersion
from subsidies.published import by_id
from subsidies.rule_models import RuleDraft
from subsidies.rules.examples import run_examples
from subsidies.rules.rule_set import RuleSet
from subsidies.validity import dates_in_force

_EXAMPLE = {"zh": "（示例）", "en": " (example)"}
"""Wherever a rule shows whose amounts were never published."""


@dataclass(frozen=True, slots=True)
class RuleSetLine:
    """One published version. `effective_*`: when it really decides; `effective_until` is the first day it no longer does.

    `in_force`: those dates hold today; whether an example decides is another question.
    """

    id: int
    code: str
    version: int
    title: str
    is_example: bool
    effective_from: date
    effective_until: date | None
    in_force: bool
    published_at: datetime
    is_to_come: bool = False
    is_late: bool = False
    """Its own first day had gone by when it was published."""


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """One example of the document and how it comes out; fen. `differences`: (what, expected, found)."""

    name: str
    list_fen: int
    self_pay_fen: int
    shares: tuple[tuple[str, int], ...]
    passed: bool
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSetPage:
    """One version as published, in words and as it was written. `others`: published versions it may be compared with."""

    line: RuleSetLine
    title: str
    document_no: str
    source: str
    sha256: str
    text: str
    words: SetInWords
    examples: tuple[WorkedExample, ...]
    drafted_by: str
    others: tuple[RuleSetLine, ...]


def rule_sets(session: Session, *, today: date) -> tuple[RuleSetLine, ...]:
    """Every version, those in force first, then the latest."""
    dates = dates_in_force(session)
    rows = session.execute(select(RuleSetVersion).order_by(col(RuleSetVersion.effective_from).desc())).scalars()
    lines = [_line(row, today, dates) for row in rows]
    return tuple(sorted(lines, key=lambda line: (not line.in_force, not line.is_to_come, line.is_example)))


def rule_set_page(session: Session, rule_set_id: int, *, today: date, language: Literal["zh", "en"]) -> RuleSetPage:
    """One version.

    Raises:
        subsidies.errors.UnknownRuleSet: no such version.
    """
    row = session.get(RuleSetVersion, rule_set_id)
    if row is None:
        raise UnknownRuleSet(rule_set=rule_set_id)
    rules = by_id(session, rule_set_id).rule_set
    draft = session.execute(
        select(col(RuleDraft.author_name)).where(col(RuleDraft.rule_set_id) == rule_set_id)
    ).scalar_one_or_none()
    every = rule_sets(session, today=today)
    return RuleSetPage(
        next(line for line in every if line.id == rule_set_id),
        getattr(rules.title, language),
        rules.document_no,
        rules.source,
        row.sha256,
        row.text,
        in_words(rules, speaker(session, language)),
        worked_examples(rules, language),
        draft or "",
        tuple(sorted((line for line in every if line.id != rule_set_id), key=lambda line: line.code != row.code)),
    )


def rule_set_differences(session: Session, before: int, after: int, *, language: Literal["zh", "en"]) -> Differences:
    """What the one published version says otherwise than the other, in words.

    Raises:
        subsidies.errors.UnknownRuleSet: one of them is not there.
    """
    for rule_set_id in (before, after):
        if session.get(RuleSetVersion, rule_set_id) is None:
            raise UnknownRuleSet(rule_set=rule_set_id)
    say = speaker(session, language)
    return differences(*(in_words(by_id(session, one).rule_set, say) for one in (before, after)))


def speaker(session: Session, language: Literal["zh", "en"]) -> Speaker:
    """Who says a rule set in words, with the names of the canteens, subdistricts and communities there are."""
    areas = dict(session.execute(select(col(Subdistrict.area), col(Subdistrict.name))).all())
    areas.update((one.area, one.name) for one in places.communities(session))
    canteens = {
        one.id: one.name_en if language == "en" and one.name_en else one.name for one in places.all_canteens(session)
    }
    return Speaker(language, canteens, areas)


def worked_examples(rules: RuleSet, language: Literal["zh", "en"]) -> tuple[WorkedExample, ...]:
    """Every example of the document, run now."""
    return tuple(
        WorkedExample(
            result.name,
            result.decision.list_fen,
            result.decision.self_pay_fen,
            tuple(
                (getattr(rules.funders[funder], language), fen) for funder, fen in result.decision.funder_fen().items()
            ),
            result.passed,
            tuple(
                (what, _named(expected, rules, language), _named(actual, rules, language))
                for what, expected, actual in result.differences
            ),
        )
        for result in run_examples(rules)
    )


def _named(figures: str, rules: RuleSet, language: Literal["zh", "en"]) -> str:
    """`district 4.50, operator 1.35` with the funders by their names."""
    parts = (part.partition(" ") for part in figures.split(", "))
    return ", ".join(
        f"{getattr(rules.funders[key], language)} {fen}" if key in rules.funders else f"{key}{space}{fen}"
        for key, space, fen in parts
    )


def _line(row: RuleSetVersion, today: date, dates: Mapping[int, tuple[date, date | None]]) -> RuleSetLine:
    since, until = dates.get(row.id or 0, (row.effective_from, row.effective_until))
    is_over = until is not None and until <= max(today, since)
    return RuleSetLine(
        row.id or 0,
        row.code,
        row.version,
        row.title,
        row.is_example,
        since,
        until,
        since <= today and not is_over,
        row.published_at,
        is_to_come=since > today and not is_over,
        is_late=since > row.effective_from,
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
