"""Where in the text of a rule document a fault lies: the line of `rules[2].benefit.cap` or `rules.age-80.minimum_spend`."""

import re

_PART = re.compile(r"([A-Za-z0-9_-]+)|\[(?:(\d+)|\.\.\.)\]")
_SYNTAX = re.compile(r"at line (\d+)")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?$")


def line_of(text: str, place: str, problem: str = "") -> int | None:
    """The line, from 1, of a place as lint and the reader name it; None when the text does not hold it.

    A place in a table that is not there points at the table's header. `problem` is the reader's message: a text that is no
    TOML names its line itself.
    """
    if said := _SYNTAX.search(problem):
        return int(said[1])
    parts = [int(number) if number else name for name, number in _PART.findall(place)]
    if place == "document":
        parts = []
    if unknown := _UNKNOWN.search(problem):
        parts.append(unknown[1])
    if not parts:
        return None
    lines = text.splitlines()
    table = str(parts.pop(0))
    starts = [at for at, line in enumerate(lines) if (found := _HEADER.match(line)) and found[1] == table]
    start, inner = _table(lines, starts, parts)
    if start is None:
        return _key_line(lines, 0, _first_header(lines, 0), table, parts)
    end = _first_header(lines, start + 1)
    return (_key_line(lines, start + 1, end, str(inner[0]), inner[1:]) if inner else None) or start + 1


def _table(lines: list[str], starts: list[int], parts: list[str | int]) -> tuple[int | None, list[str | int]]:
    """Which of the tables is meant, by its number or by its key or name."""
    if not starts:
        return None, parts
    which = parts[0] if parts else 0
    if isinstance(which, int):
        return (starts[which] if which < len(starts) else starts[-1]), parts[1:]
    named = re.compile(rf"\s*(?:key|name)\s*=\s*[\"']{re.escape(which)}[\"']")
    for start in starts:
        if any(named.match(line) for line in lines[start : _first_header(lines, start + 1)]):
            return start, parts[1:]
    return starts[0], parts


def _first_header(lines: list[str], start: int) -> int:
    return next((at for at in range(start, len(lines)) if _HEADER.match(lines[at])), len(lines))


def _key_line(lines: list[str], start: int, end: int, key: str, deeper: list[str | int]) -> int | None:
    """The line of `key = …`, or of the innermost key below it that stands on a line of its own."""
    for at in range(start, end):
        if re.match(rf"\s*{re.escape(key)}\s*[=.]", lines[at]):
            names = [name for name in deeper if isinstance(name, str)]
            below = next(
                (row for row in range(at, end) if names and re.search(rf"\b{re.escape(names[-1])}\s*=", lines[row])), at
            )
            return below + 1
    return None
