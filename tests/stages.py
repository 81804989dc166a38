"""The whole proof, fast to slow, one pytest run a stage: `python -m tests.stages [--all] [stage …]`.

A failing stage does not hide what the later ones would say; the exit code and the last lines tell the whole.
"""

import argparse
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

REPORTS = Path("var/tests")
_NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Stage:
    """`parallel` runs it on all cores; stages that measure, or start processes of their own, run alone."""

    name: str
    folders: tuple[str, ...]
    parallel: bool = False


STAGES = (
    Stage("unit", ("tests/support", "tests/subsidies", "tests/menus", "tests/canteen"), parallel=True),
    Stage("journeys", ("tests/journeys",), parallel=True),
    Stage("architecture", ("tests/architecture",)),
    Stage("documents", ("tests/documents",)),
    Stage("faults", ("tests/faults", "tests/pace")),
    Stage("browser", ("tests/browser",), parallel=True),
)


@dataclass(frozen=True)
class Outcome:
    """What one stage came to; `exit_code` is pytest's, 0 when the stage has no tests yet."""

    stage: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    exit_code: int


def _count(report: Path) -> tuple[int, int, int]:
    """Passed, failed (errors included), skipped."""
    if not report.exists():
        return 0, 0, 0
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - pytest wrote it a moment ago

    def total(attribute: str) -> int:
        return sum(int(suite.get(attribute, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    return total("tests") - failed - total("skipped"), failed, total("skipped")


def run(stage: Stage, *, everything: bool) -> Outcome:
    """One pytest run, its output as it comes; `everything` includes the tests marked long."""
    folders = [folder for folder in stage.folders if any(Path(folder).rglob("test_*.py"))]
    if not folders:
        return Outcome(stage.name, 0, 0, 0, 0.0, 0)
    report = REPORTS / f"{stage.name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *folders, f"--junitxml={report}", "-q", "--durations=3"]
    command += ["-n", "auto", "--dist", "worksteal"] if stage.parallel else []
    command += ["-m", "", "-o", "faulthandler_timeout=3600"] if everything else []
    started = time.monotonic()
    sys.stdout.write(f"\n── {stage.name}: {' '.join(folders)}\n")
    sys.stdout.flush()
    exit_code = subprocess.run(command, check=False).returncode
    passed, failed, skipped = _count(report)
    if exit_code == _NO_TESTS_COLLECTED:
        exit_code = 0
    return Outcome(stage.name, passed, failed, skipped, time.monotonic() - started, exit_code)


def main(arguments: list[str]) -> int:
    """Exit code 1 when any stage failed, or when nothing ran at all."""
    parser = argparse.ArgumentParser(prog="python -m tests.stages", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="stage", help=", ".join(stage.name for stage in STAGES))
    parser.add_argument("--all", action="store_true", help="the tests marked long too")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.stages) - {stage.name for stage in STAGES}:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    REPORTS.mkdir(parents=True, exist_ok=True)
    outcomes = [
        run(stage, everything=chosen.all) for stage in STAGES if not chosen.stages or stage.name in chosen.stages
    ]
    sys.stdout.write(f"\n{'stage':<14}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}\n")
    for outcome in outcomes:
        verdict = "" if outcome.exit_code == 0 else "   <- FAILED"
        sys.stdout.write(
            f"{outcome.stage:<14}{outcome.passed:>8}{outcome.failed:>8}{outcome.skipped:>9}{outcome.seconds:>9.1f}{verdict}\n"
        )
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    broken = any(outcome.exit_code for outcome in outcomes)
    if broken and not failed:
        sys.stdout.write("a stage ended without finishing: see above\n")
    sys.stdout.write(f"{passed} passed, {failed} failed, {skipped} skipped\n")
    return 1 if broken or failed or not passed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
