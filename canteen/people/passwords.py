"""Passwords: argon2id, parameters of OWASP (19 MiB, two passes). About 40 ms: call them off the event loop."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 8
MAX_LENGTH = 128
"""Longer input only costs time."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """A salted hash in PHC text form."""
    return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. An unknown account (None) takes as long and is never right."""
    try:
        _hasher().verify(password_hash or _nobody(), password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
