"""Importing a module opens nothing and reads no environment; what a program needs is handed to create_app."""

import json
import subprocess
import sys
from pathlib import Path

from tests.architecture.repository import ROOT, module_name, sources

WATCH = ROOT / "tests" / "architecture" / "import_watch.py"


def deeds(folder: Path, modules: list[str]) -> list[dict[str, str]]:
    """What importing `modules` did besides importing, in a process that starts in `folder`."""
    program = (
        f"import sys, runpy; sys.path.insert(0, {str(folder)!r}); runpy.run_path({str(WATCH)!r}, run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *modules], cwd=folder, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_importing_any_module_does_nothing_else() -> None:
    """Not one file, socket, database or variable, in any module but Alembic's own scripts."""
    modules = [module_name(path) for path in sources() if "migrations" not in path.parts]

    assert deeds(ROOT, modules) == []


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    """Or the test above could not fail."""
    package = tmp_path / "menus"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import os, pathlib, socket, sqlite3\n"
        "os.environ.get('HOME')\n"
        "'HOME' in os.environ\n"
        "os.getenv('HOME')\n"
        "socket.socket().close()\n"
        "sqlite3.connect(':memory:').close()\n"
        "pathlib.Path('/etc/hosts').read_text()\n"
    )

    found = deeds(tmp_path, ["menus"])

    assert sorted({deed["at"] for deed in found}) == [f"menus/__init__.py:{line}" for line in range(2, 8)]
