"""The books: balanced, keyed, chained, and cached budgets that follow them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from subsidies.budgets import BudgetMissing
from subsidies.ledger import GENESIS, AlreadyBooked, Entry, Leg, Unbalanced, link_hash, post, posted_legs
from subsidies.models import Budget, LedgerTransaction

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DISTRICT = {"funder": "district", "programme": "elder-meals"}


def _entry(key: str, *legs: Leg, resolves: str | None = None, canteen: str = "longcheng") -> Entry:
    return Entry(key, canteen, "test", "order:x", date(2026, 11, 23), legs, "test", resolves=resolves)


def _cash(fen: int) -> tuple[Leg, Leg]:
    return Leg("F", "1000", fen), Leg("F", "2100", -fen)


def _post(database: Database, *entries: Entry) -> None:
    database.write_sync(lambda session: post(session, entries, now=NOW))


def _budget(session: Session) -> Budget:
    session.add(Budget(canteen_id="longcheng", funder="district", programme="elder-meals", year=2026))
    session.flush()
    return session.exec(select(Budget)).one()


def test_an_entry_that_does_not_balance_is_refused(database: Database) -> None:
    """Each book for itself: B and F never make up for one another."""
    with pytest.raises(Unbalanced):
        _post(database, _entry("a", Leg("F", "1000", 600), Leg("F", "2100", -599)))
    with pytest.raises(Unbalanced):
        _post(database, _entry("b", Leg("F", "1000", 600), Leg("B", "available", -600)))


def test_the_same_key_is_booked_once(database: Database) -> None:
    """A retry after a lost answer books nothing twice."""
    _post(database, _entry("pay:1", *_cash(600)))

    with pytest.raises(AlreadyBooked):
        _post(database, _entry("pay:1", *_cash(600)))


def test_a_reservation_resolves_once(database: Database) -> None:
    """Earned or released, never both."""
    _post(database, _entry("earn:1", *_cash(600), resolves="reserve:1"))

    with pytest.raises(AlreadyBooked):
        _post(database, _entry("release:1", *_cash(600), resolves="reserve:1"))


def test_each_entry_carries_the_hash_of_the_one_before(database: Database) -> None:
    """One chain a canteen, without gaps, recomputable from the rows."""
    _post(database, _entry("1", *_cash(1)), _entry("2", *_cash(2)))
    _post(database, _entry("x", *_cash(9), canteen="shuiyun"))
    _post(database, _entry("3", *_cash(3)))

    def chain(session: Session) -> list[tuple[int, bool, bool]]:
        rows = session.exec(
            select(LedgerTransaction).where(LedgerTransaction.canteen_id == "longcheng").order_by("seq")
        ).all()
        before, found = GENESIS, []
        for row in rows:
            legs = posted_legs(session, row.key)
            found.append((row.seq, row.prev_hash == before, row.hash == link_hash(row.model_dump(), legs)))
            before = row.hash
        return found

    assert database.read_sync(chain) == [(1, True, True), (2, True, True), (3, True, True)]


def test_an_instant_told_in_another_zone_is_hashed_as_it_is_stored(database: Database) -> None:
    """11:00 in Shanghai is 03:00 UTC: the row says UTC, so must the hash."""
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    database.write_sync(lambda session: post(session, [_entry("a", *_cash(1))], now=shanghai))

    def recomputed(session: Session) -> tuple[str, str]:
        row = session.exec(select(LedgerTransaction)).one()
        return row.hash, link_hash(row.model_dump(), posted_legs(session, "a"))

    stored, again = database.read_sync(recomputed)
    assert stored == again


def test_a_changed_amount_breaks_the_hash(database: Database) -> None:
    """What the chain is for."""
    _post(database, _entry("1", *_cash(100)))

    row = database.read_sync(lambda session: session.exec(select(LedgerTransaction)).one().model_dump())

    assert link_hash(row, _cash(100)) == row["hash"]
    assert link_hash(row, _cash(101)) != row["hash"]


def test_cached_budgets_follow_the_entries(database: Database) -> None:
    """Loaded, reserved, earned; the source is shown positive."""
    database.write_sync(_budget)
    _post(
        database,
        _entry("load", Leg("B", "appropriated", -1000, **DISTRICT), Leg("B", "available", 1000, **DISTRICT)),
        _entry("reserve", Leg("B", "available", -300, **DISTRICT), Leg("B", "reserved", 300, **DISTRICT)),
        _entry("earn", Leg("B", "reserved", -300, **DISTRICT), Leg("B", "earned", 300, **DISTRICT)),
    )

    budget = database.read_sync(lambda session: session.exec(select(Budget)).one())

    assert (budget.appropriated_fen, budget.available_fen, budget.reserved_fen, budget.earned_fen) == (
        1000,
        700,
        0,
        300,
    )


def test_money_of_a_budget_nobody_loaded_is_refused(database: Database) -> None:
    """No row, no reservation."""
    with pytest.raises(BudgetMissing):
        _post(database, _entry("r", Leg("B", "available", -1, **DISTRICT), Leg("B", "reserved", 1, **DISTRICT)))


def test_unknown_accounts_are_refused(database: Database) -> None:
    """A slip of the programmer's finger never reaches the books."""
    with pytest.raises(ValueError, match="4711"):
        _post(database, _entry("r", Leg("F", "4711", -1), Leg("F", "1000", 1)))
