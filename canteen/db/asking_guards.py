"""Triggers that ask other rows: who acts on an application, which months still take entries."""

from sqlalchemy import Connection

ASKING = (
    (
        "application_one_level",
        "INSERT",
        "application_step",
        "one person acts on one level of an application",
        'SELECT 1 FROM application_step s WHERE s.application_id = NEW.application_id AND s."by" = NEW."by"'
        " AND s.level <> NEW.level",
    ),
    (
        "ledger_transaction_open_month",
        "INSERT",
        "ledger_transaction",
        "that month was declared and takes no more entries",
        "SELECT 1 FROM chain_head h WHERE h.canteen_id = NEW.canteen_id AND NEW.period < h.open_from",
    ),
    (
        "chain_head_not_behind",
        "UPDATE",
        "chain_head",
        "a month once approved is never open again",
        "SELECT 1 FROM month_statement s WHERE NEW.open_from < OLD.open_from AND s.canteen_id = NEW.canteen_id"
        " AND s.period >= NEW.open_from AND s.state IN ('approved', 'locked', 'paid')",
    ),
    (
        "month_statement_in_order",
        "INSERT",
        "month_statement",
        "months close in order",
        "SELECT 1 FROM month_statement s WHERE s.canteen_id = NEW.canteen_id AND s.period > NEW.period",
    ),
)
"""Name, event, table, message and the question whose answer refuses."""


def apply(connection: Connection) -> None:
    """Those that ask another table."""
    for name, event, table, message, question in ASKING:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN EXISTS ({question})"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            connection.exec_driver_sql(
                f"CREATE OR REPLACE FUNCTION canteen_{name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN IF EXISTS ({question}) THEN RAISE EXCEPTION '{message}'"
                " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION canteen_{name}()"
            )
