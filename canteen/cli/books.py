"""`canteen migrate`, `check`, `jobs run` and `jobs list`."""

import asyncio
import sys

import click
from sqlalchemy.exc import OperationalError

from canteen.audit.job_runs import last_runs
from canteen.cli import setting_up
from canteen.cli.setting_up import business_now, opened, read_settings
from canteen.db.migrate import newest
from canteen.db.roles import NotPostgres
from canteen.people.sealed import Sealer
from canteen.readmodels.invariants import check as check_invariants
from canteen.web.due_jobs import JOBS, run_due
from menus.service_days import LOCAL


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
@click.argument("name", required=False, type=click.Choice([job.name for job in JOBS]))
def jobs_run(name: str | None) -> None:
    """Run what falls due now, all of it or one job by NAME. Safe to repeat, and beside a running server."""
    settings = read_settings()
    with opened(settings) as database:
        sealer = Sealer(settings.secret_key)
        done = asyncio.run(run_due(database, sealer, business_now(database), [name] if name else []))
        failed = [run for run in database.read_sync(last_runs).values() if run.name in done and run.outcome == "failed"]
    for job, count in done.items():
        click.echo(f"{job}: {count}")
    if failed:
        raise click.ClickException("; ".join(f"{run.name} failed: {run.error}" for run in failed))


@jobs.command("list")
def jobs_list() -> None:
    """Every job, when it ran last and what came of it."""
    with opened(read_settings()) as database:
        runs = database.read_sync(last_runs)
    for job in JOBS:
        run = runs.get(job.name)
        if run is None:
            click.echo(f"{job.name:<18}never")
            continue
        at = run.started_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{job.name:<18}{at}  {run.outcome or 'running'}  {run.error or run.done_count}")
