"""The import page, the same for a manager's dishes and menus and for an office's residents."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime

from litestar.datastructures import UploadFile
from sqlmodel import Session

from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.tables import batches
from canteen.tables.batches import BatchView
from canteen.tables.errors import BatchUnknown, FileRefused
from canteen.tables.kinds import ImportKind
from canteen.tables.models import BatchState, Verdict
from canteen.tables.sheet import MOST_BYTES
from canteen.usecases.steps.staged_rows import open_row
from canteen.web.import_words import FaultLine, RowLine, fault_line, refused_words, row_line
from canteen.web.importing import Applied, Importer, ImportPlace
from canteen.web.language import Language, Translate
from canteen.web.templates import PageRequest, page_translator

UPLOAD_BYTES = MOST_BYTES + 200_000
SHOWN = 100
PATIENCE_S = 5.0
"""How long a page waits for an import to end; then it shows that it goes on and follows it."""

_running: set[asyncio.Task[Applied]] = set()
"""So that nobody collects a task that still writes."""


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """One request about imports. `base` is the address of the page."""

    request: PageRequest
    database: Database
    sealer: Sealer
    actor: str
    now: datetime
    base: str
    kinds: tuple[ImportKind, ...]
    language: Language

    @property
    def t(self) -> Translate:
        """Sentences."""
        return page_translator(self.request)

    def importer(self) -> Importer:
        """For one file."""
        return Importer(self.database, self.sealer, self.now)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One staged file as the page shows it."""

    batch: BatchView
    notes: tuple[str, ...]
    faults: tuple[FaultLine, ...]
    bad_header: bool
    rows: tuple[RowLine, ...]
    more_rows: bool
    is_working: bool
    is_left: bool

    @property
    def count(self) -> int:
        """Lines that would come in."""
        return self.batch.new + self.batch.changed


async def check_upload(desk: ImportDesk, sent: object, place: ImportPlace) -> tuple[str, str]:
    """Check an uploaded file and put it aside: (key of the batch, nothing) or (nothing, why not)."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return "", desk.t("tables.import.no-file")
    data, name = await sent.read(), sent.filename

    def work() -> str:
        working = desk.importer()
        return working.stage(working.check(data, place), place, name)

    try:
        return await asyncio.to_thread(work), ""
    except FileRefused as error:
        return "", refused_words(desk.t, error)


async def apply_batch(desk: ImportDesk, key: str, place: ImportPlace) -> Applied | None:
    """Bring it in; None when it goes on behind the page.

    Raises:
        TableError: it cannot be; nothing came in.
    """
    task = asyncio.create_task(asyncio.to_thread(desk.importer().apply, key, place))
    _running.add(task)
    task.add_done_callback(_over)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
    return task.result() if done else None


def _over(task: "asyncio.Task[Applied]") -> None:
    _running.discard(task)
    with contextlib.suppress(asyncio.CancelledError):
        task.exception()  # heard by the page, or told by the state of the batch


async def drop_batch(desk: ImportDesk, key: str, place: ImportPlace) -> None:
    """Raises: BatchUnknown, BatchBusy."""
    await asyncio.to_thread(desk.importer().drop, key, place)


async def own_batch(desk: ImportDesk, key: str) -> BatchView:
    """Raises: BatchUnknown when it is somebody else's, another page's, or none."""
    found = await desk.database.read(batches.batch, key)
    if found.by != desk.actor or found.kind not in desk.kinds:
        raise BatchUnknown
    return found


async def batch_page(desk: ImportDesk, key: str) -> BatchPage:
    """Raises: BatchUnknown."""
    found = await own_batch(desk, key)
    rows = await desk.database.read(_rows, key, desk.sealer)
    bad = [row for row in rows if row.is_bad]
    good = [row for row in rows if not row.is_bad]
    faults = sorted((fault for row in bad for fault in row.faults), key=lambda fault: fault.line)
    t = desk.t
    moving = found.state in {BatchState.ARRIVING, BatchState.APPLIED, BatchState.STAGING}
    is_left = moving and datetime.now(UTC) - found.touched_at > batches.LEFT_AFTER
    return BatchPage(
        found,
        tuple(t(f"tables.note.{note['key']}", **note["facts"]) for note in found.told.get("notes", [])[:20]),
        tuple(fault_line(t, fault, desk.language) for fault in faults[:SHOWN]),
        bool(found.told.get("file_faults")),
        tuple(row_line(t, found.kind, row, desk.language) for row in good[:SHOWN]),
        len(good) > SHOWN,
        moving and not is_left,
        is_left,
    )


def _rows(session: Session, key: str, sealer: Sealer) -> list[CheckedRow]:
    good = batches.rows(session, key, (Verdict.NEW, Verdict.CHANGE), most=SHOWN + 1)
    bad = batches.rows(session, key, (Verdict.BAD,), after=-1, most=SHOWN)
    return [open_row(sealer, key, row) for row in (*bad, *good)]


async def start_context(desk: ImportDesk, *, refusal: str = "", kind: str = "") -> dict[str, object]:
    """What the first page shows."""
    recent = await desk.database.read(batches.latest, desk.actor, desk.kinds)
    return {
        "base": desk.base,
        "kinds": [(one.value, desk.t(f"tables.kind.{one.value}")) for one in desk.kinds],
        "kind": kind or desk.kinds[0].value,
        "recent": recent,
        "refusal_words": refusal,
    }
