"""Changes a form makes to a rule document: the text keeps its comments, its order, and everything the form does not show."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Date, InlineTable

from subsidies.errors import RuleDocumentError

Value = str | int | bool | date | None
"""None takes a key out."""
Fields = Mapping[str, object]
"""Key → a `Value`, `Unless`, a list (a tuple where its order says nothing), an `Inline`, or again such fields.

Of those inside only the keys they name change."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A table that is written anew as a whole; without any key it goes."""

    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unless:
    """A value that is not written where the key is left out and `default` is what that means."""

    value: Value
    default: Value


_DATE_AND_BLANK = re.compile(r"\d{4}-\d{2}-\d{2}[ \t]+[,}]", re.ASCII)
List = Literal["rules", "counters", "groups", "grants", "examples"]


def renumbered(text: str, version: int) -> str:
    """The same document under another version number."""
    return edited(text, {"version": version})


def edited(text: str, fields: Fields) -> str:
    """Keys at the head of the document."""
    document = _parsed(text)
    _apply(document, fields)
    return tomlkit.dumps(document)


def beginning(text: str, first: date) -> str:
    """The same document in force from `first`; examples dated earlier move by whole weeks to lie within it.

    A date of birth moves with the day, so that the age stays; where a leap day comes between, the example will say so.
    """
    document = _parsed(text)
    _apply(document, {"effective_from": first})
    for entry in document.get("examples", ()):
        on = entry.get("date")
        if isinstance(on, date) and on < first:
            by = timedelta(weeks=-(-(first - on).days // 7))
            entry["date"] = on + by
            if isinstance(entry.get("born"), date):
                entry["born"] = entry["born"] + by
    return tomlkit.dumps(document)


def edited_entry(text: str, kind: List, index: int, fields: Fields) -> str:
    """One entry of a list; `index` one past the last adds another.

    Raises:
        IndexError: there is no such entry.
    """
    document = _parsed(text)
    entries = document.get(kind)
    count = 0 if entries is None else len(entries)
    if not 0 <= index <= count:
        raise IndexError(index)
    if entries is None or index == count:
        entry: MutableMapping[str, object] = tomlkit.table()
        _apply(entry, fields)
        if entries is None:
            entries = tomlkit.aot()
            document.append(kind, entries)
        entries.append(entry)
    else:
        _apply(entries[index], fields)
    return tomlkit.dumps(document)


def edited_entries(text: str, kind: List, changes: Mapping[int, Fields]) -> str:
    """Several that are there, by their numbers."""
    document = _parsed(text)
    for index, fields in changes.items():
        _apply(document[kind][index], fields)
    return tomlkit.dumps(document)


def without_entry(text: str, kind: List, index: int) -> str:
    """The document without that entry; a list without any goes too."""
    document = _parsed(text)
    entries = document[kind]
    del entries[index]
    if not len(entries):
        del document[kind]
    return tomlkit.dumps(document)


def moved_entry(text: str, kind: List, index: int, by: int) -> str:
    """The document with that entry further up (`by` < 0) or down; at an end it stays."""
    document = _parsed(text)
    entries = document[kind]
    to = index + by
    if 0 <= to < len(entries):
        entry = entries[index]
        del entries[index]
        entries.insert(to, entry)
    return tomlkit.dumps(document)


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise RuleDocumentError("document", str(error)) from error
    if _DATE_AND_BLANK.search(text):
        _keep_blanks(document)
    return document


def _keep_blanks(held: object) -> None:
    """The library reads the blank of `{ to = 2027-02-20 }` as one before a comment, and would lose it."""
    if isinstance(held, Mapping):
        for value in held.values():
            if isinstance(held, InlineTable) and isinstance(value, Date) and not value.trivia.comment:
                value.trivia.trail = value.trivia.comment_ws
            _keep_blanks(value)
    elif isinstance(held, list):
        for value in held:
            _keep_blanks(value)


def _apply(table: MutableMapping[str, object], fields: Fields) -> None:
    for key, value in fields.items():
        if isinstance(value, Inline):
            kept = {name: one for name, one in value.fields.items() if one is not None}
            _set(table, key, _inline(kept) if kept else None)
        elif isinstance(value, Unless):
            if key in table or value.value != value.default:
                _set(table, key, value.value)
        elif isinstance(value, Mapping):
            inner = table.get(key)
            if not isinstance(inner, MutableMapping):
                inner = tomlkit.inline_table()
                _apply(inner, value)
                _set(table, key, inner if inner else None)
            else:
                _apply(inner, value)
                if not inner:
                    del table[key]
        elif isinstance(value, list | tuple):
            _set(table, key, _listed(table.get(key), value) or None)
        else:
            _set(table, key, value)


def _set(table: MutableMapping[str, object], key: str, value: object) -> None:
    """What is the same already is not touched, so that its comment and spelling stay."""
    if value is None:
        table.pop(key, None)
    elif key not in table or table[key] != value:
        table[key] = value


def _listed(held: object, value: Sequence[str | int]) -> list[str | int]:
    """A list as it is; of a tuple, whose order says nothing, what stays keeps its place: the first category held counts."""
    if isinstance(value, tuple) and isinstance(held, Sequence):
        return [*(one for one in held if one in value), *(one for one in value if one not in held)]
    return list(value)


def _inline(fields: Mapping[str, Value]) -> object:
    table = tomlkit.inline_table()
    for key, value in fields.items():
        table[key] = value
    return table
