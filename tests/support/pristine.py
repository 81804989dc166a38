"""A PostgreSQL database put back to what it held at first: to make another one from a template takes ten times as long."""

import psycopg


class Pristine:
    """Keeps a copy of every row beside the tables, in a schema of its own. `address` is for libpq, as a superuser."""

    def __init__(self, address: str) -> None:
        self._address = address
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'").fetchall()
            tables = [str(name) for (name,) in found]
            connection.execute("CREATE SCHEMA pristine")
            for name in tables:
                connection.execute(f'CREATE TABLE pristine."{name}" AS TABLE public."{name}"')
            counts = connection.execute(
                "SELECT format('SELECT setval(%L, %s, %L)', schemaname || '.' || quote_ident(sequencename),"
                " coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences"
            ).fetchall()
        # replica: the guards that keep the books, and the order of references, are for those who work with them
        self._script = "; ".join(
            [
                "SET session_replication_role = replica",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                *(f'DELETE FROM public."{name}"' for name in tables),  # noqa: S608 - names of our own tables
                *(f'INSERT INTO public."{name}" SELECT * FROM pristine."{name}"' for name in tables),  # noqa: S608
                *(str(statement) for (statement,) in counts),
            ]
        )

    def restore(self) -> None:
        """Whatever was added, changed or removed; whoever is still connected is thrown out."""
        with psycopg.connect(self._address) as connection:
            connection.execute(self._script)
