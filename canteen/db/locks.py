"""Locks by name, held until the transaction ends. On SQLite the one writer already stands for all of them."""

import hashlib

from sqlalchemy import text
from sqlmodel import Session

_HOLD = text("SELECT pg_advisory_xact_lock(:key)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")


def hold(session: Session, name: str) -> None:
    """Wait until nobody else holds `name`, then hold it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"key": _number(name)})


def try_hold(session: Session, name: str) -> bool:
    """Hold `name` if nobody else does; False when somebody does."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.execute(_TRY, {"key": _number(name)}).scalar_one())


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
