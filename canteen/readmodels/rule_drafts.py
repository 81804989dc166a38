"""Rule sets on their way: every draft, and one as its author or the second person reads it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.readmodels.rule_sets import WorkedExample, speaker, worked_examples
from canteen.sites import places
from subsidies.differences import Differences, differences
from subsidies.document_edits import beginning, edited
from subsidies.drafts import OPEN, RuleDraftUnknown
from subsidies.errors import RuleDocumentError, UnknownRuleSet
from subsidies.in_words import SetInWords, in_words
from subsidies.models import RuleSetVersion
from subsidies.published import by_id
from subsidies.rule_models import DraftState, RuleDraft
from subsidies.rules.document import load
from subsidies.rules.lint import lint
from subsidies.rules.places import line_of
from subsidies.rules.problems import fault_advice, fault_words
from subsidies.rules.rule_set import RuleSet
from subsidies.rules.words import ADVICE, FINDINGS, Language, sentence
from subsidies.validity import (
    LeftWithout,
    RuleSetCanteenUnknown,
    Standing,
    first_day,
    left_without,
    places_of,
    standing_beside,
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in the list. `state` is a `DraftState`."""

    id: str
    title: str
    code: str
    version: int
    state: str
    author_name: str
    saved_at: datetime
    is_own: bool
    rule_set_id: int | None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What lint found, in words. `level`: error, note or accepted; `line` of the text, where it can be told."""

    level: str
    says: str
    advice: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Examined:
    """A text as it stands: unreadable (`fault` says why, `advice` what to do, `line` where), or its findings and examples."""

    fault: str = ""
    advice: str = ""
    line: int | None = None
    findings: tuple[FindingLine, ...] = ()
    examples: tuple[WorkedExample, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Nothing stands against submitting it."""
        return not (self.fault or self.failed or any(one.level == "error" for one in self.findings))

    @property
    def failed(self) -> int:
        """How many examples come out otherwise than they say."""
        return sum(not one.passed for one in self.examples)


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One draft. `beside`: published sets that decide where and when it would, and so would end the day before `since`.

    `left`: canteens, by their names, where then nothing would decide.
    """

    line: DraftLine
    revision: int
    text: str
    reason: str
    decided_name: str
    rule_set: RuleSet
    words: SetInWords
    examined: Examined
    since: date
    is_late: bool
    beside: tuple[Standing, ...]
    before: Standing | None
    """The newest published version of the same code, which `changes` starts from."""
    changes: Differences | None
    unknown_canteen: str = ""
    left: tuple[tuple[str, LeftWithout], ...] = ()

    @property
    def runs_out(self) -> bool:
        """What it takes over from would go on after its own last day."""
        last = self.rule_set.effective_to
        return last is not None and any(
            one.until is None or one.until > last + timedelta(days=1) for one in self.beside
        )

    @property
    def may_change(self) -> bool:
        """Its author may still write in it."""
        return self.line.is_own and self.line.state in OPEN

    @property
    def may_decide(self) -> bool:
        """It waits, and the reader has not written it."""
        return not self.line.is_own and self.line.state == DraftState.SUBMITTED


def rule_drafts(session: Session, actor: str) -> tuple[DraftLine, ...]:
    """Those that still wait first, then the latest."""
    rows = session.execute(select(RuleDraft).order_by(col(RuleDraft.saved_at).desc())).scalars()
    over = {DraftState.PUBLISHED, DraftState.WITHDRAWN}
    return tuple(sorted((_line(row, actor) for row in rows), key=lambda line: line.state in over))


def rule_draft_page(
    session: Session, draft_id: str, actor: str, *, today: date, language: Literal["zh", "en"]
) -> DraftPage:
    """One draft.

    Raises:
        subsidies.drafts.RuleDraftUnknown: no such draft.
    """
    row = session.get(RuleDraft, draft_id)
    if row is None:
        raise RuleDraftUnknown
    say = speaker(session, language)
    rule_set = load(row.text)
    words = in_words(rule_set, say)
    before = _newest(session, rule_set.code)
    since = first_day(rule_set, today)
    areas = {canteen.id: canteen.area for canteen in places.all_canteens(session)}
    unknown = ""
    beside: tuple[Standing, ...] = ()
    left: tuple[LeftWithout, ...] = ()
    if row.state in {*OPEN, DraftState.SUBMITTED}:
        until = None if rule_set.effective_to is None else rule_set.effective_to + timedelta(days=1)
        try:
            where = places_of(rule_set, areas)
            beside = standing_beside(session, rule_set, where, since, until)
            left = left_without(session, rule_set, places=where, since=since, ending=beside, canteens=areas)
        except RuleSetCanteenUnknown as error:
            unknown = str(error.data["canteen"])
    return DraftPage(
        _line(row, actor),
        row.revision,
        row.text,
        row.reason,
        row.decided_name,
        rule_set,
        words,
        examined(row.text, language),
        since,
        since > rule_set.effective_from,
        beside,
        before,
        differences(in_words(by_id(session, before.id).rule_set, say), words) if before else None,
        unknown,
        tuple((say.canteen(one.canteen), one) for one in left),
    )


def examined(text: str, language: Language) -> Examined:
    """Read, lint and try a text without keeping it."""
    try:
        rule_set = load(text)
    except RuleDocumentError as error:
        return unreadable(error, text, language)
    return Examined("", "", None, found_by_lint(rule_set, text, language), worked_examples(rule_set, language))


def unreadable(error: RuleDocumentError, text: str, language: Language) -> Examined:
    """What is wrong with a text that was refused; without a text no line is told."""
    line = line_of(text, error.path, error.problem) if text else None
    return Examined(fault_words(error, language), fault_advice(error, language), line)


def found_by_lint(rule_set: RuleSet, text: str, language: Language) -> tuple[FindingLine, ...]:
    """What lint says of the set written in `text`, without the examples that fail: those are told beside themselves."""
    return tuple(
        FindingLine(
            found.level,
            sentence(
                FINDINGS,
                found.code,
                {**found.data, "at": _place(found.at, rule_set, language)},
                language,
            ),
            sentence(ADVICE, found.code, {}, language) if found.code in ADVICE and found.level == "error" else "",
            line_of(text, found.at),
        )
        for found in lint(rule_set)
        if found.code != "example-fails"
    )


def text_from_version(session: Session, rule_set_id: int, *, today: date) -> str:
    """A published text to go on from, in force from the next first of a month; an end that lies before goes.

    Raises:
        subsidies.errors.UnknownRuleSet: no such version.
    """
    row = session.get(RuleSetVersion, rule_set_id)
    if row is None:
        raise UnknownRuleSet(rule_set=rule_set_id)
    first = next_first(today)
    text = row.text
    last = load(text).effective_to
    if last is not None and last < first:
        text = edited(text, {"effective_to": None})
    return text if row.effective_from >= first else beginning(text, first)


def next_first(today: date) -> date:
    """The first day of the next month."""
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1)


def _place(at: str, rule_set: RuleSet, language: Language) -> str:
    """`rules.age-80.benefit` by the title of the rule; anything else as lint names it."""
    part, _, key = at.partition(".")
    for node in rule_set.nodes if part == "rules" else ():
        if key == node.key or key.startswith(f"{node.key}."):
            return f"「{node.text.title.zh}」" if language == "zh" else f"“{node.text.title.en}”"
    return key if part == "examples" else at


def _newest(session: Session, code: str) -> Standing | None:
    row = (
        session.execute(
            select(RuleSetVersion).where(col(RuleSetVersion.code) == code).order_by(col(RuleSetVersion.version).desc())
        )
        .scalars()
        .first()
    )
    if row is None:
        return None
    return Standing(row.id or 0, row.code, row.version, row.title, row.effective_from, row.effective_until)


def _line(row: RuleDraft, actor: str) -> DraftLine:
    return DraftLine(
        row.id,
        row.title,
        row.code,
        row.version,
        row.state,
        row.author_name,
        row.saved_at,
        row.author == actor,
        row.rule_set_id,
    )
