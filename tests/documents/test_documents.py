"""Links lead somewhere, commands exist, and what a stranger must know stands in the README in both languages."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, files
from tests.documents.markdown import documents, local_links, make_targets

REQUIRED = ("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs/operations.md")
MACHINE_PATHS = re.compile(r"/(?:root|work|tmp/team|home/[a-z]+)/")


@pytest.mark.parametrize("name", REQUIRED)
def test_required_document_exists(name: str) -> None:
    """The companions a reader looks for first."""
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_local_link_leads_to_a_file(path: Path) -> None:
    """Pictures included."""
    dead = [target for target in local_links(path) if not (ROOT / path.parent / target).exists()]

    assert not dead


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_make_target_in_a_document_exists(path: Path) -> None:
    """What the reader types works."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert make_targets(path) <= targets


def test_both_readmes_name_the_same_commands_and_pictures() -> None:
    """The Chinese twin is not a shorter cousin."""
    english, chinese = Path("README.md"), Path("README.zh-CN.md")

    assert make_targets(english) == make_targets(chinese)
    assert set(_pictures(english)) == set(_pictures(chinese))


def _pictures(path: Path) -> list[str]:
    return [target for target in local_links(path) if target.endswith((".png", ".svg", ".jpg", ".webp"))]


def test_no_committed_text_names_a_path_of_one_machine() -> None:
    """What works here must work anywhere."""
    suffixes = {".md", ".py", ".toml", ".txt", ".json", ".js", ".css", ".j2", ".html", ""}
    guilty = [
        path
        for path in files()
        if path.suffix in suffixes
        and path != Path(__file__).relative_to(ROOT)
        and MACHINE_PATHS.search((ROOT / path).read_text(encoding="utf-8", errors="replace"))
    ]

    assert not guilty
