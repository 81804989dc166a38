"""docs/operations.md names every setting and every command."""

import re
from pathlib import Path

import click
import pytest

from canteen.cli import main
from canteen.settings import ROOT

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
_SETTING = re.compile(r"CANTEEN_[A-Z_]+[A-Z]")


def _commands(group: click.Group, path: str = "canteen") -> list[str]:
    context = click.Context(group)
    found: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found += _commands(command, f"{path} {name}") if isinstance(command, click.Group) else [f"{path} {name}"]
    return found


def test_every_setting_the_code_reads_is_documented_and_no_other() -> None:
    sources = [*Path(ROOT / "canteen").rglob("*.py")]
    read = {name for source in sources for name in _SETTING.findall(source.read_text(encoding="utf-8"))}

    assert read == set(_SETTING.findall(TEXT))


@pytest.mark.parametrize("command", _commands(main))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in TEXT
