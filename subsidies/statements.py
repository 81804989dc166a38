"""One canteen's claim for one month: what it asks of whom, how far it has come, what is still to be paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from subsidies.models import ChainHead, LedgerTransaction, Posting
from subsidies.months import Month
from subsidies.queries import EARNING_KINDS
from subsidies.statement_models import (
    MonthStatement,
    StatementApproval,
    StatementLine,
    StatementPayment,
    StatementStep,
)
from subsidies.statement_states import CLAIMED, MonthNotThere, StatementState

_TABLES = SQLModel.metadata.tables
_M = _TABLES[str(MonthStatement.__tablename__)]
_STEP = _TABLES[str(StatementStep.__tablename__)]
_LINE = _TABLES[str(StatementLine.__tablename__)]
_APPROVAL = _TABLES[str(StatementApproval.__tablename__)]
_PAYMENT = _TABLES[str(StatementPayment.__tablename__)]
_HEAD = _TABLES[str(ChainHead.__tablename__)]
_T = _TABLES[str(LedgerTransaction.__tablename__)]
_P = _TABLES[str(Posting.__tablename__)]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """What the books claim of one funder and programme: meals it bore a part of, and fen with corrections."""

    funder: str
    programme: str
    meals: int
    fen: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stood, and the first month it still took."""

    seq: int
    hash: str
    open_from: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One line of a statement as far as it has come; fen. Before the approval nothing is approved."""

    funder: str
    programme: str
    meals: int
    claimed_fen: int
    approved_fen: int
    disallowed_fen: int
    set_off_fen: int
    paid_fen: int
    reason: str

    @property
    def open_fen(self) -> int:
        """Approved and not here yet."""
        return self.approved_fen - self.set_off_fen - self.paid_fen


def claim_lines(session: Session, canteen_id: str, month: Month) -> tuple[ClaimLine, ...]:
    """From the postings that count in the month; reads every one of them."""
    given = case((_T.c.kind == "earn", 1), (_T.c.kind == "unearn", -1), else_=0)
    each = (
        select(_T.c.id, _P.c.funder, _P.c.programme, func.max(given).label("meal"), func.sum(_P.c.fen).label("fen"))
        .join(_P, _P.c.transaction_id == _T.c.id)
        .where(
            _T.c.canteen_id == canteen_id,
            _T.c.period == month.text,
            _T.c.kind.in_(EARNING_KINDS),
            _P.c.book == "B",
            _P.c.account == "earned",
        )
        .group_by(_T.c.id, _P.c.funder, _P.c.programme)
        .subquery()
    )
    rows = session.execute(
        select(each.c.funder, each.c.programme, func.sum(each.c.meal), func.sum(each.c.fen))
        .group_by(each.c.funder, each.c.programme)
        .order_by(each.c.funder, each.c.programme)
    )
    return tuple(ClaimLine(funder, programme, int(meals), int(fen)) for funder, programme, meals, fen in rows)


def head(session: Session, canteen_id: str, *, lock: bool = False) -> Head:
    """Where the canteen's chain stands; at its beginning when there is none."""
    query = select(_HEAD.c.seq, _HEAD.c.hash, _HEAD.c.open_from).where(_HEAD.c.canteen_id == canteen_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    return Head(*row) if row else Head(0, "", "")


def open_from(session: Session, canteen_id: str, month: Month) -> None:
    """From now on the chain takes entries of `month` and later."""
    session.execute(update(_HEAD).where(_HEAD.c.canteen_id == canteen_id).values(open_from=month.text))


def statement(session: Session, canteen_id: str, month: Month) -> MonthStatement | None:
    """The canteen's statement of the month, if it was ever cut off."""
    return session.execute(
        select(MonthStatement)
        .where(col(MonthStatement.canteen_id) == canteen_id, col(MonthStatement.period) == month.text)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def latest(session: Session, canteen_id: str, before: Month) -> MonthStatement | None:
    """The newest statement of an earlier month."""
    return (
        session.execute(
            select(MonthStatement)
            .where(col(MonthStatement.canteen_id) == canteen_id, col(MonthStatement.period) < before.text)
            .order_by(col(MonthStatement.period).desc())
            .limit(1)
        )
        .scalars()
        .one_or_none()
    )


def first_unclaimed(session: Session, canteen_id: str, before: Month, since: str) -> str | None:
    """The first earlier month from `since` on in which meals count."""
    found: str | None = session.execute(
        select(func.min(_T.c.period)).where(
            _T.c.canteen_id == canteen_id,
            _T.c.period >= since,
            _T.c.period < before.text,
            _T.c.kind.in_(EARNING_KINDS),
        )
    ).scalar_one()
    return found


def there(session: Session, canteen_id: str, month: Month, *states: StatementState) -> MonthStatement:
    """The statement in one of these states.

    Raises:
        MonthNotThere: it is in another, or there is none.
    """
    found = statement(session, canteen_id, month)
    if found is None or found.state not in states:
        raise MonthNotThere(state=found.state if found else "open")
    return found


def advance(
    session: Session,
    found: MonthStatement,
    to: StatementState,
    *,
    now: datetime,
    by: str,
    by_name: str,
    reason: str = "",
    **values: object,
) -> None:
    """Write the step and the new state; once, whoever is quicker.

    Raises:
        MonthNotThere: somebody was quicker.
    """
    moved = session.execute(
        update(_M).where(_M.c.id == found.id, _M.c.state == found.state).values(state=to.value, since=now, **values)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise MonthNotThere(state=found.state)
    position = session.execute(
        select(func.count()).select_from(_STEP).where(_STEP.c.statement_id == found.id)
    ).scalar_one()
    session.execute(
        insert(_STEP).values(
            statement_id=found.id, position=position, step=to.value, by=by, by_name=by_name, at=now, reason=reason
        )
    )
    session.expire(found)


def keep_lines(session: Session, statement_id: str, attempt: int, lines: Sequence[ClaimLine]) -> None:
    """What is claimed, as declared this time."""
    rows = [
        {
            "statement_id": statement_id, "attempt": attempt, "funder": line.funder, "programme": line.programme,
            "meals": line.meals, "claimed_fen": line.fen,
        }
        for line in lines
    ]  # fmt: skip
    if rows:
        session.execute(insert(_LINE), rows)


def lines(session: Session, found: MonthStatement) -> tuple[OpenLine, ...]:
    """As declared last, with what was approved and what has come."""
    paid: Mapping[tuple[str, str], int] = {
        (funder, programme): int(fen)
        for funder, programme, fen in session.execute(
            select(_PAYMENT.c.funder, _PAYMENT.c.programme, func.sum(_PAYMENT.c.fen))
            .where(_PAYMENT.c.statement_id == found.id)
            .group_by(_PAYMENT.c.funder, _PAYMENT.c.programme)
        )
    }
    same = (
        (_APPROVAL.c.statement_id == _LINE.c.statement_id)
        & (_APPROVAL.c.funder == _LINE.c.funder)
        & (_APPROVAL.c.programme == _LINE.c.programme)
    )
    rows = session.execute(
        select(
            _LINE.c.funder, _LINE.c.programme, _LINE.c.meals, _LINE.c.claimed_fen, _APPROVAL.c.approved_fen,
            _APPROVAL.c.disallowed_fen, _APPROVAL.c.set_off_fen, _APPROVAL.c.reason,
        )
        .outerjoin(_APPROVAL, same)
        .where(_LINE.c.statement_id == found.id, _LINE.c.attempt == found.attempt)
        .order_by(_LINE.c.funder, _LINE.c.programme)
    )  # fmt: skip
    return tuple(
        OpenLine(
            row.funder, row.programme, row.meals, row.claimed_fen, row.approved_fen or 0, row.disallowed_fen or 0,
            row.set_off_fen or 0, paid.get((row.funder, row.programme), 0), row.reason or "",
        )
        for row in rows
    )  # fmt: skip


def steps(session: Session, statement_id: str) -> tuple[StatementStep, ...]:
    """Who took which step, in order."""
    rows = session.execute(
        select(StatementStep)
        .where(col(StatementStep.statement_id) == statement_id)
        .order_by(col(StatementStep.position))
    )
    return tuple(rows.scalars())


def last_day(month: Month) -> date:
    """The last business day of the month."""
    return date.fromordinal(month.after.toordinal() - 1)


def refuse_later(session: Session, canteen_id: str, month: Month) -> None:
    """Raises: MonthNotThere: a later month was cut off already, so this one cannot be open again."""
    later = session.execute(
        select(_M.c.state).where(_M.c.canteen_id == canteen_id, _M.c.period > month.text).limit(1)
    ).scalar_one_or_none()
    if later is not None:
        raise MonthNotThere(state=later)


def earlier_open(session: Session, canteen_id: str, month: Month) -> str | None:
    """The earlier month that has to be declared first; None when this one's turn has come."""
    before = latest(session, canteen_id, month)
    if before is not None and before.state not in CLAIMED:
        return before.period
    return first_unclaimed(session, canteen_id, month, head(session, canteen_id).open_from)
