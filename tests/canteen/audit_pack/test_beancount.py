"""A program that is not ours adds the month up again: it agrees, and a planted fen is one too many for it."""

import subprocess
import sys
from pathlib import Path

from tests.canteen.audit_pack.conftest import BuiltMonth


def _bean_check(path: Path) -> tuple[int, str]:
    told = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "--no-cache", path],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return told.returncode, told.stdout + told.stderr


def test_bean_check_agrees_and_a_planted_fen_is_one_too_many(built: BuiltMonth, tmp_path: Path) -> None:
    """Planted on one side of an entry, which no longer balances; then on both, which the balance at the end betrays."""
    text = (built.folder / "ledger.beancount").read_text("utf-8")
    assert _bean_check(built.folder / "ledger.beancount") == (0, "")
    lines = [line for line in text.splitlines(keepends=True) if line.startswith("  Income:F4010-District")]
    first = lines[0]
    amount = first.split()[1]
    more = f"{float(amount) - 0.01:.2f}"
    planted = tmp_path / "ledger.beancount"

    planted.write_text(text.replace(first, first.replace(amount, more), 1), "utf-8")
    code, told = _bean_check(planted)
    assert (code, "does not balance" in told) == (1, True)

    both = text.replace(first, first.replace(amount, more) + "  Assets:F1000  0.01 CNY\n", 1)
    planted.write_text(both, "utf-8")
    code, told = _bean_check(planted)
    assert (code, "Balance failed" in told) == (1, True)
