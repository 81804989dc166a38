"""What did somebody eat in a month, who paid how much of it, and what moved in their stored value? Private."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderLine, OrderShare
from canteen.payments.models import Payment, Wallet
from canteen.readmodels.diner_sentence import diner_sentence
from canteen.sites.models import Canteen
from menus.service_days import business_day
from subsidies.months import Month, month_of

Payer = Literal["government", "operator", "collective", "charity"]
PAYERS: dict[str, Payer] = {
    "city": "government",
    "district": "government",
    "subdistrict": "government",
    "operator": "operator",
    "collective": "collective",
    "charity": "charity",
}
"""Funders as a diner knows them: which office of the government paid is the books' business."""


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one of them paid of a meal; fen."""

    payer: Payer
    fen: int


@dataclass(frozen=True, slots=True)
class MealTaken:
    """One order of the month, whatever became of it; list = shares + self-pay, in fen.

    `explained` (Chinese, English) says why nobody helped, where nobody did.
    """

    order_id: str
    canteen_name: str
    canteen_name_en: str
    day: date
    meal: str
    status: str
    names: tuple[str, ...]
    list_fen: int
    self_pay_fen: int
    method: str
    shares: tuple[PayerShare, ...]
    explained: tuple[str, str]

    @property
    def counts(self) -> bool:
        """Eaten: only then was any help given."""
        return self.status == "collected"


@dataclass(frozen=True, slots=True)
class WalletMove:
    """Stored value in (positive) or out; `balance_fen` afterwards. `kind`: top_up · meal · refund · paid_out."""

    payment_id: str
    at: datetime
    canteen_name: str
    kind: Literal["top_up", "meal", "refund", "paid_out"]
    fen: int
    balance_fen: int
    order_id: str | None


@dataclass(frozen=True, slots=True)
class WalletStanding:
    """Stored value at one operator as it stands now, named by its canteens."""

    operator_id: str
    canteen_names: tuple[str, ...]
    balance_fen: int


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """P4: latest first. `first_month` is the earliest with anything in it; `this_month` the one of today."""

    month: Month
    first_month: Month
    this_month: Month
    wallets: tuple[WalletStanding, ...]
    meals: tuple[MealTaken, ...]
    moves: tuple[WalletMove, ...]

    @property
    def eaten(self) -> int:
        """Meals handed over."""
        return sum(meal.counts for meal in self.meals)

    @property
    def self_pay_fen(self) -> int:
        """What the diner paid for those."""
        return sum(meal.self_pay_fen for meal in self.meals if meal.counts)

    @property
    def helped(self) -> tuple[PayerShare, ...]:
        """What each of the others paid for those."""
        sums: dict[Payer, int] = {}
        for meal in self.meals:
            for share in meal.shares if meal.counts else ():
                sums[share.payer] = sums.get(share.payer, 0) + share.fen
        return tuple(PayerShare(payer, sums[payer]) for payer in dict.fromkeys(PAYERS.values()) if payer in sums)


def account_statement(
    session: Session, resident_id: str, *, month: Month | None = None, now: datetime
) -> AccountStatement:
    """Meals by the day they were for, movements by their business day; `month` None: the one of today."""
    this_month = month_of(business_day(now))
    wanted = month or this_month
    wallets, moves = _wallets(session, resident_id, wanted)
    return AccountStatement(
        month=wanted,
        first_month=min(_first(session, resident_id) or this_month, this_month),
        this_month=this_month,
        wallets=wallets,
        meals=_meals(session, resident_id, wanted),
        moves=moves,
    )


def _first(session: Session, resident_id: str) -> Month | None:
    meal = session.execute(
        select(func.min(col(MealOrder.day))).where(col(MealOrder.resident_id) == resident_id)
    ).scalar()
    paid = session.execute(
        select(func.min(col(Payment.business_day)))
        .join(Wallet, col(Wallet.ref) == col(Payment.wallet_ref))
        .where(col(Wallet.resident_id) == resident_id)
    ).scalar()
    days = [day for day in (meal, paid) if day is not None]
    return month_of(min(days)) if days else None


def _meals(session: Session, resident_id: str, month: Month) -> tuple[MealTaken, ...]:
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(Canteen.short_name),
            col(Canteen.name_en),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(MealOrder.status),
            col(MealOrder.list_fen),
            col(MealOrder.subsidy_fen),
            col(MealOrder.self_pay_fen),
            col(MealOrder.method),
            col(MealOrder.rule_set_id),
            col(MealOrder.inputs),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.day) >= month.first,
            col(MealOrder.day) < month.after,
        )
        .order_by(col(MealOrder.day).desc(), col(MealOrder.deadline_at).desc(), col(MealOrder.id).desc())
    ).all()
    ids = [row.id for row in rows]
    names: dict[str, list[str]] = {}
    for order_id, name in session.execute(
        select(col(OrderLine.order_id), col(OrderLine.name))
        .where(col(OrderLine.order_id).in_(ids))
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    ):
        names.setdefault(order_id, []).append(name)
    shares: dict[str, dict[Payer, int]] = {}
    for order_id, funder, fen in session.execute(
        select(col(OrderShare.order_id), col(OrderShare.funder), col(OrderShare.fen)).where(
            col(OrderShare.order_id).in_(ids)
        )
    ):
        of_order = shares.setdefault(order_id, {})
        of_order[PAYERS[funder]] = of_order.get(PAYERS[funder], 0) + fen
    return tuple(
        MealTaken(
            row.id,
            row.short_name,
            row.name_en,
            row.day,
            row.meal,
            row.status,
            tuple(names.get(row.id, ())),
            row.list_fen,
            row.self_pay_fen,
            row.method,
            tuple(
                PayerShare(payer, shares[row.id][payer])
                for payer in dict.fromkeys(PAYERS.values())
                if payer in shares.get(row.id, {})
            ),
            ("", "") if row.subsidy_fen else diner_sentence(session, row.rule_set_id, row.inputs),
        )
        for row in rows
    )


_KINDS: dict[tuple[bool, int], Literal["top_up", "meal", "refund", "paid_out"]] = {
    (True, -1): "meal",
    (True, 1): "refund",
    (False, 1): "top_up",
    (False, -1): "paid_out",
}
"""(for a meal, sign in the wallet) → what it was."""


def _wallets(
    session: Session, resident_id: str, month: Month
) -> tuple[tuple[WalletStanding, ...], tuple[WalletMove, ...]]:
    """Balances now; and the month's movements, each with the balance counted back from now."""
    canteens: dict[str, list[str]] = {}
    for operator_id, name in session.execute(
        select(col(Canteen.operator_id), col(Canteen.short_name)).order_by(col(Canteen.position), col(Canteen.id))
    ):
        canteens.setdefault(operator_id, []).append(name)
    standing: dict[str, WalletStanding] = {}
    for ref, operator_id, balance in session.execute(
        select(col(Wallet.ref), col(Wallet.operator_id), col(Wallet.balance_fen))
        .where(col(Wallet.resident_id) == resident_id)
        .order_by(col(Wallet.operator_id))
    ):
        standing[ref] = WalletStanding(operator_id, tuple(canteens.get(operator_id, ())), balance)
    rows = session.execute(
        select(
            col(Payment.id),
            col(Payment.at),
            col(Canteen.short_name),
            col(Payment.purpose),
            col(Payment.direction),
            col(Payment.fen),
            col(Payment.order_id),
            col(Payment.wallet_ref),
            col(Payment.business_day),
        )
        .join(Canteen, col(Canteen.id) == col(Payment.canteen_id))
        .where(col(Payment.wallet_ref).in_(standing), col(Payment.business_day) >= month.first)
        .order_by(col(Payment.at).desc(), col(Payment.id).desc())
    )
    left = {ref: wallet.balance_fen for ref, wallet in standing.items()}
    moves = []
    for row in rows:
        for_meal = row.purpose == "order"
        # a meal paid from the wallet comes in to the canteen and goes out of the wallet
        sign = 1 if (row.direction == "in") is not for_meal else -1
        kind = _KINDS[for_meal, sign]
        if row.business_day < month.after:
            moves.append(
                WalletMove(row.id, row.at, row.short_name, kind, sign * row.fen, left[row.wallet_ref], row.order_id)
            )
        left[row.wallet_ref] -= sign * row.fen
    return tuple(standing.values()), tuple(moves)
