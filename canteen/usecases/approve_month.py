"""Civil affairs approve a reviewed month, in whole or less what they disallow; what is owed back is set off."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from canteen.usecases.steps.month_moves import MonthStep, advance, hold_month, refuse_same_person
from subsidies import statements
from subsidies.ledger import Entry, Leg, budget_move, post
from subsidies.models import Budget
from subsidies.statement_models import MonthStatement, StatementApproval
from subsidies.statement_states import AmountsWrong, ReasonNeeded, StatementState
from subsidies.statements import OpenLine


@dataclass(frozen=True, slots=True)
class Disallowed:
    """What of a line is not paid, in fen, and why."""

    fen: int
    reason: str


Disallowing = Mapping[tuple[str, str], Disallowed]
"""(funder, programme) → what is disallowed."""


def approve_month(session: Session, step: MonthStep, disallowing: Disallowing | None = None) -> None:
    """Book earned → settled and disallowed, Dr 1120 and 5020 Cr 1100, and set off what is owed back (Dr 2500 Cr 1120).

    Raises:
        AmountsWrong: a line nobody claims, or more disallowed than was claimed.
        ReasonNeeded: disallowed without a reason.
        MonthNotThere; AnotherPersonNeeded.
    """
    hold_month(session, step)
    found = statements.there(session, step.canteen_id, step.month, StatementState.REVIEWED)
    refuse_same_person(found, step)
    lines, cuts = statements.lines(session, found), dict(disallowing or {})
    for line in lines:
        _refuse_wrong(line, cuts.get((line.funder, line.programme)))
    if unknown := cuts.keys() - {(line.funder, line.programme) for line in lines}:
        raise AmountsWrong(line="/".join(min(unknown)))
    entries, set_off = _set_off(session, found, step, lines, cuts)
    post(session, [_approval(found, step, lines, cuts), *entries], now=step.now)
    rows = [
        {
            "statement_id": found.id, "funder": line.funder, "programme": line.programme,
            "approved_fen": line.claimed_fen - _cut(line, cuts).fen, "disallowed_fen": _cut(line, cuts).fen,
            "set_off_fen": set_off.get((line.funder, line.programme), 0), "reason": _cut(line, cuts).reason.strip(),
        }
        for line in lines
    ]  # fmt: skip
    if rows:
        session.execute(insert(_APPROVAL), rows)
    advance(session, found, StatementState.APPROVED, step, approved_by=step.by, approved_at=step.now)


def _refuse_wrong(line: OpenLine, cut: Disallowed | None) -> None:
    if cut is None or cut.fen == 0:
        return
    if not 0 < cut.fen <= line.claimed_fen:
        raise AmountsWrong(line=f"{line.funder}/{line.programme}")
    if len(cut.reason.strip()) < 2:
        raise ReasonNeeded


def _cut(line: OpenLine, cuts: Disallowing) -> Disallowed:
    return cuts.get((line.funder, line.programme), Disallowed(0, ""))


def _approval(found: MonthStatement, step: MonthStep, lines: tuple[OpenLine, ...], cuts: Disallowing) -> Entry:
    legs: list[Leg] = []
    for line in lines:
        cut, bare = _cut(line, cuts).fen, Leg("B", "", 0, line.funder, line.programme)
        for fen, bucket, account in ((line.claimed_fen - cut, "settled", "1120"), (cut, "disallowed", "5020")):
            if fen:
                legs += budget_move(fen, "earned", bucket, bare)
                legs.append(Leg("F", account, fen, line.funder, line.programme))
        if line.claimed_fen:
            legs.append(Leg("F", "1100", -line.claimed_fen, line.funder, line.programme))
    return Entry(
        key=f"approve:{found.id}",
        canteen_id=step.canteen_id,
        kind="approve",
        subject=f"statement:{found.id}",
        effective_date=statements.last_day(step.month),
        legs=tuple(legs),
        actor=step.by,
    )


def _set_off(
    session: Session, found: MonthStatement, step: MonthStep, lines: tuple[OpenLine, ...], cuts: Disallowing
) -> tuple[list[Entry], dict[tuple[str, str], int]]:
    """By the year of the budget it goes back to, the oldest first, never more than is approved now."""
    left = {(line.funder, line.programme): line.claimed_fen - _cut(line, cuts).fen for line in lines}
    done: dict[tuple[str, str], int] = {}
    legs: dict[int, list[Leg]] = {}
    rows = session.execute(
        select(col(Budget.funder), col(Budget.programme), col(Budget.year), col(Budget.recoverable_fen))
        .where(col(Budget.canteen_id) == step.canteen_id, col(Budget.recoverable_fen) > 0)
        .order_by(col(Budget.funder), col(Budget.programme), col(Budget.year))
        .with_for_update()
    )
    for funder, programme, year, owed_fen in rows:
        fen = min(owed_fen, max(left.get((funder, programme), 0), 0))
        if fen:
            left[funder, programme] -= fen
            done[funder, programme] = done.get((funder, programme), 0) + fen
            legs.setdefault(year, []).extend(
                (
                    *budget_move(fen, "recoverable", "available", Leg("B", "", 0, funder, programme)),
                    Leg("F", "2500", fen, funder, programme),
                    Leg("F", "1120", -fen, funder, programme),
                )
            )
    last = statements.last_day(step.month)
    entries = [
        Entry(
            key=f"set-off:{found.id}:{year}",
            canteen_id=step.canteen_id,
            kind="set_off",
            subject=f"statement:{found.id}",
            effective_date=min(last, last.replace(year=year, month=12, day=31)),
            legs=tuple(moved),
            actor=step.by,
        )
        for year, moved in sorted(legs.items())
    ]
    return entries, done


_APPROVAL = SQLModel.metadata.tables[str(StatementApproval.__tablename__)]
