"""Rows of a dry run as they are put aside: sealed, each for its own place."""

import msgspec

from canteen.people.sealed import About, Sealer
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.tables.batches import StagedRow


def seal_row(sealer: Sealer, batch: str, row: CheckedRow) -> StagedRow:
    """The row for storing."""
    sealed = sealer.seal(msgspec.json.encode(row).decode(), _about(batch, row.line))
    return StagedRow(row.line, row.verdict, sealed, row.target)


def open_row(sealer: Sealer, batch: str, staged: StagedRow) -> CheckedRow:
    """The row as it was judged."""
    return msgspec.json.decode(sealer.open(staged.sealed, _about(batch, staged.line)), type=CheckedRow)


def _about(batch: str, line: int) -> About:
    return About("import_row", "sealed", f"{batch}/{line}")
