"""Who is telephoned about a month, what did they say, and how many of the three in a hundred are done?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from canteen.confirmations.models import CallAttempt, CallDraw, CallLine
from canteen.people import residents
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, mask_phone
from canteen.sites.models import Canteen, Community

SETTLED = ("confirmed", "denied", "wrong_number")
"""Nobody need ring again; `no_answer` is tried once more."""


@dataclass(frozen=True, slots=True)
class CallProgress:
    """One canteen's list of one month, counted by the last call of each person. Nothing drawn: all zero."""

    canteen_id: str
    month: str
    diners: int = 0
    drawn: int = 0
    seed: str = ""
    seed_seq: int = 0
    drawn_at: datetime | None = None
    confirmed: int = 0
    denied: int = 0
    wrong_number: int = 0
    no_answer: int = 0

    @property
    def done(self) -> int:
        """Reached, or found not to be reachable."""
        return self.confirmed + self.denied + self.wrong_number

    @property
    def reached(self) -> int:
        """They were spoken to."""
        return self.confirmed + self.denied


@dataclass(frozen=True, slots=True)
class CallPast:
    """One earlier call."""

    at: datetime
    by_name: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class CallPerson:
    """One person of a list; the telephone number is masked, `outcome` that of the last call, empty before the first."""

    canteen_id: str
    canteen_name: str
    month: str
    position: int
    resident_id: str
    name: str
    title: str
    phone: str
    community: str
    outcome: str
    calls: tuple[CallPast, ...]
    is_erased: bool

    @property
    def is_done(self) -> bool:
        """Nobody need ring again."""
        return self.outcome in SETTLED or self.is_erased


def call_checks(session: Session, canteen_id: str, month: str) -> CallProgress:
    """For the declaration, the review and the list itself."""
    draw = session.get(CallDraw, (canteen_id, month))
    if draw is None:
        return CallProgress(canteen_id, month)
    last = (
        select(func.max(col(CallAttempt.id)))
        .where(col(CallAttempt.canteen_id) == canteen_id, col(CallAttempt.period) == month)
        .group_by(col(CallAttempt.position))
    )
    counts = dict(
        session.execute(
            select(col(CallAttempt.outcome), func.count())
            .where(col(CallAttempt.id).in_(last))
            .group_by(col(CallAttempt.outcome))
        ).all()
    )
    return CallProgress(
        canteen_id,
        month,
        draw.diners,
        draw.drawn,
        draw.seed,
        draw.seed_seq,
        draw.drawn_at,
        counts.get("confirmed", 0),
        counts.get("denied", 0),
        counts.get("wrong_number", 0),
        counts.get("no_answer", 0),
    )


def call_people(
    session: Session,
    month: str,
    scope: ColumnElement[bool],
    *,
    sealer: Sealer,
    line: tuple[str, int] | None = None,
) -> tuple[CallPerson, ...]:
    """Everybody drawn for `month` within the scope (`office_scope.in_scope`), those still to be rung first.

    `line`: only that position of that canteen's list.
    """
    at_the_draw = aliased(Resident)
    # the file that took theirs over is who can be rung
    standing = func.coalesce(col(at_the_draw.merged_into), col(at_the_draw.id))
    statement = (
        select(CallLine, Resident, col(Canteen.short_name), col(Community.name))
        .join(at_the_draw, col(at_the_draw.id) == col(CallLine.resident_id))
        .join(Resident, col(Resident.id) == standing)
        .join(Canteen, col(Canteen.id) == col(CallLine.canteen_id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(col(CallLine.period) == month, scope)
        .order_by(col(Canteen.position), col(CallLine.canteen_id), col(CallLine.position))
    )
    if line is not None:
        statement = statement.where(col(CallLine.canteen_id) == line[0], col(CallLine.position) == line[1])
    rows = session.execute(statement).all()
    past: dict[tuple[str, int], list[CallPast]] = {}
    for call in session.execute(
        select(CallAttempt).where(col(CallAttempt.period) == month).order_by(col(CallAttempt.id))
    ).scalars():
        note = sealer.open(call.note_sealed, ("call_attempt", "note_sealed", call.id)) if call.note_sealed else ""
        past.setdefault((call.canteen_id, call.position), []).append(
            CallPast(call.at, call.by_name, call.outcome, note)
        )
    people = []
    for drawn, person, canteen_name, community in rows:
        calls = tuple(past.get((drawn.canteen_id, drawn.position), ()))
        phone = residents.opened(sealer, person.id, "phone_sealed", person.phone_sealed)
        people.append(
            CallPerson(
                drawn.canteen_id,
                canteen_name,
                month,
                drawn.position,
                person.id,
                person.name,
                person.title,
                mask_phone(phone),
                community or "",
                calls[-1].outcome if calls else "",
                calls,
                person.erased_at is not None,
            )
        )
    return tuple(sorted(people, key=lambda one: one.is_done))


def undrawn(session: Session, month: str) -> tuple[str, ...]:
    """Canteens whose list of `month` does not exist yet."""
    rows = session.execute(
        select(col(Canteen.id)).where(
            col(Canteen.id).not_in(select(col(CallDraw.canteen_id)).where(col(CallDraw.period) == month))
        )
    )
    return tuple(rows.scalars())
