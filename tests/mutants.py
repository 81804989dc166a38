"""How many planted faults the tests of the rules notice: `python -m tests.mutants [FILE…]`, or `make mutants`.

mutmut changes one operator, figure or word at a time in a copy of `subsidies/rules` and runs the tests of that folder. Printed is
the share noticed per file as each is done, and with --survivors what was not. Exit code 1 below 90 % in all. Nothing is left
behind, unless --results FILE keeps the answers: a second start goes on where the first ended, as long as neither rules nor tests
changed.

Not noticed and not noticeable are faults without an effect: in what only makes it quick (a look-up left out, a memory emptied one
later), in a first value that is always overwritten (bits, the steps of rules not asked yet), and `>` for `>=` where both sides
are the same fen. They count against the score.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path("subsidies/rules")
LEAST = 90.0
# The rules that decide; without names given these are tried.
FILES = ("ages", "benefits", "case", "combine", "conditions", "decide", "sieve", "split")
_KILLED = {1, 3, 24, 36, 37, -24, 152, 255}
"""What mutmut's worker answers when tests fail, or never end."""
_SETTINGS = """
[mutmut]
source_paths=subsidies
only_mutate=
    {only}
also_copy=
    docs
    pytest.ini
pytest_add_cli_args_test_selection=
    tests/subsidies/rules
pytest_add_cli_args=
    -p
    no:cacheprovider
    -x
    -k
    not every_sentence_of_the_reader and not every_reason_the_rules
"""
# -k: those two read the source, and the copy's source holds every fault at once.
# What is compiled when a test module is read must be compiled again by the changed code.
_CONFTEST = """
import sys
from hypothesis import HealthCheck, settings

settings.register_profile("few", max_examples=40, database=None, derandomize=True, deadline=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("few")


def pytest_configure(config):
    for name in [name for name in sys.modules if name.startswith("tests.")]:
        del sys.modules[name]
"""


Answers = dict[str, int | None]
"""Mutant → what the tests answered."""


def run(file: str, children: int, keep: str | None) -> Answers:
    """Every fault of one file, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        for part in ("subsidies", "tests/subsidies", "docs/rules.md"):
            source, target = ROOT / part, folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        (folder / "tests" / "__init__.py").touch()
        (folder / "tests" / "conftest.py").write_text(_CONFTEST)
        (folder / "setup.cfg").write_text(_SETTINGS.format(only=FOLDER / f"{file}.py"))
        (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = --import-mode=importlib\n")
        program = Path(sys.executable).with_name("mutmut")
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TERM": "dumb"}
        done = subprocess.run(
            [str(program), "run", "--max-children", str(children)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        meta = folder / "mutants" / FOLDER / f"{file}.py.meta"
        found: Answers = json.loads(meta.read_text())["exit_code_by_key"] if meta.exists() else {}
        if not found or None in found.values():
            sys.stderr.write(done.stdout[-4_000:] + done.stderr[-4_000:])
        if keep:
            shutil.copytree(folder / "mutants", keep, dirs_exist_ok=True)
        return found


def _digest() -> str:
    """Of the rules and of the tests that may notice."""
    paths = sorted([*(ROOT / FOLDER).glob("*.py"), *(ROOT / "tests" / FOLDER).glob("*.py")])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def main(arguments: list[str]) -> int:
    """Try, count, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("files", nargs="*", default=FILES, help="names in subsidies/rules, without .py")
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--survivors", action="store_true", help="name what was not noticed")
    parser.add_argument("--keep", help="leave mutmut's folder there, to look at")
    parser.add_argument("--results", type=Path, help="keep the answers there, and do not try again what is there")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the folder goes, however it ends
    kept: dict[str, Answers] = {}
    if chosen.results and chosen.results.exists():
        kept = json.loads(chosen.results.read_text())
    killed = tried = 0
    complete, digest = True, _digest()
    for file in chosen.files:
        key = f"{file} {digest}"
        codes = kept.get(key) or run(file, chosen.children, chosen.keep)
        whole = bool(codes) and None not in codes.values()
        complete = complete and whole
        if whole and chosen.results:
            kept[key] = codes
            chosen.results.write_text(json.dumps(kept))
        noticed = sum(code in _KILLED for code in codes.values())
        killed, tried = killed + noticed, tried + len(codes)
        sys.stdout.write(
            f"{file + '.py':<20}{noticed:>6} of {len(codes):>5}  {100 * noticed / max(1, len(codes)):6.1f} %\n"
        )
        sys.stdout.flush()
        if chosen.survivors:
            for mutant, code in codes.items():
                if code not in _KILLED:
                    sys.stdout.write(f"    {mutant} ({code})\n")
    score = 100 * killed / max(1, tried)
    sys.stdout.write(f"{'all':<20}{killed:>6} of {tried:>5}  {score:6.1f} %, at least {LEAST:.0f}\n")
    return 0 if complete and score >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
