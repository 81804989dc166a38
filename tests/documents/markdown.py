"""The Markdown files of the repository, and what can be checked in them."""

import re
from functools import cache
from pathlib import Path

from tests.architecture.repository import ROOT, files

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MAKE = re.compile(r"(?:^|[`;&]|\bsudo )\s*(?:[A-Z]+=\S+ )*make((?: [a-z][a-z-]*)+)", re.MULTILINE)


def documents() -> tuple[Path, ...]:
    """Relative to the root."""
    return tuple(path for path in files() if path.suffix == ".md")


@cache
def text(path: Path) -> str:
    """The whole file."""
    return (ROOT / path).read_text(encoding="utf-8")


def local_links(path: Path) -> list[str]:
    """Targets of links and pictures that lead into the repository, without their #fragment."""
    outside_code = _CODE.sub("", text(path))
    targets = [first or second for first, second in _LINK.findall(outside_code)]
    return [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


def code(path: Path) -> list[str]:
    """Code spans and fenced blocks, fences included."""
    return _CODE.findall(text(path))


def make_targets(path: Path) -> set[str]:
    """What the document tells the reader to make."""
    return {word for snippet in code(path) for found in _MAKE.findall(snippet) for word in found.split()}
