"""What people decided about a month: its statement's lines, sign-offs, and the differences with their threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import Session, SQLModel

from subsidies.months import Month
from subsidies.statement_models import MonthStatement, StatementApproval, StatementLine, StatementStep
from subsidies.statement_states import CLAIMED

_S = SQLModel.metadata.tables[str(MonthStatement.__tablename__)]
_STEP = SQLModel.metadata.tables[str(StatementStep.__tablename__)]
_LINE = SQLModel.metadata.tables[str(StatementLine.__tablename__)]
_DONE = SQLModel.metadata.tables[str(StatementApproval.__tablename__)]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One funder and programme; fen. None: nobody has approved yet."""

    funder: str
    programme: str
    meals: int
    claimed_fen: int
    approved_fen: int | None
    disallowed_fen: int | None
    set_off_fen: int = 0
    """Owed back from locked months and taken off this payment."""
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
    differences: Sequence[Mapping[str, object]] | None = None
    """None: nobody keeps them yet, so the pack says nothing of them."""
    blocking_open: int = 0
    previous_root: str = ""
    """Of the month locked before; empty when this is the first."""


def month_papers(session: Session, canteen_id: str, month: Month) -> MonthPapers:
    """As far as the month has come."""
    previous = last_root(session, canteen_id, month)
    found = session.execute(
        select(_S.c.id, _S.c.state, _S.c.attempt).where(_S.c.canteen_id == canteen_id, _S.c.period == month.text)
    ).one_or_none()
    if found is None:
        return MonthPapers(previous_root=previous)
    steps = session.execute(
        select(_STEP.c.step, _STEP.c.by, _STEP.c.by_name, _STEP.c.at, _STEP.c.reason)
        .where(_STEP.c.statement_id == found.id)
        .order_by(_STEP.c.position)
    )
    return MonthPapers(
        state=found.state,
        lines=_lines(session, found.id, found.attempt) if found.state in CLAIMED else (),
        sign_offs=tuple(SignOff(*row) for row in steps),
        previous_root=previous,
    )


def last_root(session: Session, canteen_id: str, month: Month) -> str:
    """The root of the newest earlier month that is locked; empty when there is none."""
    root = session.execute(
        select(_S.c.merkle_root)
        .where(_S.c.canteen_id == canteen_id, _S.c.period < month.text, _S.c.merkle_root.is_not(None))
        .order_by(_S.c.period.desc())
        .limit(1)
    ).scalar_one_or_none()
    return root or ""


def _lines(session: Session, statement_id: str, attempt: int) -> tuple[PaperLine, ...]:
    rows = session.execute(
        select(
            _LINE.c.funder, _LINE.c.programme, _LINE.c.meals, _LINE.c.claimed_fen, _DONE.c.approved_fen,
            _DONE.c.disallowed_fen, _DONE.c.set_off_fen, _DONE.c.reason,
        )
        .outerjoin(
            _DONE,
            and_(
                _DONE.c.statement_id == _LINE.c.statement_id, _DONE.c.funder == _LINE.c.funder,
                _DONE.c.programme == _LINE.c.programme,
            ),
        )
        .where(_LINE.c.statement_id == statement_id, _LINE.c.attempt == attempt)
    )  # fmt: skip
    return tuple(
        PaperLine(funder, programme, meals, claimed, approved, disallowed, set_off or 0, reason or "")
        for funder, programme, meals, claimed, approved, disallowed, set_off, reason in rows
    )
