"""Triggers by which the database itself refuses: books that change, frozen quotes that thaw, forbidden status moves.

Re-applied after every migration: Alembic's batch recreate drops triggers silently. `RAISE(ABORT)` ends one statement;
`RAISE(ROLLBACK)` would end the whole batch of the writer.
"""

from sqlalchemy import Connection

APPEND_ONLY = (
    "ledger_transaction",
    "posting",
    "audit_entry",
    "payment",
    "order_line",
    "order_share",
    "order_counter",
    "rule_set",
    "idempotency_key",
)
"""Rows of these never change and never go."""
FROZEN = {
    "meal_order": (
        "id canteen_id menu_id day meal resident_id list_fen subsidy_fen self_pay_fen rule_set_id inputs number_index"
        " pickup_number code_hash placed_at deadline_at channel placed_by"
    ).split(),
    "collection": "id order_id canteen_id day meal collected_at how by by_name taken_by_resident_id".split(),
}
"""Columns that keep their first value; the rows never go."""
MOVES = (
    ("placed", "paid"),
    ("placed", "cancelled"),
    ("placed", "expired"),
    ("paid", "ready"),
    ("paid", "collected"),
    ("paid", "cancelled"),
    ("paid", "not_collected"),
    ("ready", "paid"),
    ("ready", "collected"),
    ("ready", "cancelled"),
    ("ready", "not_collected"),
    ("collected", "paid"),
    ("collected", "placed"),
)
"""The same table as `orders.status.ALLOWED`; a test holds them together."""


def apply_guards(connection: Connection) -> None:
    """Create every guard anew. Called after each upgrade, in its transaction."""
    if connection.dialect.name == "postgresql":
        _postgres(connection)
    else:
        _sqlite(connection)


def guard_names() -> tuple[str, ...]:
    """Every trigger that must exist."""
    names = [f"{table}_no_{what}" for table in APPEND_ONLY for what in ("update", "delete")]
    names += [f"{table}_{what}" for table in FROZEN for what in ("frozen", "no_delete")]
    names += ["meal_order_moves", "collection_undo_once"]
    return tuple(names)


def _moves_allowed() -> str:
    pairs = " OR ".join(f"(OLD.status = '{old}' AND NEW.status = '{new}')" for old, new in MOVES)
    return f"NEW.status = OLD.status OR {pairs}"


def _sqlite(connection: Connection) -> None:
    def trigger(name: str, event: str, table: str, when: str, message: str) -> None:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        condition = f" WHEN {when}" if when else ""
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    for table in APPEND_ONLY:
        trigger(f"{table}_no_update", "UPDATE", table, "", f"{table} is append-only")
        trigger(f"{table}_no_delete", "DELETE", table, "", f"{table} is append-only")
    for table, columns in FROZEN.items():
        changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
        trigger(f"{table}_frozen", "UPDATE", table, changed, f"{table} is frozen")
        trigger(f"{table}_no_delete", "DELETE", table, "", f"{table} is kept")
    trigger("meal_order_moves", "UPDATE", "meal_order", f"NOT ({_moves_allowed()})", "no such move of an order")
    trigger(
        "collection_undo_once",
        "UPDATE",
        "collection",
        "OLD.undone_at IS NOT NULL",
        "an undone hand-over stays undone",
    )


def _postgres(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION canteen_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )

    def trigger(name: str, event: str, table: str, when: str, message: str) -> None:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        condition = f" WHEN ({when})" if when else ""
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition}"
            f" EXECUTE FUNCTION canteen_refuse('{message}')"
        )

    for table in APPEND_ONLY:
        trigger(f"{table}_no_update", "UPDATE", table, "", f"{table} is append-only")
        trigger(f"{table}_no_delete", "DELETE", table, "", f"{table} is append-only")
    for table, columns in FROZEN.items():
        changed = " OR ".join(f'NEW."{column}" IS DISTINCT FROM OLD."{column}"' for column in columns)
        trigger(f"{table}_frozen", "UPDATE", table, changed, f"{table} is frozen")
        trigger(f"{table}_no_delete", "DELETE", table, "", f"{table} is kept")
    trigger("meal_order_moves", "UPDATE", "meal_order", f"NOT ({_moves_allowed()})", "no such move of an order")
    trigger(
        "collection_undo_once",
        "UPDATE",
        "collection",
        "OLD.undone_at IS NOT NULL",
        "an undone hand-over stays undone",
    )
