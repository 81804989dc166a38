"""What people decided about a month: its statement's lines, sign-offs, and the differences with their threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from subsidies.months import Month


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One funder and programme; fen. None: nobody has approved yet."""

    funder: str
    programme: str
    meals: int
    claimed_fen: int
    approved_fen: int | None
    disallowed_fen: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """One step of the statement, and who took it."""

    step: str
    by: str
    by_name: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MonthPapers:
    """All of it. Without lines the claim is what the books say."""

    state: str = "open"
    lines: Sequence[PaperLine] = ()
    sign_offs: Sequence[SignOff] = ()
    differences: Sequence[Mapping[str, object]] = ()
    blocking_open: int = 0
    previous_root: str = ""
    """Of the month locked before; empty when this is the first."""


def month_papers(session: Session, canteen_id: str, month: Month) -> MonthPapers:
    """As far as the month has come."""
    return MonthPapers()
