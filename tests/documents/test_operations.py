"""docs/operations.md names every setting and every command."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from tests.architecture.repository import ROOT, sources
from tests.documents.markdown import text

OPERATIONS = Path("docs/operations.md")
SETTING = re.compile(r"CANTEEN_[A-Z][A-Z_]*[A-Z]")


def test_every_setting_is_in_the_table() -> None:
    """Read from the sources, so that none can be added in silence; and none is listed that nothing reads."""
    read = {
        name
        for path in sources()
        if path.parts[0] == "canteen"
        for name in SETTING.findall((ROOT / path).read_text(encoding="utf-8"))
    }
    listed = set(SETTING.findall(text(OPERATIONS)))

    assert read == listed


def test_every_command_is_described() -> None:
    """`canteen staff add` stands there in these words."""
    from canteen.cli import main  # noqa: PLC0415 - only this test needs the command line

    described = text(OPERATIONS)

    assert [command for command in _commands(main, "canteen") if command not in described] == []


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for child, part in sorted(command.commands.items()):
        yield from _commands(part, f"{name} {child}")
