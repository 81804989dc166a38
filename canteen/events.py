"""What happened, told to live pages after the commit. Events carry keys and a version, never content."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CanteenChanged:
    """Something a live page of this canteen shows has changed."""

    canteen_id: str
    topic: str
    """orders · menu · help."""


class Events:
    """Hands events to whoever listens in this process."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[CanteenChanged], None]] = []

    def listen(self, listener: Callable[[CanteenChanged], None]) -> None:
        """Call `listener` with every event from now on."""
        self._listeners.append(listener)

    def publish(self, event: CanteenChanged) -> None:
        """Tell every listener. Call only after the commit."""
        for listener in self._listeners:
            listener(event)
