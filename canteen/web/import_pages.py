"""The import page, the same for a manager's dishes and menus and for an office's residents."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template
from sqlmodel import Session

from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.tables import batches
from canteen.tables.batches import BatchView
from canteen.tables.errors import BatchUnknown, FileRefused, TableError
from canteen.tables.kinds import ImportKind
from canteen.tables.models import BatchState, Verdict
from canteen.tables.sheet import MOST_BYTES
from canteen.usecases.steps.staged_rows import open_row
from canteen.web.errors import words_for
from canteen.web.import_words import FaultLine, RowLine, fault_line, refused_words, row_line
from canteen.web.importing import Applied, Importer, ImportPlace
from canteen.web.language import Language, Translate
from canteen.web.statuses import STATUS
from canteen.web.templates import PageRequest, page_translator

UPLOAD_BYTES = MOST_BYTES + 200_000
SHOWN = 100
PATIENCE_S = 5.0
"""How long a page waits for an import to end; then it shows that it goes on and follows it."""

Answer = Response[None] | Template

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
    page: Callable[..., Template]
    """Makes a page of its audience by name."""

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


async def apply_batch(desk: ImportDesk, batch: BatchView, place: ImportPlace) -> Answer:
    """Yes: bring it in. What takes long goes on behind the page, which follows it."""
    task = asyncio.create_task(asyncio.to_thread(desk.importer().apply, batch.id, place))
    _running.add(task)
    task.add_done_callback(_over)
    await asyncio.wait({task}, timeout=PATIENCE_S)
    try:
        passed = task.result().passed_over if task.done() else 0
    except TableError as error:
        return await show_batch(desk, batch.id, error)
    return Redirect(f"{desk.base}/{batch.id}" + (f"?passed={passed}" if passed else ""), status_code=303)


def _over(task: "asyncio.Task[Applied]") -> None:
    _running.discard(task)
    with contextlib.suppress(asyncio.CancelledError):
        task.exception()  # heard by the page, or told by the state of the batch


async def drop_batch(desk: ImportDesk, batch: BatchView, place: ImportPlace) -> Answer:
    """No: the staged lines go."""
    try:
        await asyncio.to_thread(desk.importer().drop, batch.id, place)
    except TableError as error:
        return await show_batch(desk, batch.id, error)
    return Redirect(f"{desk.base}/{batch.id}", status_code=303)


async def own_batch(desk: ImportDesk, key: str) -> BatchView:
    """Raises: BatchUnknown when it is somebody else's, another page's, or none."""
    found = await desk.database.read(batches.batch, key)
    if found.by != desk.actor or found.kind not in desk.kinds:
        raise BatchUnknown
    return found


async def show_batch(desk: ImportDesk, key: str, error: TableError | None = None) -> Template:
    """What it would change, or has changed; with the refusal of what was just tried.

    Raises:
        BatchUnknown: as `own_batch`.
    """
    passed = desk.request.query_params.get("passed", "")
    words = words_for(desk.request, error) if error else None
    return desk.page(
        "import_batch",
        status_code=STATUS[error.code] if error else 200,
        base=desk.base,
        shown=await _batch_page(desk, await own_batch(desk, key)),
        passed_over=int(passed) if passed.isascii() and passed.isdigit() and len(passed) < 6 else 0,
        refusal_words=f"{words.happened} {words.next}" if words else "",
    )


async def _batch_page(desk: ImportDesk, found: BatchView) -> BatchPage:
    rows = await desk.database.read(_rows, found.id, desk.sealer)
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


async def show_start(desk: ImportDesk, *, refusal: str = "", kind: str = "", **more: object) -> Template:
    """Choose a file; `refusal` says why the last one was not taken."""
    return desk.page(
        "import",
        status_code=422 if refusal else 200,
        base=desk.base,
        kinds=[(one.value, desk.t(f"tables.kind.{one.value}")) for one in desk.kinds],
        kind=kind or desk.kinds[0].value,
        recent=await desk.database.read(batches.latest, desk.actor, desk.kinds),
        refusal_words=refusal,
        **more,
    )
