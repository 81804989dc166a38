"""Migrations lead to the very schema of the models, on both databases, and put the guards back."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect

from canteen.db.migrate import current, newest, upgrade
from canteen.schema import metadata

CONSTRAINTS = {
    (table.name, str(constraint.name))
    for table in metadata.tables.values()
    for constraint in table.constraints
    if isinstance(constraint, CheckConstraint)
}


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        found: list[object] = list(compare_metadata(MigrationContext.configure(connection), metadata))
    return found


def _checks(engine: Engine) -> set[tuple[str, str]]:
    inspector = inspect(engine)
    return {
        (table, str(check["name"])) for table in metadata.tables for check in inspector.get_check_constraints(table)
    }


def _proves(url: str) -> None:
    upgrade(url)
    upgrade(url)
    engine = create_engine(url)
    try:
        assert current(url) == newest()
        assert _differences(engine) == []
        assert CONSTRAINTS - _checks(engine) == set()
    finally:
        engine.dispose()


def test_migrated_schema_is_that_of_the_models(either_database_url: str) -> None:
    _proves(either_database_url)


def test_models_carry_named_checks() -> None:
    assert len(CONSTRAINTS) > 40
    assert all(name != "None" for _, name in CONSTRAINTS)


def test_guards_stand_after_an_upgrade(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'canteen.sqlite3'}"
    upgrade(url)
    engine = create_engine(url)

    with engine.connect() as connection:
        triggers = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").scalar_one()
    engine.dispose()

    assert triggers > 5
