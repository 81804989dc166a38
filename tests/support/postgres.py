"""A private PostgreSQL for the tests: own folder, port and password, durable as in production, stopped by its pid."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.missing import missing

OWNER = "nuancan_owner"
"""Migrates; may do everything."""
APPLICATION = "nuancan_app"
"""What the web processes sign in as; owns nothing, so grants bind it."""
HOW_TO_GET_IT = "apt-get install postgresql (macOS: brew install postgresql)"

_START_SECONDS = 30.0
_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class PostgresDidNotStart(RuntimeError):
    """The server ended or stayed silent; the message is its log."""


def programs() -> Path | None:
    """The folder with initdb and postgres: newest of Debian, PATH, then Homebrew; None when there is none."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    homebrew = [
        folder
        for root in ("/opt/homebrew/opt", "/usr/local/opt")
        for folder in sorted(Path(root).glob("postgresql*/bin"), reverse=True)
    ]
    for folder in [*debian, *on_path, *homebrew]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `port` is on 127.0.0.1 only and the password is this run's own."""

    port: int
    password: str
    pid: int

    def url(self, database: str, role: str = OWNER) -> str:
        """For SQLAlchemy with psycopg 3."""
        return f"postgresql+psycopg://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def fresh_database(self) -> str:
        """The name of a new empty database."""
        name = f"t_{secrets.token_hex(8)}"
        with self._administer() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Ends the connections that are still open to it."""
        with self._administer() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def _administer(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, password=self.password, dbname="postgres", autocommit=True
        ) as connection:
            yield connection


def _account() -> tuple[int, int] | None:
    """The user and group to run as: initdb refuses root, so root becomes `postgres`; anyone else stays who they are."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answering(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with server._administer() as connection:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(APPLICATION), sql.Literal(server.password)
                    )
                )
        except psycopg.OperationalError as refused:
            if process.poll() is not None or time.monotonic() > deadline:
                raise PostgresDidNotStart(log.read_text(errors="replace")) from refused
            time.sleep(0.05)
        else:
            return


@contextmanager
def running_postgres(bin_folder: Path) -> Iterator[PostgresServer]:
    """Start, hand over, stop and remove.

    Raises: PostgresDidNotStart with the server's log.
    """
    folder = Path(tempfile.mkdtemp(prefix="nuancan-pg-"))
    account = _account()
    user, group = account or (None, None)
    # A supplementary group of root's would make initdb refuse as well.
    extra_groups: list[int] | None = [] if account else None
    password = secrets.token_urlsafe(24)
    data, log, password_file = folder / "data", folder / "log", folder / "password"
    try:
        password_file.write_text(password)
        log.touch()
        if account:
            for path in (folder, password_file, log):
                os.chown(path, *account)
        subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", OWNER, "--encoding=UTF8", "--locale=C", "--no-sync",
             "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password_file}"],
            check=True, cwd=folder, user=user, group=group, extra_groups=extra_groups, stdout=subprocess.PIPE,
        )  # fmt: skip
        port = _free_port()
        settings = {
            **_SETTINGS,
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(folder),
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as log_stream:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, *arguments],
                cwd=folder, user=user, group=group, extra_groups=extra_groups, stdout=log_stream, stderr=log_stream,
            )  # fmt: skip
        server = PostgresServer(port=port, password=password, pid=process.pid)
        try:
            _wait_until_answering(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: ends open sessions, keeps what was committed
            process.wait(timeout=_START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole run."""
    bin_folder = programs()
    if bin_folder is None:
        missing("PostgreSQL", HOW_TO_GET_IT)
    with running_postgres(bin_folder) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database of this test's own, empty, as its owner."""
    name = postgres_server.fresh_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The test runs twice: on an empty SQLite file, then on an empty PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'canteen.db'}"
    return str(request.getfixturevalue("postgres_url"))
