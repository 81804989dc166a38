"""Money has come from a funder for a locked month: in the books, line by line, until all of it is here."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.audit import log
from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month
from menus.service_days import business_day
from subsidies import statements
from subsidies.ledger import Entry, Leg, post
from subsidies.statement_models import StatementPayment
from subsidies.statement_states import AmountsWrong, PaidTooMuch, ReasonNeeded, StatementState


@dataclass(frozen=True, slots=True)
class MoneyCame:
    """`fen` of one funder and programme, on a day, under the bank's reference."""

    funder: str
    programme: str
    fen: int
    paid_on: date
    reference: str


def record_month_payment(session: Session, step: MonthStep, came: MoneyCame) -> StatementState:
    """Book Dr 1020 Cr 1120; the same reference of the same funder is booked once. Returns where the month stands.

    Raises:
        AmountsWrong: no such line, nothing or less, or a day to come.
        PaidTooMuch: more than is still to come.
        ReasonNeeded: no reference.
        MonthNotThere: it is not locked.
    """
    hold_month(session, step)
    found = statements.there(session, step.canteen_id, step.month, StatementState.LOCKED, StatementState.PAID)
    reference, key = came.reference.strip()[:60], (came.funder, came.programme)
    if len(reference) < 2:
        raise ReasonNeeded
    known = session.execute(
        select(_PAYMENT.c.fen).where(
            _PAYMENT.c.statement_id == found.id,
            _PAYMENT.c.funder == came.funder,
            _PAYMENT.c.programme == came.programme,
            _PAYMENT.c.reference == reference,
        )
    ).scalar_one_or_none()
    if known is not None:
        if known != came.fen:
            raise AmountsWrong(line=reference)
        return StatementState(found.state)
    line = next((one for one in statements.lines(session, found) if (one.funder, one.programme) == key), None)
    if line is None or came.fen <= 0 or came.paid_on > business_day(step.now):
        raise AmountsWrong(line="/".join(key))
    if came.fen > line.open_fen:
        raise PaidTooMuch(open_fen=line.open_fen)
    payment = str(ULID.from_datetime(step.now))
    session.execute(
        insert(_PAYMENT).values(
            id=payment, statement_id=found.id, funder=came.funder, programme=came.programme, fen=came.fen,
            paid_on=came.paid_on, reference=reference, by=step.by, at=step.now,
        )
    )  # fmt: skip
    entry = Entry(
        key=f"funder-paid:{payment}",
        canteen_id=step.canteen_id,
        kind="funder_paid",
        subject=f"statement:{found.id}",
        effective_date=came.paid_on,
        legs=(
            Leg("F", "1020", came.fen, came.funder, came.programme),
            Leg("F", "1120", -came.fen, came.funder, came.programme),
        ),
        actor=step.by,
    )
    post(session, [entry], now=step.now)
    if any(one.open_fen > 0 for one in statements.lines(session, found)):
        log.record(
            session,
            at=step.now,
            actor=step.by,
            action="month.part-paid",
            subject=f"month:{step.canteen_id}/{step.month.text}",
            canteen_id=step.canteen_id,
            details={"fen": came.fen, "funder": came.funder},
        )
        return StatementState(found.state)
    advance(session, found, StatementState.PAID, step)
    return StatementState.PAID


_PAYMENT = SQLModel.metadata.tables[str(StatementPayment.__tablename__)]
