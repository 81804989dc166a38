"""What is missing is said loudly, and is a failure in CI."""

import os
import shutil

import pytest

from tests.support import machine

MISSING = machine.Need("Chromium", lambda: False, ("chromium",), "browser tests", "apt-get install chromium")


@pytest.fixture(autouse=True)
def without_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where nothing can be installed."""
    monkeypatch.setattr(shutil, "which", lambda name: None)


def test_missing_program_is_one_loud_line_for_a_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is skipped, and how to have it."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(machine, "NEEDS", (MISSING,))

    exit_code = machine.main()

    assert exit_code == 0
    assert capsys.readouterr().out == (
        "!! CHROMIUM IS MISSING, SKIPPED: browser tests. To have it: apt-get install chromium\n"
    )


def test_missing_program_fails_the_set_up_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any stage runs."""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(machine, "NEEDS", (MISSING,))

    assert machine.main() == 1


def test_apt_is_asked_for_all_that_is_missing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root on Debian; what then is there is missing no longer."""
    asked: list[list[str]] = []
    there = machine.Need("PostgreSQL", lambda: bool(asked), ("postgresql",), "", "")
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(machine, "_apt_install", asked.append)
    monkeypatch.setattr(machine, "NEEDS", (there,))

    exit_code = machine.main()

    assert exit_code == 0
    assert asked == [["postgresql"]]
