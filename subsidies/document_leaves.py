"""What a part of a rule document says besides some of its keys, told as it would be written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time


def unnamed(table: Mapping[str, object], named: Iterable[str]) -> tuple[str, ...]:
    """`benefit.rounding = "half_up"` for every key not in `named`; a name stands for all that lies below it."""
    covered = frozenset(named)
    return tuple(f"{path} = {_written(value)}" for path, value in _leaves(table, "", covered))


def _leaves(table: Mapping[str, object], above: str, covered: frozenset[str]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        path = f"{above}{key}"
        if path in covered:
            continue
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{path}.", covered)
        else:
            yield path, value


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_written(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return json.dumps(value, ensure_ascii=False)
