"""Triggers of the closing month: no entry in a month that was declared, no way back behind one that is locked."""

MOVES = (
    ("cut-off", "reconciling"),
    ("reconciling", "declared"),
    ("declared", "reviewed"),
    ("declared", "returned"),
    ("reviewed", "approved"),
    ("reviewed", "returned"),
    ("approved", "locked"),
    ("locked", "paid"),
    ("returned", "reconciling"),
)
"""The same table as `subsidies.statement_states.MOVES`; a test holds them together."""
_KEPT = "id canteen_id period cut_off_by cut_off_at".split()
_LOCKED = (
    "attempt declared_by declared_at head_seq head_hash reviewed_by reviewed_at approved_by approved_at locked_by"
    " locked_at merkle_root previous_root signature key_id"
).split()


def simple(differs: str, move_allowed: str) -> list[tuple[str, str, str, str, str]]:
    """Those that look at one row alone: name, event, table, message, condition."""
    kept = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in _KEPT)
    locked = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in _LOCKED)
    table = "month_statement"
    return [
        (f"{table}_moves", "UPDATE", table, "no such move of a statement", f"NOT ({move_allowed})"),
        (f"{table}_kept", "UPDATE", table, "a statement keeps its month", kept),
        (
            f"{table}_locked",
            "UPDATE",
            table,
            "a locked month is never changed",
            f"OLD.state IN ('locked', 'paid') AND ({locked})",
        ),
        (f"{table}_no_delete", "DELETE", table, f"{table} is kept", ""),
        (f"{table}_begins", "INSERT", table, "a statement begins with the cut-off", "NEW.state <> 'cut-off'"),
    ]
