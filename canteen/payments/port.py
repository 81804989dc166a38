"""The port behind which online acquirers live. Wallet and cash need none; one acquirer is one more file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class IntentState(StrEnum):
    """Where a charge at an acquirer stands; states only move forward."""

    PENDING = "pending"
    """The payer has not finished, or the acquirer has not said."""
    SUCCEEDED = "succeeded"
    """The money is at the acquirer."""
    FAILED = "failed"
    """It will not come."""


@dataclass(frozen=True)
class Intent:
    """One attempt to charge `fen` at an acquirer."""

    reference: str
    """The acquirer's own name for it."""
    fen: int
    state: IntentState
    continue_url: str | None = None
    """Where the payer goes on, for redirect methods."""


class Acquirer(Protocol):
    """What an online acquirer must be able to do. Called outside transactions only, settled through an outbox row."""

    async def start(self, *, order_id: str, attempt: int, fen: int, return_url: str) -> Intent:
        """Begin charging; `pay:{order_id}:{attempt}` is the idempotency key."""
        ...

    async def look_up(self, reference: str) -> Intent:
        """The charge as the acquirer sees it now."""
        ...

    async def refund(self, reference: str, *, fen: int, key: str) -> Intent:
        """Give back `fen` of a charge, once per `key`."""
        ...
