"""`canteen migrate`, `check` and `jobs run`."""

import asyncio
import sys

import click
from sqlalchemy.exc import OperationalError

from canteen.cli import setting_up
from canteen.cli.setting_up import business_now, opened, read_settings
from canteen.db.migrate import newest
from canteen.db.roles import NotPostgres
from canteen.readmodels.invariants import check as check_invariants
from canteen.web.due_jobs import run_due


@click.command()
@click.option(
    "--application-role", default=None, help="PostgreSQL: give this role what the web processes need, no more."
)
def migrate(application_role: str | None) -> None:
    """Bring the database to the schema of this version and put in the canteens."""
    settings = read_settings()
    try:
        before = setting_up.migrate(settings, application_role=application_role)
    except NotPostgres as error:
        raise click.UsageError("--application-role is for PostgreSQL") from error
    except OperationalError as error:
        raise click.ClickException(f"the database cannot be opened: {error.orig}") from error
    click.echo(f"database at revision {newest()}" + (f", was {before}" if before != newest() else ""))


@click.command()
def check() -> None:
    """Prove every invariant of the books; exit code 1 and the figure when one fails."""
    with opened(read_settings()) as database:
        findings = database.read_sync(check_invariants)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.figure}")
        if finding.detail:
            click.echo(f"      {finding.detail}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@click.group()
def jobs() -> None:
    """What falls due by the clock."""


@jobs.command("run")
def jobs_run() -> None:
    """Run due jobs once: unpaid orders expire, meals not collected are released. Safe to repeat."""
    with opened(read_settings()) as database:
        ended = asyncio.run(run_due(database, business_now(database)))
    click.echo(f"due jobs done: {ended} orders ended")
