"""A fresh database per test from one that was made once: tables, the two canteens, holidays."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from canteen.db.database import Database
from canteen.schema import metadata
from canteen.sites.places import seed_places
from tests.support.postgres import PostgresServer
from tests.support.pristine import Pristine


def _seeded(url: str) -> Database:
    database = Database(url)
    metadata.create_all(database.write_engine)
    database.write_sync(seed_places)
    return database


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file with every table and the places."""
    path = tmp_path_factory.mktemp("seeded") / "canteen.sqlite3"
    _seeded(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of one's own with the two canteens in it."""
    path = tmp_path / "canteen.sqlite3"
    shutil.copy(seeded_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def _seeded_postgres(postgres_server: PostgresServer) -> Iterator[tuple[str, Pristine]]:
    name = postgres_server.fresh_database()
    url = postgres_server.url(name)
    _seeded(url).close()
    yield url, Pristine(url.replace("+psycopg", ""))
    postgres_server.drop_database(name)


@pytest.fixture
def postgres_database(_seeded_postgres: tuple[str, Pristine]) -> Iterator[Database]:
    """The same on PostgreSQL."""
    url, pristine = _seeded_postgres
    pristine.restore()
    database = Database(url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Database:
    """The test runs twice: on SQLite, then on PostgreSQL."""
    database = request.getfixturevalue("database" if request.param == "sqlite" else "postgres_database")
    assert isinstance(database, Database)
    return database
