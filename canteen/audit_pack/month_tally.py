"""Sums of a month, added up entry by entry: by account, by wallet, by funder, by day for the vouchers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.month_entries import MonthEntry
from menus.service_days import business_day
from subsidies.models import LedgerTransaction, Posting
from subsidies.months import Month
from subsidies.queries import EARNING_KINDS

AccountKey = tuple[str, str, str, str]
"""Book, account, funder, programme."""
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c
_P = SQLModel.metadata.tables[str(Posting.__tablename__)].c


@dataclass(slots=True)
class Sides:
    """Debits and credits apart, both as positive fen."""

    debit: int = 0
    credit: int = 0

    def add(self, fen: int) -> None:
        """A leg: debits positive, credits negative."""
        if fen > 0:
            self.debit += fen
        else:
            self.credit -= fen

    @property
    def net(self) -> int:
        """Debits less credits."""
        return self.debit - self.credit


@dataclass(slots=True)
class Claim:
    """What one funder and programme is asked for: meals it gave to (less those undone), and fen of `earned`."""

    meals: int = 0
    fen: int = 0


@dataclass(slots=True)
class MonthTally:
    """`movement` by account; `wallets` of account 2000 by owner; `claims` by (funder, programme); `vouchers` by
    (day, kind, account, funder), book F only."""

    month: Month
    entries: int = 0
    movement: dict[AccountKey, Sides] = field(default_factory=lambda: defaultdict(Sides))
    wallets: dict[str, Sides] = field(default_factory=lambda: defaultdict(Sides))
    claims: dict[tuple[str, str], Claim] = field(default_factory=lambda: defaultdict(Claim))
    vouchers: dict[tuple[date, str, str, str], Sides] = field(default_factory=lambda: defaultdict(Sides))
    rule_sets: set[int] = field(default_factory=set)
    meals: int = 0

    def add(self, entry: MonthEntry) -> None:
        """One entry of the month."""
        self.entries += 1
        day, kind = voucher_day(entry, self.month), entry.kind
        is_claim = kind in EARNING_KINDS
        meal = 1 if kind == "earn" else -1 if kind == "unearn" else 0
        self.meals += meal
        if entry.rule_set_id is not None:
            self.rule_sets.add(entry.rule_set_id)
        given: set[tuple[str, str]] = set()
        for book, account, funder, programme, _rule, _category, owner, fen in entry.legs:
            self.movement[book, account, funder, programme].add(fen)
            if book == "F":
                self.vouchers[day, kind, account, funder].add(fen)
                if account == "2000":
                    self.wallets[owner].add(fen)
            elif is_claim and account == "earned":
                self.claims[funder, programme].fen += fen
                given.add((funder, programme))
        for claimed in given:
            self.claims[claimed].meals += meal


def voucher_day(entry: MonthEntry, month: Month) -> date:
    """The day of the month an entry is put under: the one it is for; of another month's, the one it was booked on."""
    if month.holds(entry.effective_date):
        return entry.effective_date
    booked = business_day(entry.posted_at)
    if booked < month.first:
        return month.first
    return booked if booked < month.after else month.after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Balances:
    """Net debits by account and by wallet: `opening` is everything that counts in earlier months."""

    opening: dict[AccountKey, int]
    wallets_opening: dict[str, int]

    def closing(self, tally: MonthTally) -> dict[AccountKey, int]:
        """With what moved in the month."""
        found = defaultdict(int, self.opening)
        for key, sides in tally.movement.items():
            found[key] += sides.net
        return dict(found)

    def wallets_closing(self, tally: MonthTally) -> dict[str, int]:
        """With what moved in the month."""
        found = defaultdict(int, self.wallets_opening)
        for owner, sides in tally.wallets.items():
            found[owner] += sides.net
        return dict(found)


def balances(session: Session, canteen_id: str, month: Month) -> Balances:
    """By `period`, as the database adds them up."""
    # the owner of a wallet stands apart, and nothing else does
    owner = case((_P.account == "2000", _P.owner), else_="")
    rows = session.execute(
        select(_P.book, _P.account, _P.funder, _P.programme, owner, func.sum(_P.fen))
        .join_from(LedgerTransaction.__table__, Posting.__table__, _P.transaction_id == _T.id)  # type: ignore[attr-defined]
        .where(_T.canteen_id == canteen_id, _T.period < month.text)
        .group_by(_P.book, _P.account, _P.funder, _P.programme, owner)
    )
    found = Balances(defaultdict(int), defaultdict(int))
    for book, account, funder, programme, whose, fen in rows:
        found.opening[book, account, funder, programme] += int(fen)
        if account == "2000":
            found.wallets_opening[whose] += int(fen)
    return found
