"""Where an application stands: one table of moves, who makes each, and how many workdays it may take."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Named by what happened last."""

    DRAFT = "draft"
    """Being filled in; nobody else sees it."""
    SUBMITTED = "submitted"
    """Sent: the community verifies."""
    RETURNED = "returned"
    """Something is missing: the applicant completes it and sends it again."""
    VERIFIED = "verified"
    """The community has seen the facts: the subdistrict reviews."""
    REVIEWED = "reviewed"
    """The subdistrict agrees: civil affairs decides."""
    APPROVED = "approved"
    """The category is on the file."""
    REFUSED = "refused"
    """Civil affairs said no, with a reason."""
    WITHDRAWN = "withdrawn"
    """Taken back by whoever applied."""


class Level(StrEnum):
    """Who acts. One person acts on one level of an application and never on two (the database refuses it)."""

    APPLICANT = "applicant"
    """The resident, a family member, or a worker on their behalf."""
    COMMUNITY = "community"
    """社区: verifies."""
    SUBDISTRICT = "subdistrict"
    """街道: reviews."""
    DISTRICT = "district"
    """区民政局: approves or refuses."""


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.VERIFIED, State.REVIEWED)
"""One application of a resident for a category may be in these at a time."""
WITH_APPLICANT = (State.DRAFT, State.RETURNED)
"""Answers and photos change only here."""


@dataclass(frozen=True, slots=True)
class Move:
    """One decision: who takes it, from which states to which."""

    level: Level
    sources: tuple[State, ...]
    target: State
    needs_reason: bool = False


SUBMIT = Move(Level.APPLICANT, WITH_APPLICANT, State.SUBMITTED)
WITHDRAW = Move(Level.APPLICANT, OPEN, State.WITHDRAWN)
DECISIONS: dict[Level, dict[str, Move]] = {
    Level.COMMUNITY: {
        "verify": Move(Level.COMMUNITY, (State.SUBMITTED,), State.VERIFIED),
        "return": Move(Level.COMMUNITY, (State.SUBMITTED,), State.RETURNED, needs_reason=True),
    },
    Level.SUBDISTRICT: {
        "review": Move(Level.SUBDISTRICT, (State.VERIFIED,), State.REVIEWED),
        "return": Move(Level.SUBDISTRICT, (State.VERIFIED,), State.RETURNED, needs_reason=True),
    },
    Level.DISTRICT: {
        "approve": Move(Level.DISTRICT, (State.REVIEWED,), State.APPROVED),
        "return": Move(Level.DISTRICT, (State.REVIEWED,), State.RETURNED, needs_reason=True),
        "refuse": Move(Level.DISTRICT, (State.REVIEWED,), State.REFUSED, needs_reason=True),
    },
}
"""What each office may decide, by the word of its button."""
WAITS_FOR: dict[State, Level] = {
    State.SUBMITTED: Level.COMMUNITY,
    State.VERIFIED: Level.SUBDISTRICT,
    State.REVIEWED: Level.DISTRICT,
}
"""Whose turn it is."""
DUE_WORKDAYS: dict[State, int] = {State.SUBMITTED: 5, State.VERIFIED: 5, State.REVIEWED: 10}
"""Workdays each office has, counted from the day after it arrived. Source: the product's own default; no notice names any."""
MOVES = tuple(
    sorted(
        {
            (source.value, move.target.value)
            for move in (SUBMIT, WITHDRAW, *(one for moves in DECISIONS.values() for one in moves.values()))
            for source in move.sources
        }
    )
)
"""Every (from, to) there is; `canteen.db.guards` holds the same table."""
