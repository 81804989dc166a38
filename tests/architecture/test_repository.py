"""The top level is fixed, names name things, files stay small, lock files hold no addresses."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGES, ROOT, files, module_name, sources

TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitignore",
    ".npmrc",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "canteen",
    "docs",
    "menus",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements-node.txt",
    "requirements.txt",
    "static",
    "subsidies",
    "tests",
}
MODULES_OF_CANTEEN = {"__init__", "app", "cli", "clock", "events", "schema", "settings"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "manager", "managers", "misc"}
MOST_LINES = 300
FIRST_REVISION = Path("canteen/db/migrations/versions/0001_initial.py")
NOT_YET_SPLIT = {
    Path("tests/canteen/usecases/test_counter_money.py"),
    Path("tests/canteen/usecases/test_late_facts.py"),
    Path("tests/canteen/usecases/test_merge.py"),
    Path("tests/canteen/usecases/test_resident_changes.py"),
    Path("tests/journeys/test_applications.py"),
    Path("tests/journeys/test_counter.py"),
    Path("tests/journeys/test_menus.py"),
    Path("tests/journeys/test_office_books.py"),
    Path("tests/journeys/test_people.py"),
    Path("tests/journeys/test_phone.py"),
    Path("tests/journeys/test_staff.py"),
}
"""Long before the limit counted for tests; one that is split leaves this list, none joins it."""
LOCK_FILES = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json")


def test_top_level_is_the_fixed_set() -> None:
    """Nobody opens a new drawer at the root."""
    found = {path.parts[0] for path in files()}

    assert found <= TOP_LEVEL


def test_canteen_has_only_its_named_modules_at_the_top() -> None:
    """Everything else belongs to a slice, a use case, a read model or an audience."""
    found = {path.stem for path in sources() if path.parent == Path("canteen")}

    assert found <= MODULES_OF_CANTEEN


def test_no_module_has_a_vague_name() -> None:
    """A name that fits anything attracts everything."""
    vague = [path for path in files() if path.suffix == ".py" and VAGUE_NAMES & set(path.with_suffix("").parts)]

    assert not vague


def test_no_source_file_grows_a_tail() -> None:
    """The one that does is split by verb, a test file by theme."""
    too_long = {
        path
        for path in files()
        if path.suffix == ".py"
        and path.parts[0] in {*PACKAGES, "tests"}
        and path != FIRST_REVISION  # as long as the tables it makes, and never to be edited again
        and len((ROOT / path).read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }

    assert too_long == NOT_YET_SPLIT


def test_every_source_module_says_what_lives_there() -> None:
    """A module docstring of one to three lines."""
    silent = [
        module_name(path)
        for path in sources()
        if "migrations" not in path.parts and not (ROOT / path).read_text(encoding="utf-8").startswith('"""')
    ]

    assert not silent


def test_every_source_folder_is_a_package() -> None:
    """Without `__init__.py` the import contracts would not see it."""
    folders = {path.parent for path in sources() if "migrations" not in path.parts}

    assert {folder for folder in folders if not (ROOT / folder / "__init__.py").exists()} == set()


@pytest.mark.parametrize("name", [name for name in LOCK_FILES if name.endswith(".txt")])
def test_requirement_lock_has_hashes_and_no_addresses(name: str) -> None:
    """Where packages come from is each machine's own matter; that they are the right ones is ours."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]

    assert pins
    assert all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"://|--index|--find-links|--trusted-host|@ file", text)


def test_browser_lock_has_hashes_and_no_addresses() -> None:
    """Each package has its integrity, none a place it was resolved at."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}

    assert installed
    assert all("integrity" in entry for entry in installed.values())
    assert all("resolved" not in entry for entry in installed.values())


def test_every_dependency_is_in_the_lock() -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "requirements.txt": [*project["dependencies"], *extras["build"]],
        "requirements-dev.txt": [*project["dependencies"], *extras["build"], *extras["dev"]],
    }
    missing = {
        (name, requirement)
        for name, requirements in wanted.items()
        for requirement in requirements
        if not re.search(
            "^" + re.escape(re.split(r"[^A-Za-z0-9-]", requirement)[0]) + r"[ =\[]",
            (ROOT / name).read_text(),
            re.MULTILINE,
        )
    }

    assert not missing


def test_no_package_ships_from_the_root_unseen() -> None:
    """The wheel holds exactly the three packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
