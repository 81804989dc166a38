"""What guards let change while a person's data is being erased: words and birthdays, nothing that counts or decides."""

from sqlalchemy import Connection

ERASABLE = {
    "meal_order": ("inputs",),
    "order_line": ("note",),
    "collection": ("undone_reason",),
    "adjustment": ("reason", "decided_reason"),
    "category_grant": ("evidence",),
    "category_proposal": ("evidence", "reason"),
    "category_check": ("evidence",),
    "file_fact": ("value", "was"),
    "application_step": ("reason_sealed",),
    "call_attempt": ("note_sealed",),
    "idempotency_key": ("answer",),
    "audit_entry": ("details",),
}
"""Columns in which people wrote, or that tell a birthday: an erasure takes the words out, while its row of `erasing` stands."""

_NOTHING_ERASED = "NOT EXISTS (SELECT 1 FROM erasing)"
REFUSE_BUT_ERASING = (
    "CREATE OR REPLACE FUNCTION canteen_refuse_but_erasing() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN IF EXISTS (SELECT 1 FROM erasing) AND to_jsonb(NEW) - string_to_array(TG_ARGV[1], ',')"
    " = to_jsonb(OLD) - string_to_array(TG_ARGV[1], ',') THEN RETURN NEW; END IF;"
    " RAISE EXCEPTION '%%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
"""PostgreSQL: the condition of a trigger may not ask another table, so the function does."""


def refusal(table: str, event: str, message: str) -> str:
    """The function a guard calls on PostgreSQL."""
    if event == "UPDATE" and table in ERASABLE:
        return f"canteen_refuse_but_erasing('{message}', '{','.join(ERASABLE[table])}')"
    return f"canteen_refuse('{message}')"


def but_erasing(connection: Connection, table: str, event: str, when: str) -> str:
    """A guard's condition on the embedded database, let by where an erasure changes erasable columns and no other."""
    if event != "UPDATE" or table not in ERASABLE:
        return when
    columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    kept = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in columns if name not in ERASABLE[table])
    return f"({when or '1'}) AND ({_NOTHING_ERASED} OR {kept})"
