"""PostgreSQL's two roles: the owner migrates; the application may not change or remove what is append-only."""

from sqlalchemy import Connection, text

from canteen.db.erasable import ERASABLE
from canteen.db.guards import APPEND_ONLY, FROZEN


class NotPostgres(ValueError):
    """Roles are a matter of a database server; the embedded database has none."""


def grant_application(connection: Connection, role: str) -> None:
    """Give `role` what the web processes need and no more; harmless to repeat, needed after every migration.

    Raises:
        NotPostgres: the embedded database has no roles.
    """
    if connection.dialect.name != "postgresql":
        raise NotPostgres
    quote = connection.dialect.identifier_preparer.quote
    name = quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    kept = ", ".join(quote(table) for table in (*APPEND_ONLY, "alembic_version"))
    connection.execute(text(f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {name}"))
    for table, columns in ERASABLE.items():  # only while an erasure runs: the guard sees to that
        connection.execute(
            text(f"GRANT UPDATE ({', '.join(quote(one) for one in columns)}) ON {quote(table)} TO {name}")
        )
    frozen = ", ".join(quote(table) for table in FROZEN)
    connection.execute(text(f"REVOKE DELETE, TRUNCATE ON {frozen} FROM {name}"))
