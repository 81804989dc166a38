"""Statements that go to SQLite as they are: compiled once, values converted by SQLAlchemy's own types, nothing between.

An order is two dozen small statements, and preparing each anew took two thirds of its time. Only statements that live as long
as the program come here (`LentSession`), and whoever listens to statements (tests, tracing) gets the ordinary way. It asks
SQLAlchemy's compiler for what it has no public name for: the converters of parameters and columns.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

Hot = Select[Any] | Insert | Update | Delete
Convert = Callable[[Any], Any] | None


class Answer(IteratorResult[Any]):
    """Rows, and how many were changed."""

    rowcount: int = -1


class Prepared:
    """One statement with one set of parameter names, as text for SQLite."""

    def __init__(self, statement: Hot, names: Sequence[str], connection: Connection) -> None:
        dialect = connection.dialect
        keys = list(names) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        self.text = str(compiled)
        # what is worked out at each execution (lists, defaults) stays with SQLAlchemy
        self.fits = not (
            compiled.post_compile_params
            or compiled.literal_execute_params
            or compiled.insert_prefetch
            or compiled.update_prefetch
        )
        into = cast("Mapping[str, Convert]", compiled._bind_processors)  # noqa: SLF001 - see the module
        constants = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        self._values = [
            (name, into.get(name), name not in constants, constants.get(name)) for name in compiled.positiontup or ()
        ]
        columns = compiled._result_columns or []  # noqa: SLF001 - as above
        self._keys = SimpleResultMetaData([column.keyname for column in columns])
        self._out: list[Convert] = [
            column.type._cached_result_processor(dialect, None)  # noqa: SLF001 - as above
            for column in columns
        ]
        self.answers = bool(self._out)
        self._converts = any(self._out)

    def run(self, connection: sqlite3.Connection, params: dict[str, Any] | Sequence[dict[str, Any]]) -> Answer:
        """Raises: sqlalchemy.exc.DBAPIError and its kin, as SQLAlchemy does."""
        try:
            if isinstance(params, dict):
                cursor = connection.execute(self.text, self._bound(params))
            else:
                cursor = connection.executemany(self.text, [self._bound(one) for one in params])
            rows = cursor.fetchall() if self.answers else ()
        except sqlite3.Error as error:
            raise DBAPIError.instance(self.text, None, error, sqlite3.Error) from error
        answer = Answer(self._keys, iter([self._read(row) for row in rows] if self._converts else rows))
        answer.rowcount = cursor.rowcount
        return answer

    def _bound(self, params: Mapping[str, Any]) -> list[Any]:
        bound = []
        for name, convert, required, constant in self._values:
            value = params[name] if required else params.get(name, constant)
            bound.append(value if convert is None else convert(value))
        return bound

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            value if convert is None else convert(value) for value, convert in zip(row, self._out, strict=True)
        )


_KEPT: dict[tuple[Hot, tuple[str, ...]], Prepared] = {}
"""Statement (by identity; held, so that it stays the same) and parameter names → text."""
_SEEN: WeakSet[Hot] = WeakSet()
"""Seen once: what is built on the fly is gone before it could be seen again."""


def prepared(connection: Connection, statement: Hot, params: Any) -> Prepared | None:  # noqa: ANN401 - as execute has it
    """The statement ready for SQLite; None where the ordinary way is needed."""
    names = tuple(params if isinstance(params, dict) else params[0])
    found = _KEPT.get((statement, names))
    if found is None:
        if statement not in _SEEN:
            _SEEN.add(statement)
            return None
        found = _KEPT[(statement, names)] = Prepared(statement, names, connection)
    if not found.fits or (
        found.answers and not isinstance(params, dict)
    ):  # rows of many at once: SQLAlchemy sorts them
        return None
    return found
