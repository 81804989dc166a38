"""Sees to Chromium, Chinese fonts and PostgreSQL before the tests: `python -m tests.support.machine`.

Where one is missing, apt installs it (as root, on Debian and Ubuntu); otherwise one loud line says what is skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.support import chromium, postgres
from tests.support.missing import in_ci


@dataclass(frozen=True)
class Need:
    """`packages` are Debian's names; `skipped` says in words what the run proves less of without it."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    skipped: str
    how: str


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return sys.platform == "darwin"
    return bool(subprocess.run([lister, ":lang=zh"], check=False, capture_output=True).stdout.strip())


NEEDS = (
    Need(
        "Chromium", lambda: chromium.executable() is not None, ("chromium",), "browser tests", chromium.HOW_TO_GET_IT
    ),
    Need(
        "a Chinese font", _has_chinese_font, ("fontconfig", "fonts-noto-cjk"), "nothing, but pictures show boxes",
        "apt-get install fontconfig fonts-noto-cjk",
    ),
    Need(
        "PostgreSQL", lambda: postgres.programs() is not None, ("postgresql",), "concurrency on PostgreSQL",
        postgres.HOW_TO_GET_IT,
    ),
)  # fmt: skip


def _apt_install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        sys.stdout.write(f"+ {' '.join(command)}\n")
        sys.stdout.flush()
        if subprocess.run(command, check=False, env=environment).returncode != 0:
            return


def main() -> int:
    """Exit code 1 only where CI=true and something stays missing."""
    lacking = [need for need in NEEDS if not need.is_there()]
    if lacking and shutil.which("apt-get") and os.geteuid() == 0:
        _apt_install([package for need in lacking for package in need.packages])
        lacking = [need for need in lacking if not need.is_there()]
    for need in lacking:
        sys.stdout.write(f"!! {need.name.upper()} IS MISSING, SKIPPED: {need.skipped}. To have it: {need.how}\n")
    return 1 if lacking and in_ci() else 0


if __name__ == "__main__":
    raise SystemExit(main())
