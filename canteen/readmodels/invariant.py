"""One invariant and how it stands, and the way its breaches are told."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 3
"""Breaches named in a detail at most."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """`figure` says what was looked at, `detail` which breaches were found; both for the log of an administrator."""

    name: str
    ok: bool
    figure: str
    detail: str = ""


def judged(name: str, figure: str, breaches: Iterable[str]) -> Invariant:
    """Holds when there is no breach."""
    found = list(breaches)
    more = f" … {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return Invariant(name, not found, figure, " · ".join(found[:SHOWN]) + more)
