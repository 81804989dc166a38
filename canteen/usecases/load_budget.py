"""Load a funder's money for one canteen: a budget in book B, or a donation into the operator's fund in book F."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session
from ulid import ULID

from canteen.audit import log
from canteen.payments.errors import AmountMismatch
from subsidies.budgets import open_missing
from subsidies.ledger import FUNDERS_WITHOUT_BUDGET, Entry, Leg, post


@dataclass(frozen=True, slots=True)
class LoadBudget:
    """`fen` that a funder gives for a programme at a canteen in the year of `effective`."""

    canteen_id: str
    funder: str
    programme: str
    fen: int
    effective: date
    document: str
    """The paper that says so."""


def load_budget(session: Session, request: LoadBudget, *, now: datetime, actor: str) -> None:
    """Book the money: appropriated → available; a donation Dr 1020 Cr 2300. Each load adds to the year.

    Raises:
        AmountMismatch: nothing or less is loaded.
    """
    if request.fen <= 0:
        raise AmountMismatch(owed_fen=1, fen=request.fen)
    key = f"load:{ULID.from_datetime(now)}"
    if request.funder == "charity":
        legs = (
            Leg("F", "1020", request.fen, request.funder, request.programme),
            Leg("F", "2300", -request.fen, request.funder, request.programme),
        )
    elif request.funder in FUNDERS_WITHOUT_BUDGET:
        raise AmountMismatch(owed_fen=0, fen=request.fen)
    else:
        open_missing(session, request.canteen_id, [(request.funder, request.programme, request.effective.year)])
        legs = (
            Leg("B", "appropriated", -request.fen, request.funder, request.programme),
            Leg("B", "available", request.fen, request.funder, request.programme),
        )
    subject = f"budget:{request.canteen_id}/{request.funder}/{request.programme}/{request.effective.year}"
    entry = Entry(
        key=key,
        canteen_id=request.canteen_id,
        kind="load",
        subject=subject[:60],
        effective_date=request.effective,
        legs=legs,
        actor=actor,
        reason=request.document,
    )
    post(session, [entry], now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="budget.loaded",
        subject=subject,
        canteen_id=request.canteen_id,
        details={"fen": request.fen, "document": request.document},
    )
