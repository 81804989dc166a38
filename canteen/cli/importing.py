"""`canteen import residents|dishes|menus FILE`: a dry run, and with --apply the import itself."""

import locale
import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from canteen.cli.setting_up import business_now, opened, read_settings
from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks.checked import FileCheck
from canteen.sites import places
from canteen.tables.errors import FileRefused, TableError
from canteen.tables.kinds import ImportKind
from canteen.tables.models import Verdict
from canteen.tables.sheet import MOST_BYTES
from canteen.tables.words import nearest
from canteen.web.import_words import fault_line, refused_words, row_line
from canteen.web.importing import Importer, ImportPlace
from canteen.web.language import Language, Translate, translator
from canteen.web.problems import told

SHOWN = 200
"""Lines of a kind that are printed; a page of text nobody reads helps nobody."""


def _language(chosen: str | None) -> Language:
    if chosen in {"zh", "en"}:
        return "en" if chosen == "en" else "zh"
    said = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "en" if said.lower().startswith("en") else "zh"


@click.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--canteen", "--kitchen", "place", default=None, help="Whose dishes or menus: longcheng, shuiyun…")
@click.option("--community", default=None, help="Where residents belong whose line names no community.")
@click.option("--apply", "is_meant", is_flag=True, help="Import; without it nothing is changed.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Language of the answer; else LANG, else zh."
)
def import_file(
    *, kind: str, file: Path, place: str | None, community: str | None, is_meant: bool, lang: str | None
) -> None:
    """Check a CSV or XLSX file of residents, dishes or menus line by line, and with --apply bring it in whole."""
    language = _language(lang)
    t = translator(language)
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(t("tables.file.too-large", most=MOST_BYTES // 1_000_000))
    settings = read_settings()
    with opened(settings) as database:
        where = _place(database, ImportKind(kind), place, community, t)
        working = Importer(database, Sealer(settings.secret_key), business_now(database))
        with _bar(t) as on_step:
            working.on_step = on_step
            try:
                check = working.check(file.read_bytes(), where)
            except FileRefused as error:
                raise click.ClickException(refused_words(t, error)) from error
        _show(check, t, language)
        if check.faults or not is_meant:
            click.echo(t("tables.cli.not-applied" if is_meant else "tables.cli.dry-run"))
            if check.faults:
                sys.exit(1)
            return
        if not check.may_apply:
            click.echo(t("tables.import.all-same"))
            return
        try:
            key = working.stage(check, where, file.name)
            with _bar(t) as on_step:
                working.on_step = on_step
                done = working.apply(key, where)
        except TableError as error:
            words = told(error.code, language, error.data)
            raise click.ClickException(f"{words.happened}{words.next}") from error
    click.echo(t("tables.import.applied", new=done.new, changed=done.changed))
    if done.passed_over:
        click.echo(t("tables.import.passed-over", count=done.passed_over))


def _place(database: Database, kind: ImportKind, place: str | None, community: str | None, t: Translate) -> ImportPlace:
    canteens = {view.id: view for view in database.read_sync(places.all_canteens)}
    found = canteens.get(place or "") or next((v for v in canteens.values() if v.kitchen_id == place), None)
    if found is None and (place is not None or kind is not ImportKind.RESIDENTS):
        known = "、".join(canteens)
        raise click.UsageError(t("tables.cli.kitchen-unknown", name=place or "", known=known))
    if kind is not ImportKind.RESIDENTS and found is not None:
        return ImportPlace(kind, found.kitchen_id, "cli", canteen_id=found.id)
    communities = database.read_sync(places.communities)
    home = community or (found.community_id if found else "")
    if home and home not in {view.id for view in communities}:
        meant = next((view.id for view in communities if view.name == home), None)
        if meant is None:
            names = [view.id for view in communities]
            known = nearest(home, names) or "、".join(names)
            raise click.UsageError(t("tables.cli.community-unknown", name=home, known=known))
        home = meant
    return ImportPlace(kind, home, "cli", communities, everywhere=True)


def _show(check: FileCheck, t: Translate, language: Language) -> None:
    for note in check.notes[:20]:
        click.echo(f"  {t(f'tables.note.{note.key}', **note.facts)}")
    counts = check.counts
    click.echo("  ".join(f"{t(f'tables.verdict.{verdict.value}')} {counts[verdict]}" for verdict in Verdict))
    rows = [row for row in check.rows if row.verdict in {Verdict.NEW, Verdict.CHANGE}]
    for row in rows[:SHOWN]:
        shown = row_line(t, check.kind, row, language)
        changes = "；".join(shown.changes) if language == "zh" else "; ".join(shown.changes)
        verdict = t(f"tables.verdict.{shown.verdict.value}")
        click.echo(
            f"  {t('tables.line', line=shown.line)}  {verdict}  {shown.label}" + (f"  {changes}" if changes else "")
        )
    if len(rows) > SHOWN:
        click.echo(f"  {t('tables.import.first-rows', count=SHOWN)}")
    faults = check.faults
    for fault in faults[:SHOWN]:
        line = fault_line(t, fault, language)
        click.echo(f"  {line.where_line} {line.where_column} {line.why}", err=True)
    if len(faults) > SHOWN:
        click.echo(f"  {t('tables.import.more-errors', count=len(faults) - SHOWN)}", err=True)


class _bar:  # noqa: N801 - reads as what it is where it is used
    """A bar on stderr while lines are checked or written; silent where nobody looks."""

    def __init__(self, t: Translate) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._t = t

    def __enter__(self) -> "_bar":
        self._bar.start()
        self._task = self._bar.add_task(self._t("tables.cli.reading"), total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, what: str, done: int, of: int) -> None:
        """`on_step` of the importer."""
        word = self._t("tables.cli.reading" if what == "check" else "tables.cli.writing")
        self._bar.update(self._task, description=word, completed=done, total=of)
