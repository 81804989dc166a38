"""A second person approves an adjustment of past meals, one person's or a late notice's, or declines it.

Its entries count in the open month; none is rewritten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import adjustments, store
from canteen.orders.adjustments import Proposal
from canteen.orders.errors import AdjustmentStale, CardCannotHold, ReasonMissing, SecondPersonNeeded
from canteen.payments import receipts, wallets
from canteen.payments.errors import WalletFull
from canteen.people.sealed import mask_name
from canteen.readmodels.adjustable import RecoverableMeal
from canteen.readmodels.late_notice import late_meals
from canteen.readmodels.recoverable import recoverable_meals
from canteen.sites import places
from canteen.usecases.steps import collecting, legs, paying, reservations
from menus.service_days import business_day
from subsidies import eligibility, statements
from subsidies.budgets import open_missing
from subsidies.ledger import Entry, post
from subsidies.months import month_of
from subsidies.statement_states import APPROVED, IN_REVIEW, MonthInReview, TooLateForMore

LATE_FACT, LATE_NOTICE = "late-fact", "late-notice"
MORE_WITHIN = timedelta(days=60)
"""More for a month can be claimed for 60 days from its end, less at any time. Source: the USDA meal programmes, 7 CFR 210.8."""


@dataclass(frozen=True, slots=True)
class AdjustmentDecision:
    """`approve` False declines, with a reason."""

    proposal_id: str
    approve: bool
    reason: str = ""
    by_name: str = ""


def decide_adjustment(session: Session, request: AdjustmentDecision, *, now: datetime, actor: str) -> int:
    """All of its entries or none; returns what public money and donations give less (negative) or more, in fen.

    What the diner bore too much goes into their stored value. Of the diner nothing is asked back.

    Raises:
        orders.errors.AdjustmentDecided: no such proposal waits.
        orders.errors.SecondPersonNeeded: whoever proposed it may not decide.
        orders.errors.ReasonMissing: declined without a reason.
        orders.errors.AdjustmentStale: it would come to other amounts by now.
        orders.errors.CardCannotHold: somebody's stored value would exceed its limit.
        subsidies.statement_states.MonthInReview: its month is declared and not yet approved: it is returned first, or approved.
        subsidies.statement_states.TooLateForMore: more for a month that ended over 60 days ago.
    """
    proposal = adjustments.waiting(session, request.proposal_id)
    if proposal.proposed_by == actor:
        raise SecondPersonNeeded
    reason = request.reason.strip()[:120]
    if not request.approve and len(reason) < 2:
        raise ReasonMissing
    meals: tuple[RecoverableMeal, ...] = _as_proposed(session, proposal) if request.approve else ()
    adjustments.decide(
        session,
        proposal.id,
        "approved" if request.approve else "declined",
        reason=reason,
        now=now,
        by=actor,
        by_name=request.by_name,
    )
    entries = [_entry(session, meal, proposal, now=now, actor=actor) for meal in meals]
    for canteen_id in sorted({entry.canteen_id for entry in entries}):
        mine = [entry for entry in entries if entry.canteen_id == canteen_id]
        keys = {(leg.funder, leg.programme, e.effective_date.year) for e in mine for leg in e.legs if leg.book == "B"}
        open_missing(session, canteen_id, keys)
        post(session, mine, now=now)
    fen = sum(meal.change_fen for meal in meals)
    log.record(
        session,
        at=now,
        actor=actor,
        action="adjustment.approved" if request.approve else "adjustment.declined",
        subject=f"resident:{proposal.resident_id}" if proposal.resident_id else f"rule-set:{proposal.rule_set_id}",
        details={"adjustment": proposal.id, "meals": len(meals), "fen": fen},
    )
    return fen


def _as_proposed(session: Session, proposal: Proposal) -> tuple[RecoverableMeal, ...]:
    """The meals with their amounts, held, and still those that were proposed."""
    lines = adjustments.lines_of(session, [proposal.id])[proposal.id]
    store.hold(session, lines)
    whose = {proposal.resident_id} if proposal.resident_id else store.diners(session, lines)
    for resident_id in sorted(one for one in whose if one):
        eligibility.locked_diner_facts(session, resident_id, business_day(proposal.proposed_at))
    if proposal.rule_set_id is not None:
        meals = late_meals(session, proposal.rule_set_id).meals
    else:
        meals = recoverable_meals(session, proposal.resident_id or "")
    if {meal.order_id: meal.changes for meal in meals} != lines:
        raise AdjustmentStale
    return meals


def _entry(session: Session, meal: RecoverableMeal, proposal: Proposal, *, now: datetime, actor: str) -> Entry:
    order = store.get(session, meal.order_id)
    reason = LATE_FACT if proposal.rule_set_id is None else LATE_NOTICE
    month = month_of(order.day)
    if any(change.fen > 0 for change in meal.changes) and business_day(now) > month.after + MORE_WITHIN:
        raise TooLateForMore
    found = statements.statement(session, order.canteen_id, month)
    if found is not None and found.state in IN_REVIEW and any(change.fen < 0 for change in meal.changes):
        raise MonthInReview(month=month.text)
    owner = ""
    if meal.returned_fen and meal.resident_id:
        operator = places.canteen(session, order.canteen_id).operator_id
        wallets.open_wallet(session, meal.resident_id, operator, now=now)
        try:
            owner = wallets.credit(session, meal.resident_id, operator, meal.returned_fen)
        except WalletFull as error:
            raise CardCannotHold(name=mask_name(meal.name)) from error
        receipts.record(
            session,
            order.canteen_id,
            order_id=order.id,
            purpose="order",
            method="wallet",
            direction="out",
            fen=meal.returned_fen,
            wallet_ref=owner,
            attempt=paying.next_attempt(session, order.id),
            now=now,
            by=actor,
            reason=reason,
        )
    return Entry(
        key=f"adjust:{order.id}:{meal.adjustments + 1}",
        canteen_id=order.canteen_id,
        kind="adjust",
        subject=f"order:{order.id}",
        effective_date=order.day,
        legs=legs.adjust(
            meal.changes,
            returned_fen=meal.returned_fen,
            owner=owner,
            is_approved=found is not None and found.state in APPROVED,
        ),
        actor=actor,
        rule_set_id=order.rule_set_id if proposal.rule_set_id is None else proposal.rule_set_id,
        corrects=reservations.earn_key(order.id, collecting.times_undone(session, order.id)),
        reason=reason,
    )
