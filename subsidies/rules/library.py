"""The rule documents that ship with the project: two for this district, and other cities' published rules as examples."""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from subsidies.errors import UnknownRuleSet
from subsidies.rules.document import load
from subsidies.rules.rule_set import RuleSet


def shipped_text(code: str) -> str:
    """The TOML text of a shipped rule set. Raises: UnknownRuleSet."""
    for name, file in _files():
        if name == code:
            return file.read_text(encoding="utf-8")
    raise UnknownRuleSet(rule_set=code)


def shipped(code: str) -> RuleSet:
    """A shipped rule set, read afresh: compile once and keep it. Raises: UnknownRuleSet."""
    return load(shipped_text(code))


def shipped_codes() -> tuple[str, ...]:
    """This district's sets first, then the library, each in alphabetical order."""
    return tuple(name for name, _ in _files())


def _files() -> Iterator[tuple[str, Traversable]]:
    root = resources.files("subsidies") / "rule_documents"
    for folder in (root, root / "library"):
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".toml"):
                yield file.name.removesuffix(".toml"), file
