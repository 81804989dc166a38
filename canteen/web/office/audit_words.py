"""The audit log in words: what was touched, and the keys and figures stored with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from canteen.audit.log import Detail
from canteen.readmodels.audit_page import AuditLine
from canteen.web.language import Translate
from subsidies.money import format_yuan_full

_WORDS: Mapping[str, tuple[str, ...]] = {
    "how": ("office.how.",),
    "method": ("office.tender.",),
    "reason": ("office.reason.",),
    "category": ("office.category.",),
    "meal": ("office.meal.",),
    "status": ("office.status.",),
    "role": ("role.",),
    "consents": ("office.consent.",),
    "kind": ("office.consent.", "office.card-kind.", "device.", "tables.kind."),
    "field": ("office.file.",),
    "fields": ("office.field.",),
}
"""Detail → where the words of its values lie."""
_KEYS = frozenset({"grant", "fetcher", "sha256", "device", "import"})
"""Long keys: their end is enough to tell them apart; the whole one is in the database."""
_TAIL = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action was about: its word, the end of its key, and the page of it (or its lines in the log)."""

    word: str
    tail: str
    href: str


def details_in_words(line: AuditLine, t: Translate, places: Mapping[str, str]) -> str:
    """`原价 15.00 元 · 用餐人自付 6.00 元`; what has no word yet shows itself."""
    said = []
    for key, value in line.details.items():
        if value in (None, "", []):
            continue
        label = t(f"office.detail.{key}")
        label = key if label == f"office.detail.{key}" else label
        said.append(f"{label} {_value(key, value, t, places)}".strip())
    return " · ".join(said)


def subject_in_words(line: AuditLine, t: Translate, *, reads_books: bool) -> Subject:
    """Orders, files and rule sets lead to their page where the reader may see it, all else to its own lines."""
    kind, _, key = line.subject.partition(":")
    pages = {"order": "/office/orders/", "resident": "/office/residents/", "rule-set": "/office/rules/"}
    word = t(f"office.subject.{kind}")
    href = f"{pages[kind]}{key}" if kind in pages and reads_books else f"/office/audit?subject={line.subject}"
    return Subject(kind if word.startswith("office.") else word, end_of(key), href)


@dataclass(frozen=True, slots=True)
class AuditWords:
    """What pages that show lines of the log call. `places` are names by key."""

    t: Translate
    places: Mapping[str, str]
    reads_books: bool

    def details(self, line: AuditLine) -> str:
        """Keys and figures in words."""
        return details_in_words(line, self.t, self.places)

    def subject(self, line: AuditLine) -> Subject:
        """What it was about and where that is."""
        return subject_in_words(line, self.t, reads_books=self.reads_books)


def end_of(key: str) -> str:
    """The last six characters of a long key."""
    return key if len(key) <= _TAIL else f"…{key[-_TAIL:]}"


def _value(key: str, value: Detail, t: Translate, places: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return t("office.comma").join(_value(key, one, t, places) for one in value)
    if isinstance(value, bool):
        return t("office.yes") if value else t("office.no")
    if isinstance(value, int):
        return f"{format_yuan_full(value)} {t('office.yuan')}" if key == "fen" or key.endswith("_fen") else str(value)
    text = str(value)
    if key in _KEYS:
        return end_of(text)
    for start in _WORDS.get(key, ()):
        if t(start + text) != start + text:
            return t(start + text)
    return places.get(text, text)
