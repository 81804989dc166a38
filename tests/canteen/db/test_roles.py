"""The application's role cannot touch the books, whatever the program does."""

import psycopg
import pytest

from canteen.db.roles import NotPostgres, grant_application
from tests.support.postgres import APPLICATION, PostgresServer
from tests.support.world import World


@pytest.mark.postgres
def test_the_application_may_append_and_read_but_not_change_the_books(
    postgres_world: World, postgres_server: PostgresServer
) -> None:
    """Refused by the server for want of a right, before any trigger."""
    with postgres_world.database.write_engine.begin() as connection:
        grant_application(connection, APPLICATION)
    address = postgres_world.database.write_engine.url

    with psycopg.connect(
        host="127.0.0.1",
        port=address.port,
        dbname=address.database,
        user=APPLICATION,
        password=postgres_server.password,
        autocommit=True,
    ) as application:
        assert application.execute("SELECT count(*) FROM posting").fetchone() is not None
        application.execute("UPDATE menu_item SET made_portions = 1")
        for statement in (
            "UPDATE posting SET fen = 1",
            "DELETE FROM ledger_transaction",
            "TRUNCATE audit_entry",
            "DELETE FROM meal_order",
            "ALTER TABLE posting DISABLE TRIGGER ALL",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)


def test_the_embedded_database_has_no_roles(world: World) -> None:
    """Said, not ignored."""
    with world.database.write_engine.connect() as connection, pytest.raises(NotPostgres):
        grant_application(connection, "anybody")
