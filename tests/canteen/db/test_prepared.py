"""Statements that go to SQLite as they are answer exactly as SQLAlchemy does."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from canteen.clock import DemoClockRow
from canteen.db import prepared
from canteen.db.database import Database

METADATA = MetaData()
MEAL = Table(
    "meal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Date),
    Column("tags", JSON),
    Column("sold", Boolean),
    Column("photo", LargeBinary),
    Column("name", Text),
    CheckConstraint("name <> 'stone'", name="edible"),
)
ADD = insert(MEAL)
READ = select(MEAL).where(MEAL.c.id == bindparam("id"))
RENAME = update(MEAL).where(MEAL.c.id == bindparam("key")).values(name=bindparam("new")).returning(MEAL.c.name)
SELL = update(MEAL).where(MEAL.c.id == bindparam("key")).values(sold=True)
ROW = {"day": date(2026, 11, 23), "tags": ["soft"], "sold": False, "photo": b"\x00\xff", "name": "𬭊🍚"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """One empty table."""
    opened = Database(f"sqlite:///{tmp_path / 'meals.sqlite3'}")
    METADATA.create_all(opened.write_engine)
    yield opened
    opened.close()


def thrice(session: Session, statement: Any, params: list[Any]) -> list[Any]:  # noqa: ANN401
    """Executed three times: the first two make it known and prepare it."""
    return [session.execute(statement, one) for one in params]


def test_values_come_back_as_they_went_in(database: Database) -> None:
    """Dates, JSON, booleans, bytes and rare characters; by attribute, by place, one or all."""

    def both(session: Session) -> tuple[list[Any], Any]:
        thrice(session, ADD, [{"id": number, **ROW} for number in (1, 2, 3)])
        rows = [answer.one() for answer in thrice(session, READ, [{"id": number} for number in (1, 2, 3)])]
        return rows, session.execute(READ, {"id": 3}).all()

    rows, again = database.write_sync(both)

    assert [tuple(row) for row in rows] == [(number, *ROW.values()) for number in (1, 2, 3)]
    assert rows[2].day == date(2026, 11, 23)
    assert again == [rows[2]]
    assert (prepared._KEPT.get((READ, ("id",)))) is not None


def test_changed_rows_are_counted_and_returned(database: Database) -> None:
    """One or many; literal values in the statement stay."""

    def change(session: Session) -> tuple[list[str], list[int], int]:
        session.execute(ADD, [{"id": number, **ROW} for number in (1, 2, 3)])
        names = [answer.scalar_one() for answer in thrice(session, RENAME, [{"key": 1, "new": n} for n in "abc"])]
        counts = [answer.rowcount for answer in thrice(session, SELL, [{"key": key} for key in (1, 2, 99)])]
        many = thrice(session, SELL, [[{"key": 1}, {"key": 2}, {"key": 99}]] * 3)
        return names, counts, many[-1].rowcount

    assert database.write_sync(change) == (["a", "b", "c"], [1, 1, 0], 2)


def test_refusals_of_the_database_are_sqlalchemys(database: Database) -> None:
    """Who catches IntegrityError goes on catching it, and the savepoint holds nothing of it."""
    for number in (1, 2):
        database.write_sync(lambda session, at: session.execute(ADD, {"id": at, **ROW}), number)

    for wrong in ({"id": 1, **ROW}, {"id": 3, **ROW, "name": "stone"}):
        with pytest.raises(IntegrityError):
            database.write_sync(lambda session, row: session.execute(ADD, row), wrong)

    assert database.read_sync(lambda session: len(session.execute(select(MEAL.c.id)).all())) == 2


def test_a_missing_parameter_is_not_taken_for_nothing(database: Database) -> None:
    """As SQLAlchemy refuses it."""

    def forget(session: Session) -> None:
        thrice(session, RENAME, [{"key": 1, "new": "a"}] * 3)
        session.execute(RENAME, {"key": 1})

    with pytest.raises(Exception, match="new"):
        database.write_sync(forget)


def test_statements_built_on_the_fly_are_not_kept(database: Database) -> None:
    """Otherwise memory would grow with every request."""

    def ask(session: Session, number: int) -> None:
        session.execute(select(MEAL.c.id).where(MEAL.c.id == bindparam("id")), {"id": number})

    database.read_sync(ask, 0)
    before = len(prepared._KEPT)
    for number in range(50):
        database.read_sync(ask, number)

    assert len(prepared._KEPT) == before


def test_who_listens_to_statements_hears_all_of_them(database: Database) -> None:
    """Tracing and the benchmark's notes."""
    heard: list[str] = []
    database.write_sync(thrice, ADD, [{"id": number, **ROW} for number in (1, 2, 3)])
    event.listen(database.write_engine, "before_cursor_execute", lambda *sent: heard.append(sent[2]))

    database.write_sync(thrice, READ, [{"id": number} for number in (1, 2, 3)])

    assert sum(statement.startswith("SELECT") for statement in heard) == 3


def test_instants_stay_aware(database: Database) -> None:
    """The platform's own tables, whose instants are kept as UTC."""
    moment = datetime(2026, 11, 23, 2, 50, 0, 123456, tzinfo=UTC)
    table = DemoClockRow.__table__  # type: ignore[attr-defined]
    table.create(database.write_engine)
    read = select(table.c.shown_at).where(table.c.id == bindparam("id"))
    database.write_sync(thrice, insert(table), [{"id": 1, "shown_at": moment, "real_at": moment}])

    answers = database.read_sync(lambda session: [a.scalar_one() for a in thrice(session, read, [{"id": 1}] * 3)])

    assert answers == [moment] * 3
    assert all(answer.tzinfo is not None for answer in answers)


def test_the_questions_of_a_page_see_one_snapshot(database: Database) -> None:
    """A write committed between two of them does not show, though neither passes through SQLAlchemy's transaction."""
    database.write_sync(lambda session: session.execute(ADD, {"id": 1, **ROW}))
    for _ in range(3):
        database.read_sync(lambda session: session.execute(READ, {"id": 1}).one())

    def twice(session: Session) -> list[str]:
        before = session.execute(READ, {"id": 1}).one().name
        database.write_sync(lambda writing: writing.execute(RENAME, {"key": 1, "new": "changed"}))
        return [before, session.execute(READ, {"id": 1}).one().name]

    assert database.read_sync(twice) == [ROW["name"]] * 2
    assert database.read_sync(lambda session: session.execute(READ, {"id": 1}).one().name) == "changed"
