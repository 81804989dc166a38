"""A month from its last lunch to the last fen: who may take which step, and what the database refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session

from canteen.db.month_guards import MOVES as GUARDED
from canteen.readmodels.month_claim import month_claim
from canteen.usecases.approve_month import Disallowed, approve_month
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.cut_off_month import cut_off_month
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.declare_month import declare_month
from canteen.usecases.end_orders import end_orders
from canteen.usecases.propose_adjustment import AdjustmentProposed, propose_adjustment
from canteen.usecases.record_month_payment import MoneyCame, record_month_payment
from canteen.usecases.return_month import return_month
from canteen.usecases.review_month import review_month
from subsidies import statements
from subsidies.models import FileStatus
from subsidies.statement_states import (
    MOVES,
    AmountsWrong,
    AnotherPersonNeeded,
    BooksMoved,
    MealsNotEnded,
    MonthInReview,
    MonthNotOver,
    MonthNotThere,
    PaidTooMuch,
    ReasonNeeded,
    StatementState,
    TooLateForMore,
)
from tests.support.closing import AFTER, BY, DAY, NOVEMBER, STEP, approved, declared, locked, served
from tests.support.world import World


def balances(w: World) -> dict[str, int]:
    """Every account of both books at Longcheng, in fen; empty ones left out."""

    def read(session: Session) -> dict[str, int]:
        rows = session.execute(
            text(
                "SELECT p.account, SUM(p.fen) FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id"
                " WHERE t.canteen_id = 'longcheng' GROUP BY p.account HAVING SUM(p.fen) <> 0"
            )
        )
        return {account: int(fen) for account, fen in rows}

    return w.database.read_sync(read)


def state(w: World) -> str:
    found = w.database.read_sync(statements.statement, "longcheng", NOVEMBER)
    return found.state if found else "open"


def lines(w: World) -> dict[str, statements.OpenLine]:
    def read(session: Session) -> dict[str, statements.OpenLine]:
        found = statements.there(session, "longcheng", NOVEMBER, *StatementState)
        return {line.funder: line for line in statements.lines(session, found)}

    return w.database.read_sync(read)


def test_moves_are_the_same_in_the_database() -> None:
    assert set(MOVES) == set(GUARDED)


def test_a_month_goes_from_its_last_lunch_to_the_last_fen(w: World) -> None:
    served(w)
    owed = balances(w)["1100"]
    approved(w)
    assert "1100" not in balances(w)
    assert balances(w)["1120"] == balances(w)["settled"] == owed > 0
    locked(w)
    assert state(w) == "locked"
    locked(w)
    for number, line in enumerate(lines(w).values()):
        came = MoneyCame(line.funder, line.programme, line.open_fen, DAY, f"bank {number}")
        assert state(w) == "locked"
        w.database.write_sync(record_month_payment, BY["officer"], came)
        w.database.write_sync(record_month_payment, BY["officer"], came)
    assert state(w) == "paid"
    assert "1120" not in balances(w)


def test_money_comes_in_parts_and_never_too_much(w: World) -> None:
    served(w)
    approved(w)
    locked(w)
    line = lines(w)["district"]
    w.database.write_sync(record_month_payment, BY["officer"], MoneyCame("district", line.programme, 1, DAY, "part"))
    with pytest.raises(PaidTooMuch):
        w.database.write_sync(
            record_month_payment, BY["officer"], MoneyCame("district", line.programme, line.open_fen, DAY, "rest")
        )
    with pytest.raises(AmountsWrong):
        w.database.write_sync(record_month_payment, BY["officer"], MoneyCame("city", "other", 1, DAY, "what"))
    assert lines(w)["district"].open_fen == line.open_fen - 1


def test_what_is_disallowed_has_a_reason_and_is_lost_by_the_operator(w: World) -> None:
    served(w)
    with pytest.raises(ReasonNeeded):
        approved(w, district=Disallowed(100, " "))
    w.database.write_sync(approve_month, BY["officer"], {("district", "elder-meals"): Disallowed(100, "缺签字")})
    assert balances(w)["5020"] == balances(w)["disallowed"] == 100
    assert lines(w)["district"].disallowed_fen == 100


def test_more_than_was_claimed_cannot_be_disallowed(w: World) -> None:
    served(w)
    with pytest.raises(AmountsWrong):
        approved(w, district=Disallowed(1_000_000, "太多"))
    assert state(w) == "reviewed"


def test_three_people_take_the_three_steps(w: World) -> None:
    served(w)
    declared(w)
    with pytest.raises(AnotherPersonNeeded):
        w.database.write_sync(review_month, BY["manager"])
    w.database.write_sync(review_month, BY["subdistrict"])
    for who in ("manager", "subdistrict"):
        with pytest.raises(AnotherPersonNeeded):
            w.database.write_sync(approve_month, BY[who])


def test_a_month_that_runs_or_has_open_orders_is_not_declared(w: World) -> None:
    w.place("elder82", "soft", method="wallet")
    with pytest.raises(MonthNotOver):
        w.database.write_sync(cut_off_month, replace(STEP, now=w.now))
    assert w.database.write_sync(cut_off_month, STEP) is StatementState.CUT_OFF
    claim = w.database.read_sync(month_claim, "longcheng", NOVEMBER)
    with pytest.raises(MonthNotThere):
        w.database.write_sync(declare_month, STEP, claim)
    w.database.write_sync(end_orders, now=AFTER)
    assert w.database.write_sync(cut_off_month, STEP) is StatementState.RECONCILING


def test_what_was_seen_must_still_be_so(w: World) -> None:
    served(w)
    w.database.write_sync(cut_off_month, STEP)
    claim = w.database.read_sync(month_claim, "longcheng", NOVEMBER)
    served(w, "elder92")
    with pytest.raises((BooksMoved, MealsNotEnded)):
        w.database.write_sync(declare_month, STEP, claim)
    assert state(w) == "reconciling"


def test_a_returned_month_takes_entries_again(w: World) -> None:
    served(w)
    declared(w)
    with pytest.raises(ReasonNeeded):
        w.database.write_sync(return_month, BY["subdistrict"])
    w.database.write_sync(return_month, replace(BY["subdistrict"], reason="缺十月二日的签字单"))
    assert w.database.read_sync(statements.head, "longcheng").open_from == "2026-11"
    approved(w)
    assert state(w) == "approved"


def test_what_comes_after_the_declaration_counts_in_the_next_month(w: World) -> None:
    served(w)
    declared(w)
    claimed = {funder: line.claimed_fen for funder, line in lines(w).items()}
    served(w, "elder92")
    later = w.database.read_sync(statements.claim_lines, "longcheng", NOVEMBER.following)
    assert sum(line.meals for line in later) > 0
    assert {
        line.funder: line.fen for line in w.database.read_sync(statements.claim_lines, "longcheng", NOVEMBER)
    } == claimed


def _die(w: World, who: str, now: datetime) -> str:
    change = ResidentChange(w.people[who], status=FileStatus.DECEASED, status_since=date(2026, 11, 20))
    w.database.write_sync(change_resident, change, now=now, actor="account:c", sealer=w.sealer)
    return w.database.write_sync(
        propose_adjustment, AdjustmentProposed(w.people[who], "去世日期更正"), now=now, actor="account:one"
    )


def test_less_for_a_locked_month_is_owed_back_and_set_off_at_the_next_approval(w: World) -> None:
    served(w)
    approved(w)
    locked(w)
    proposal = _die(w, "elder82", AFTER)
    w.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=AFTER, actor="account:two")
    owed_back = -balances(w)["2500"]
    assert owed_back == balances(w)["recoverable"] == sum(line.approved_fen for line in lines(w).values())
    late = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    served(w, "elder92")
    december = replace(STEP, month=NOVEMBER.following, now=late)
    w.database.write_sync(cut_off_month, december)
    w.database.write_sync(declare_month, december, w.database.read_sync(month_claim, "longcheng", december.month))
    w.database.write_sync(review_month, replace(december, by="account:subdistrict"))
    w.database.write_sync(approve_month, replace(december, by="account:officer"))
    found = balances(w)
    assert owed_back + found.get("2500", 0) == owed_back - found.get("recoverable", 0) > 0


def test_less_for_a_month_that_is_being_read_waits(w: World) -> None:
    served(w)
    declared(w)
    proposal = _die(w, "elder82", AFTER)
    decision = AdjustmentDecision(proposal, True)
    with pytest.raises(MonthInReview):
        w.database.write_sync(decide_adjustment, decision, now=AFTER, actor="account:two")
    w.database.write_sync(return_month, replace(BY["subdistrict"], reason="有人去世，先更正"))
    w.database.write_sync(decide_adjustment, decision, now=AFTER, actor="account:two")
    assert w.database.read_sync(statements.claim_lines, "longcheng", NOVEMBER)[0].fen == 0


def test_more_for_a_closed_month_can_be_claimed_for_sixty_days(w: World) -> None:
    late = datetime(2027, 2, 5, 1, 0, tzinfo=UTC)
    served(w, "elder82")
    proposal = _die(w, "elder82", AFTER)
    w.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=AFTER, actor="account:two")
    approved(w)
    locked(w)
    change = ResidentChange(w.people["elder82"], status=FileStatus.ACTIVE, status_since=date(2026, 11, 20))
    w.database.write_sync(change_resident, change, now=late, actor="account:c", sealer=w.sealer)
    proposal = w.database.write_sync(
        propose_adjustment, AdjustmentProposed(w.people["elder82"], "同名的另一个人"), now=late, actor="account:one"
    )
    with pytest.raises(TooLateForMore):
        w.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=late, actor="account:two")
    inside = datetime(2027, 1, 28, 1, 0, tzinfo=UTC)
    w.database.write_sync(decide_adjustment, AdjustmentDecision(proposal, True), now=inside, actor="account:two")
    assert balances(w)["1100"] > 0
