"""Files are opened in a process of their own, short of memory and time: a hostile one breaks that process, not a kiosk.

python -m canteen.tables.apart < FILE      prints what it found, or why not, as JSON
"""

import contextlib
import os
import subprocess
import sys

import msgspec

from canteen.tables.errors import FileRefused
from canteen.tables.sheet import MOST_BYTES, Facts, Sheet

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 60


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Why not."""

    why: str
    facts: Facts


class Found(msgspec.Struct, frozen=True, tag=True):
    """Every sheet with cells; a text file is one."""

    sheets: list[Sheet]


def read_apart(data: bytes) -> list[Sheet]:
    """The sheets of an uploaded file, at least one.

    Raises:
        FileRefused: it cannot be read as a table; `why` says which way.
    """
    if not data:
        raise FileRefused("empty")
    if len(data) > MOST_BYTES:
        raise FileRefused("too-large", most=MOST_BYTES // 1_000_000)
    # only what Python needs to start: keys and addresses of the database stay here
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "canteen.tables.apart"],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env=environment | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("took-too-long") from error
    try:
        answer: Refusal | Found = msgspec.json.decode(done.stdout, type=Refusal | Found)
    except msgspec.DecodeError as error:
        raise FileRefused("unpacks-too-large" if done.returncode else "damaged", most=0) from error
    if isinstance(answer, Refusal):
        raise FileRefused(answer.why, **answer.facts)
    return answer.sheets


def read_here(data: bytes) -> list[Sheet]:
    """The same without a wall around it. Raises: FileRefused."""
    # imported late: whoever only asks for `read_apart` never loads a parser
    from canteen.tables.text_files import read_text  # noqa: PLC0415
    from canteen.tables.workbooks import is_workbook, read_workbook  # noqa: PLC0415

    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise FileRefused("not-a-table")
    return read_workbook(data) if is_workbook(data) else [read_text(data)]


def _confine() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Standard input to standard output."""
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    _confine()
    answer: Refusal | Found
    try:
        answer = Found(read_here(data))
    except FileRefused as refused:
        facts = {key: value for key, value in refused.data.items() if key != "why" and isinstance(value, str | int)}
        answer = Refusal(refused.why, facts)
    except (MemoryError, OverflowError):
        answer = Refusal("unpacks-too-large", {"most": 0})
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
