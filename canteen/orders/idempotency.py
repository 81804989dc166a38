"""The first answer to a request, kept under its key and the fingerprint of its body."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, insert, select
from sqlmodel import Session

from canteen.db.locks import try_hold
from canteen.orders.errors import KeyInProgress, KeyMissing, KeyReused
from canteen.orders.models import IdempotencyKey

LONGEST_KEY = 128


def check_key(key: str | None) -> str:
    """The key, if it can be one.

    Raises:
        KeyMissing: absent, blank, or longer than 128 characters.
    """
    if not key or not key.strip() or len(key) > LONGEST_KEY:
        raise KeyMissing()
    return key


def fingerprint(body: object) -> str:
    """SHA-256 of the canonical JSON of a request: equal bodies, equal fingerprint, whatever the order of fields."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


def first_answer(session: Session, scope: str, key: str, body: str) -> bytes | None:
    """What was answered to this key before, or None.

    Two are never decided side by side: the second would see the counters of the first taken and answer another price.

    Raises:
        KeyReused: the key belongs to another body.
        KeyInProgress: another process is answering it right now.
    """
    if not try_hold(session, f"idempotency {scope} {key}"):
        raise KeyInProgress()
    row = session.execute(_FIND, {"s": scope, "k": key}).one_or_none()
    if row is None:
        return None
    if row.fingerprint != body:
        raise KeyReused()
    answer: bytes = row.answer
    return answer


def order_of(session: Session, scope: str, key: str) -> str | None:
    """The order a key was kept for, whatever its body was; None when the key is new."""
    found: str | None = session.execute(_ORDER_OF, {"s": scope, "k": key}).scalar()
    return found


def keep(session: Session, scope: str, key: str, body: str, *, order_id: str, answer: bytes, now: datetime) -> None:
    """Store the answer in the transaction that made it true; a second one with the key fails by constraint."""
    session.execute(
        _INSERT,
        {
            "scope": scope,
            "key": key,
            "fingerprint": body,
            "order_id": order_id,
            "answer": answer,
            "created_at": now,
        },
    )


class InProgress:
    """Keys this process is working on: a second request with one of them is told to wait instead of queueing."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def working_on(self, scope: str, key: str) -> Iterator[None]:
        """Raises: KeyInProgress when the key is being worked on."""
        mark = (scope, key)
        with self._lock:
            if mark in self._keys:
                raise KeyInProgress()
            self._keys.add(mark)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(mark)


_KEPT = IdempotencyKey.__table__.c  # type: ignore[attr-defined]
_FIND = select(_KEPT.fingerprint, _KEPT.answer).where(_KEPT.scope == bindparam("s"), _KEPT.key == bindparam("k"))
_ORDER_OF = select(_KEPT.order_id).where(_KEPT.scope == bindparam("s"), _KEPT.key == bindparam("k"))
_INSERT = insert(IdempotencyKey.__table__)  # type: ignore[attr-defined]
