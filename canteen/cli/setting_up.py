"""What commands share: settings read from the environment, a migrated database, errors told in one line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.exc import OperationalError

from canteen.clock import Clock, DemoClock, SystemClock, read_demo_clock
from canteen.db.database import Database
from canteen.db.migrate import current, newest, upgrade
from canteen.db.roles import grant_application
from canteen.people import search
from canteen.people.sealed import Sealer
from canteen.settings import Settings, SettingsError, from_environment
from canteen.sites.places import seed_places


def read_settings(*, demo: bool = False) -> Settings:
    """Settings of this process, or a plain message and exit code 2."""
    try:
        return from_environment(os.environ, demo=demo)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


def migrate(settings: Settings, *, application_role: str | None = None) -> str | None:
    """Bring the database to this version and put the canteens in; returns the revision it had.

    Raises:
        NotPostgres: a role was named for the embedded database.
    """
    before = upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        database.write_sync(seed_places)
        while database.write_sync(search.fill_in, sealer=Sealer(settings.secret_key)):
            pass  # a hundred people at a time: a kiosk that orders meanwhile waits for none of it
        if application_role is not None:
            with database.write_engine.begin() as connection:
                grant_application(connection, application_role)
    finally:
        database.close()
    return before


def make_ready(settings: Settings) -> None:
    """The embedded database is made or migrated at sight; a server's one is migrated on purpose, with `canteen migrate`."""
    try:
        standing = current(settings.database_url)
        if standing == newest():
            return
        if not settings.is_sqlite:
            raise click.ClickException(
                f"the database is at revision {standing or 'none'}, this version needs {newest()}: run `canteen migrate`"
            )
        migrate(settings)
    except OperationalError as error:
        raise click.ClickException(f"the database cannot be opened: {error.orig}") from error


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The migrated database, closed afterwards."""
    make_ready(settings)
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def business_clock(database: Database) -> Clock:
    """The demo clock where the database has one, else the machine's."""
    row = database.read_sync(read_demo_clock)
    return SystemClock() if row is None else DemoClock(row.shown_at, row.real_at)


def business_now(database: Database) -> datetime:
    """Aware UTC, of the business clock."""
    return business_clock(database).now()


def real_now() -> datetime:
    """Aware UTC, of the machine: tokens, sessions and accounts live by it."""
    return datetime.now(UTC)
