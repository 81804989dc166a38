"""The writer: a refusal undoes only itself, an answer means durable, readers never wait."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from canteen.db.database import Database


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    """One table of one column."""
    database = Database(f"sqlite:///{tmp_path / 'writer.sqlite3'}")
    database.write_sync(_run, "CREATE TABLE note (id INTEGER PRIMARY KEY)")
    return database


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


def _insert(session: Session, number: int) -> int:
    session.execute(text("INSERT INTO note VALUES (:n)"), {"n": number})
    if number % 10 == 7:
        raise ValueError(number)
    return number


def _count(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM note")).scalar_one())


async def test_a_refusal_undoes_only_its_own_writing(empty: Database) -> None:
    """A hundred writes at once share batches; the ten that fail leave nothing, the others stay."""
    answers = await asyncio.gather(*(empty.write(_insert, n) for n in range(100)), return_exceptions=True)

    assert sum(isinstance(answer, ValueError) for answer in answers) == 10
    assert await empty.read(_count) == 90
    empty.close()


async def test_an_answer_means_another_connection_sees_it(empty: Database, tmp_path: Path) -> None:
    """Committed when `write` returns, not later."""
    await empty.write(_insert, 1)

    other = sqlite3.connect(tmp_path / "writer.sqlite3")
    assert other.execute("SELECT count(*) FROM note").fetchone() == (1,)
    other.close()
    empty.close()


async def test_readers_cannot_write(empty: Database) -> None:
    """A read model that tries is a defect that shows at once."""
    with pytest.raises(Exception, match="readonly"):
        await empty.read(_insert, 1)
    empty.close()


def test_one_slow_reader_does_not_stop_a_write(empty: Database) -> None:
    """A reader holds its snapshot while a write is committed."""

    def read_twice(session: Session) -> tuple[int, int]:
        before = _count(session)
        empty.write_sync(_insert, 5)
        return before, _count(session)

    assert empty.read_sync(read_twice) == (0, 0)
    assert empty.read_sync(_count) == 1
    empty.close()
