"""The real server in a process of its own, on a free port, with a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_SECONDS = 30.0
"""The promise after a crash as well: ready within half a minute."""
_STOP_SECONDS = 15.0
_HTTP_OK = 200


class ServerDidNotStart(RuntimeError):
    """The process ended or stayed silent; the message is what it printed."""


@dataclass(frozen=True)
class RunningServer:
    """`url` without a trailing slash; `log` is everything the process prints."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> int:
        """Ask politely (SIGTERM), insist after 15 s; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def kill(self) -> None:
        """As when the plug is pulled: SIGKILL."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_healthy(url: str) -> bool:
    """Whether GET /health answers 200 within a second."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=1.0) as answer:  # noqa: S310 - always our own http address
            return bool(answer.status == _HTTP_OK)
    except (urllib.error.URLError, OSError):
        return False


def start_server(
    data_dir: Path,
    *,
    command: tuple[str, ...] = ("serve",),
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
    ready_seconds: float = READY_SECONDS,
) -> RunningServer:
    """`canteen` with `command`, ready to answer. `environment` is laid over this process's own less CANTEEN_*.

    Raises: ServerDidNotStart.
    """
    listen = port or free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CANTEEN_")}
    settings = {"HOST": "127.0.0.1", "PORT": str(listen), "CANTEEN_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    with log.open("ab") as log_stream:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("canteen"), *command],
            env={**inherited, **settings, **(environment or {})},
            stdout=log_stream,
            stderr=subprocess.STDOUT,
        )
    server = RunningServer(url=f"http://127.0.0.1:{listen}", data_dir=data_dir, log=log, process=process)
    deadline = time.monotonic() + ready_seconds
    while not is_healthy(server.url):
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise ServerDidNotStart(log.read_text(errors="replace"))
        time.sleep(0.05)
    return server


@contextmanager
def serving(
    data_dir: Path, *, command: tuple[str, ...] = ("serve",), environment: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """A server for the length of a block.

    Raises: ServerDidNotStart.
    """
    server = start_server(data_dir, command=command, environment=environment)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[RunningServer]:
    """An empty canteen on SQLite, served."""
    with serving(tmp_path / "data") as server:
        yield server
