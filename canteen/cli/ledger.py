"""`canteen ledger verify`, `canteen ledger public-key`."""

import sys

import click

from canteen.audit_pack.keys import kept_signer
from canteen.cli.progress_bar import progress_bar
from canteen.cli.setting_up import opened, read_settings
from canteen.readmodels.ledger_chains import walked_chains
from canteen.readmodels.signed_months import signed_months
from canteen.sites import places


@click.group()
def ledger() -> None:
    """The books of every canteen."""


@ledger.command()
@click.option("--canteen", default="", metavar="ID", help="This canteen's chain only.")
def verify(canteen: str) -> None:
    """Walk every chain of entries to its head, and the roots and signatures of locked months; exit code 1 when one is broken.

    The head printed here is what a signed statement must show: keep it where this database cannot reach.
    """
    with opened(read_settings()) as database:
        known = {view.id for view in database.read_sync(places.all_canteens)}
        if canteen and canteen not in known:
            raise click.UsageError(f"no canteen {canteen}; there are {', '.join(sorted(known))}")
        with progress_bar() as on_entry:
            chains = database.read_sync(walked_chains, canteen, on_entry)
        months = database.read_sync(signed_months, canteen)
    for chain in chains:
        click.echo(
            f"{'FAIL' if chain.breaches else 'ok  '}  {chain.canteen_id}: {chain.entries} entries, head {chain.head}"
        )
        for breach in chain.breaches:
            click.echo(f"      {breach}")
    for month in months:
        verdict = "FAIL" if month.breaches else "ok  "
        click.echo(f"{verdict}  {month.canteen_id} {month.period}: locked, root {month.root}, key {month.key_id}")
        for breach in month.breaches:
            click.echo(f"      {breach}")
    if not chains:
        click.echo("no entry is booked")
    if any(chain.breaches for chain in chains) or any(month.breaches for month in months):
        sys.exit(1)


@ledger.command("public-key")
def public_key() -> None:
    """Print the key that statements are signed with, for whoever checks them; made when there is none yet."""
    settings = read_settings()
    signer = kept_signer(settings.data_dir, settings.statement_key)
    click.echo(f"key {signer.key_id}")
    click.echo(signer.pem, nl=False)
