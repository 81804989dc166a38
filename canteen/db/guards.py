"""Triggers by which the database itself refuses: books that change, frozen quotes that thaw, forbidden status moves.

Re-applied after every migration: Alembic's batch recreate drops triggers silently. `RAISE(ABORT)` ends one statement;
`RAISE(ROLLBACK)` would end the whole batch of the writer.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from canteen.db import asking_guards, erasable, month_guards

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
    "dish_count",
    "receipt_copy",
    "menu_price_change",
    "application_step",
    "category_check",
    "file_fact",
    "adjustment_line",
    "statement_step",
    "statement_line",
    "statement_approval",
    "statement_payment",
    "statement_file",
    "call_draw",
    "call_line",
    "call_attempt",
)
"""Rows of these never change and never go."""
FROZEN = {
    "meal_order": (
        "id canteen_id menu_id day meal list_fen subsidy_fen self_pay_fen rule_set_id inputs number_index"
        " pickup_number code_hash placed_at deadline_at channel placed_by"
    ).split(),
    "adjustment": "id resident_id rule_set_id reason proposed_at proposed_by proposed_name".split(),
    "category_grant": "id category valid_from valid_until evidence granted_at granted_by proposed_by".split(),
    "shift": "id canteen_id drawer number day opened_at opened_by opened_name float_fen is_counted".split(),
    "food_sample": "id kitchen_id day meal dish_id grams taken_at taken_by taken_name keep_until".split(),
    "collection": "id order_id canteen_id day meal collected_at how by by_name taken_by_resident_id".split(),
}
"""Columns that keep their first value; the rows never go. An order's diner is guarded by `_DINER`."""
_DINER = "meal_order_diner"
_DINER_MESSAGE = "an order keeps its diner"
_TAKEN_OVER = "SELECT 1 FROM resident WHERE id = OLD.resident_id AND merged_into = NEW.resident_id"
"""The one change of a diner there is: to the file that took theirs over, when somebody had been enrolled twice."""
_OVERLAP = "rule_set_in_force_overlap"
_OVERLAP_MESSAGE = "two rule sets in force for one canteen and funder"
_SAME_FUNDER_AND_DAY = (
    "SELECT 1 FROM rule_set_in_force f WHERE f.rule_set_id <> NEW.rule_set_id AND f.funder = NEW.funder"
    " AND f.is_example = NEW.is_example AND (f.valid_until IS NULL OR f.valid_until > NEW.valid_from)"
    " AND (f.valid_until IS NULL OR f.valid_until > f.valid_from)"
    " AND (NEW.valid_until IS NULL OR NEW.valid_until > f.valid_from)"
    " AND (f.place = NEW.place OR f.place = '' OR NEW.place = ''"
    " OR substr(NEW.place, 1, length(f.place) + 1) = f.place || '/'"
    " OR substr(f.place, 1, length(NEW.place) + 1) = NEW.place || '/')"
)
"""A set already in force that meets the new row: a place lies in another when its path goes on from it."""
APPLICATION_MOVES = (
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("returned", "submitted"),
    ("returned", "withdrawn"),
    ("reviewed", "approved"),
    ("reviewed", "refused"),
    ("reviewed", "returned"),
    ("reviewed", "withdrawn"),
    ("submitted", "returned"),
    ("submitted", "verified"),
    ("submitted", "withdrawn"),
    ("verified", "returned"),
    ("verified", "reviewed"),
    ("verified", "withdrawn"),
)
"""The same table as `applications.states.MOVES`; a test holds them together."""
MOVES = (
    ("placed", "paid"),
    ("placed", "cancelled"),
    ("placed", "expired"),
    ("paid", "placed"),
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
    asking = (name for name, *_ in asking_guards.ASKING)
    return (*(guard.name for guard in _guards("IS NOT")), _DINER, _OVERLAP, *asking)


def _moves_allowed(column: str, moves: tuple[tuple[str, str], ...]) -> str:
    pairs = " OR ".join(f"(OLD.{column} = '{old}' AND NEW.{column} = '{new}')" for old, new in moves)
    return f"NEW.{column} = OLD.{column} OR {pairs}"


@dataclass(frozen=True, slots=True)
class _Guard:
    """One trigger; without `when` it refuses always."""

    name: str
    event: str
    table: str
    message: str
    when: str = ""


def _guards(differs: str) -> list[_Guard]:
    """All of them; `differs` is the dialect's comparison that knows NULL."""
    guards = [
        _Guard(f"{table}_no_{event.lower()}", event, table, f"{table} is append-only")
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ]
    for table, columns in FROZEN.items():
        changed = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in columns)
        guards += [
            _Guard(f"{table}_frozen", "UPDATE", table, f"{table} is frozen", changed),
            _Guard(f"{table}_no_delete", "DELETE", table, f"{table} is kept"),
        ]
    forbidden = f"NOT ({_moves_allowed('status', MOVES)})"
    entered = " OR ".join(
        f"NEW.{column} {differs} OLD.{column}"
        for column in ("id", "category", "valid_from", "valid_until", "evidence", "source", "entered_at", "entered_by")
    )
    not_so = f"NOT ({_moves_allowed('state', APPLICATION_MOVES)})"
    return [
        *guards,
        *_rule_guards(differs),
        *(_Guard(*guard) for guard in month_guards.simple(differs, _moves_allowed("state", month_guards.MOVES))),
        _Guard("application_moves", "UPDATE", "application", "no such move of an application", not_so),
        _Guard("application_no_delete", "DELETE", "application", "application is kept"),
        _Guard("meal_order_moves", "UPDATE", "meal_order", "no such move of an order", forbidden),
        _Guard(
            "collection_undo_once",
            "UPDATE",
            "collection",
            "an undone hand-over stays undone",
            "OLD.undone_at IS NOT NULL",
        ),
        _Guard("shift_closed_once", "UPDATE", "shift", "a closed shift stays as it was", "OLD.closed_at IS NOT NULL"),
        _Guard("food_sample_thrown_once", "UPDATE", "food_sample", "a sample goes once", "OLD.thrown_at IS NOT NULL"),
        _Guard(
            "adjustment_decided_once",
            "UPDATE",
            "adjustment",
            "a decided adjustment stays decided",
            "OLD.decision IS NOT NULL",
        ),
        _Guard(
            "category_withdrawn_once",
            "UPDATE",
            "category_grant",
            "a withdrawn category stays withdrawn",
            "OLD.withdrawn_at IS NOT NULL",
        ),
        _Guard(
            "category_two_people",
            "INSERT",
            "category_grant",
            "a category is granted by a second person",
            "NEW.proposed_by = NEW.granted_by OR NEW.proposed_by = ''",
        ),
        _Guard(
            "category_proposal_decided_once",
            "UPDATE",
            "category_proposal",
            "a category waits as it was entered and stays as it was decided",
            "OLD.decision IS NOT NULL OR " + entered,
        ),
    ]


def _rule_guards(differs: str) -> list[_Guard]:
    """Four eyes on a rule set: nobody publishes their own, and what was submitted or published stays as it was read."""
    moved = " OR ".join(
        f"NEW.{column} {differs} OLD.{column}"
        for column in ("rule_set_id", "place", "funder", "is_example", "valid_from")
    )
    table, draft = "rule_set_in_force", "rule_draft"
    return [
        _Guard(
            "rule_set_two_people", "INSERT", "rule_set", "published by its author", "NEW.drafted_by = NEW.published_by"
        ),
        _Guard(
            f"{table}_only_ends",
            "UPDATE",
            table,
            "a rule set in force can only end earlier",
            f"{moved} OR NEW.valid_until IS NULL OR (OLD.valid_until IS NOT NULL AND NEW.valid_until > OLD.valid_until)",
        ),
        _Guard(f"{table}_no_delete", "DELETE", table, f"{table} is kept"),
        _Guard(
            f"{draft}_as_read",
            "UPDATE",
            draft,
            "a draft keeps its author, and its text once submitted",
            f"NEW.id {differs} OLD.id OR NEW.author {differs} OLD.author OR OLD.state IN ('published', 'withdrawn')"
            f" OR (OLD.state = 'submitted' AND NEW.text {differs} OLD.text)",
        ),
        _Guard(f"{draft}_no_delete", "DELETE", draft, f"{draft} is kept"),
    ]


def _sqlite(connection: Connection) -> None:
    for guard in _guards("IS NOT"):
        condition = erasable.but_erasing(connection, guard.table, guard.event, guard.when)
        when = f" WHEN {condition}" if condition else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_DINER}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_DINER} BEFORE UPDATE OF resident_id ON meal_order"
        f" WHEN NEW.resident_id IS NOT OLD.resident_id AND NOT EXISTS ({_TAKEN_OVER})"
        f" BEGIN SELECT RAISE(ABORT, '{_DINER_MESSAGE}'); END"
    )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_OVERLAP}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_OVERLAP} BEFORE INSERT ON rule_set_in_force WHEN EXISTS ({_SAME_FUNDER_AND_DAY})"
        f" BEGIN SELECT RAISE(ABORT, '{_OVERLAP_MESSAGE}'); END"
    )
    asking_guards.apply(connection)


def _postgres(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION canteen_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    connection.exec_driver_sql(erasable.REFUSE_BUT_ERASING)
    for guard in _guards("IS DISTINCT FROM"):
        when = f" WHEN ({guard.when})" if guard.when else ""
        refuse = erasable.refusal(guard.table, guard.event, guard.message)
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when}"
            f" EXECUTE FUNCTION {refuse}"
        )
    # a condition of a trigger may not ask another table here: the function does
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION canteen_keep_diner() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NOT EXISTS ({_TAKEN_OVER}) THEN RAISE EXCEPTION '{_DINER_MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_DINER} ON meal_order")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_DINER} BEFORE UPDATE OF resident_id ON meal_order FOR EACH ROW"
        " WHEN (NEW.resident_id IS DISTINCT FROM OLD.resident_id) EXECUTE FUNCTION canteen_keep_diner()"
    )
    # two publishers at once: the second waits for the first and then sees what it put in force
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION canteen_one_rule_set() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('rule_set_in_force'));"
        f" IF EXISTS ({_SAME_FUNDER_AND_DAY}) THEN RAISE EXCEPTION '{_OVERLAP_MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_OVERLAP} ON rule_set_in_force")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_OVERLAP} BEFORE INSERT ON rule_set_in_force FOR EACH ROW"
        " EXECUTE FUNCTION canteen_one_rule_set()"
    )
    asking_guards.apply(connection)
