"""A fresh SQLite database per test, copied from one that was made once: tables, the two canteens, holidays."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from canteen.db.database import Database
from canteen.schema import metadata
from canteen.sites.places import seed_places


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file with every table and the places."""
    path = tmp_path_factory.mktemp("seeded") / "canteen.sqlite3"
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.write_engine)
    database.write_sync(seed_places)
    database.close()
    return path


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of one's own with the two canteens in it."""
    path = tmp_path / "canteen.sqlite3"
    shutil.copy(seeded_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()
