"""`canteen month export`: the audit pack of a month as files."""

import gc
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from canteen.audit_pack.accounts import AccountsUnreadable, account_names
from canteen.audit_pack.build import build_pack
from canteen.audit_pack.stored import stored_files
from canteen.cli.month_type import MonthType
from canteen.cli.progress_bar import progress_bar
from canteen.cli.setting_up import business_now, opened, read_settings
from canteen.db.database import Database
from canteen.settings import Settings
from canteen.sites import places
from subsidies.months import Month


@click.command()
@click.argument("wanted", metavar="YYYY-MM", type=MonthType())
@click.option("--canteen", required=True, metavar="ID", help="Whose month.")
@click.option(
    "--out", default=".", type=click.Path(file_okay=False, path_type=Path), help="Folder; made when there is none."
)
def export(wanted: Month, canteen: str, out: Path) -> None:
    """Write the audit pack of a month: what was stored at the lock, byte for byte; before that a draft, unsigned."""
    settings = read_settings()
    with opened(settings) as database:
        known = {view.id: view.operator_id for view in database.read_sync(places.all_canteens)}
        if canteen not in known:
            raise click.UsageError(f"no canteen {canteen}; there are {', '.join(sorted(known))}")
        files = database.read_sync(stored_files, canteen, wanted)
        if not files:
            click.echo("草稿：本月尚未锁账 / DRAFT: the month is not locked, nothing is signed", err=True)
            files = _draft(database, settings, known[canteen], canteen, wanted, now=business_now(database))
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).write_bytes(content)
            click.echo(f"{hashlib.sha256(content).hexdigest()}  {out / name}")


def _draft(
    database: Database, settings: Settings, operator_id: str, canteen: str, month: Month, *, now: datetime
) -> Mapping[str, bytes]:
    gc.set_threshold(50_000, 20, 50)  # a month of entries is many small objects that go at once
    try:
        accounts = account_names(settings.data_dir, operator_id)
    except AccountsUnreadable as error:
        raise click.ClickException(str(error)) from error
    with progress_bar() as on_entry:
        return database.read_sync(
            build_pack, canteen, month, signer=None, now=now, accounts=accounts, progress=on_entry
        ).files
