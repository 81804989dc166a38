"""What the tests stand on holds by itself."""

import socket
from pathlib import Path

import psycopg
import pytest

from tests import stages
from tests.support.loopback import NetworkRefused, is_local
from tests.support.missing import missing
from tests.support.postgres import APPLICATION, PostgresServer


@pytest.mark.parametrize(
    "host, local",
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        (None, True),
        ("192.0.2.1", False),
        ("example.org", False),
    ],
)
def test_only_this_machine_is_local(host: str | None, local: bool) -> None:
    """Names other than localhost would need a resolver, which is the network already."""
    assert is_local(host) is local


def test_leaving_the_machine_is_refused() -> None:
    """By address, before a packet is sent."""
    with socket.socket() as sock, pytest.raises(NetworkRefused):
        sock.connect(("192.0.2.1", 80))


def test_resolving_a_foreign_name_is_refused() -> None:
    """The resolver is the network too."""
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.org", 80)


def test_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """A green CI never means less than it says."""
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="Chromium is missing: apt-get install chromium"):
        missing("Chromium", "apt-get install chromium")


def test_missing_program_is_skipped_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way to get it."""
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="Chromium is missing: apt-get install chromium"):
        missing("Chromium", "apt-get install chromium")


@pytest.mark.postgres
def test_postgres_is_as_durable_as_in_production(postgres_server: PostgresServer, postgres_url: str) -> None:
    """Faults found with fsync off would prove nothing."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        settings = connection.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()

    assert settings == ("on", "on")


@pytest.mark.postgres
def test_application_role_owns_nothing(postgres_server: PostgresServer, postgres_url: str) -> None:
    """So that grants bind it."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s", (APPLICATION,)
        ).fetchone()

    assert row == (False, False, False)


def test_stage_without_tests_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder may be empty while it is being written."""
    monkeypatch.chdir(tmp_path)

    outcome = stages.run(stages.Stage("empty", ("nothing",)), everything=False)

    assert outcome.exit_code == 0


def test_stages_add_up_to_one_failing_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One failing test among passing stages fails the whole, and the last line counts all."""
    for name, body in {"good": "assert True", "bad": "assert False"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / f"test_{name}.py").write_text(f"def test_{name}():\n    {body}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stages, "STAGES", (stages.Stage("bad", ("bad",)), stages.Stage("good", ("good",))))

    exit_code = stages.main([])

    assert exit_code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"
