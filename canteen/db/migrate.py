"""Migrations: bring a database to the newest schema, or write the next revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from canteen.db.engine import postgres_engine, sqlite_engine
from canteen.db.guards import apply_guards

FOLDER = Path(__file__).resolve().parent / "migrations"
_LOCK = 7_203_001
"""PostgreSQL advisory lock: processes that start together migrate one after the other."""


def _config(connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return sqlite_engine(url, write=True)
    return postgres_engine(url, pool_size=1)


def newest() -> str | None:
    """The revision this code is written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(url: str) -> str | None:
    """The revision a database stands at; None when it is empty."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def upgrade(url: str) -> str | None:
    """Migrate to the newest revision in one transaction and put the guards back; returns where it stood before."""
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            before = MigrationContext.configure(connection).get_current_revision()
            command.upgrade(_config(connection), "head")
            apply_guards(connection)
    finally:
        engine.dispose()
    return before


def make_revision(url: str, message: str, metadata: MetaData, number: str) -> None:
    """Write the revision that leads from the newest to `metadata` (for developers); read it before committing it."""
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            command.revision(_config(connection, metadata), message, autogenerate=True, rev_id=number, head="head")
    finally:
        engine.dispose()
