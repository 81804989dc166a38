"""Do this month's books agree? Per canteen: decided again × ledger × received, differences first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.readmodels.month_facts import month_facts
from canteen.sites import places
from subsidies.months import read_month
from subsidies.queries import Adjusted
from subsidies.reconciliation import Difference, Kind, Totals

FUNDERS = ("operator", "city", "district", "subdistrict", "collective", "charity")
"""In the order every page shows them."""
_OF_THE_MONTH = frozenset({Kind.LICENCE, Kind.RESIDENCE})
"""They concern every meal since: one sentence for the month, not one for each meal."""


@dataclass(frozen=True, slots=True)
class FunderLine:
    """One funder and programme at one canteen; fen."""

    funder: str
    programme: str
    redecided_fen: int
    ledger_fen: int

    @property
    def difference_fen(self) -> int:
        """Ledger less decided again."""
        return self.ledger_fen - self.redecided_fen


@dataclass(frozen=True, slots=True)
class AdjustedLine:
    """One funder's and programme's adjustments of earlier decided meals: how many meals, and fen (below zero: given less)."""

    funder: str
    programme: str
    meals: int
    fen: int


@dataclass(frozen=True, slots=True)
class CanteenMonth:
    """One canteen's figures; fen. `differences` counts single orders."""

    canteen_id: str
    name: str
    collected: int
    by_hand: int
    redecided_fen: int
    ledger_fen: int
    due_fen: int
    wallet_fen: int
    cash_fen: int
    online_fen: int
    later_fen: int
    differences: int
    money_differences: int
    """How many of them are about the diner's money."""
    funders: tuple[FunderLine, ...]
    adjusted: tuple[AdjustedLine, ...] = ()
    """Approved adjustments that count in this month, by funder."""

    @property
    def adjustments(self) -> int:
        """How many lines of them there are."""
        return len(self.adjusted)

    @property
    def adjusted_fen(self) -> int:
        """All of them; below zero is given less."""
        return sum(line.fen for line in self.adjusted)

    @property
    def difference_fen(self) -> int:
        """Ledger less decided again. 0 does not yet mean that every order agrees: see `differences`."""
        return self.ledger_fen - self.redecided_fen

    @property
    def received_fen(self) -> int:
        """By every tender, with what is open still."""
        return self.wallet_fen + self.cash_fen + self.online_fen + self.later_fen

    @property
    def money_difference_fen(self) -> int:
        """Received or open, less due."""
        return self.received_fen - self.due_fen

    @property
    def subsidy_agrees(self) -> bool:
        """Nothing about the subsidy is to be looked into."""
        return self.differences == self.money_differences


@dataclass(frozen=True, slots=True)
class DifferenceGroup:
    """Differences of one kind at one canteen and meal, told in one sentence. `order` when it is a single one.

    A lapsed licence is told once for the month, a residence nobody confirmed once for each `person`; `diner` is shortened.
    """

    kind: Kind
    canteen_id: str
    canteen_name: str
    day: date | None
    """None: the whole month."""
    meal: str
    count: int
    fen: int
    note: str
    order: str | None
    person: str = ""
    diner: str = ""


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month of the canteens asked for, in their order. `as_of` is when it was read."""

    month: str
    as_of: datetime
    canteens: tuple[CanteenMonth, ...]
    differences: tuple[DifferenceGroup, ...]

    @property
    def collected(self) -> int:
        """Meals handed over."""
        return sum(canteen.collected for canteen in self.canteens)

    @property
    def agrees(self) -> bool:
        """账表相符."""
        return not self.differences


def month_page(session: Session, month: str, canteen_ids: Collection[str], *, now: datetime) -> MonthPage:
    """`month` is `2026-11`.

    Raises:
        subsidies.months.MonthUnreadable: it is no month.
    """
    views = [view for view in places.all_canteens(session) if view.id in canteen_ids]
    names = {view.id: view.name for view in views}
    facts = month_facts(session, read_month(month), [view.id for view in views])
    result = facts.result
    canteens = tuple(
        _canteen(
            result.totals.get(view.id) or Totals(view.id),
            view.name,
            result.differences,
            [one for one in facts.adjusted if one.canteen == view.id],
        )
        for view in views
    )
    return MonthPage(month, now, canteens, _groups(session, result.differences, names))


def _canteen(
    totals: Totals, name: str, differences: tuple[Difference, ...], adjusted: Sequence[Adjusted]
) -> CanteenMonth:
    mine = [one for one in differences if one.canteen == totals.canteen]
    keys = sorted(totals.redecided.keys() | totals.ledger.keys(), key=lambda key: (FUNDERS.index(key[0]), key[1]))
    return CanteenMonth(
        canteen_id=totals.canteen,
        name=name,
        collected=totals.collected,
        by_hand=totals.by_hand,
        redecided_fen=totals.redecided_fen,
        ledger_fen=totals.ledger_fen,
        due_fen=totals.due_fen,
        wallet_fen=totals.wallet_fen,
        cash_fen=totals.cash_fen,
        online_fen=totals.online_fen,
        later_fen=totals.later_fen,
        differences=len(mine),
        money_differences=sum(one.kind is Kind.MONEY for one in mine),
        funders=tuple(FunderLine(*key, totals.redecided.get(key, 0), totals.ledger.get(key, 0)) for key in keys),
        adjusted=_adjusted(adjusted),
    )


def _adjusted(adjusted: Sequence[Adjusted]) -> tuple[AdjustedLine, ...]:
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in adjusted:
        lines[one.funder, one.programme].append(one.fen)
    keys = sorted(lines, key=lambda key: (FUNDERS.index(key[0]), key[1]))
    return tuple(AdjustedLine(*key, len(lines[key]), sum(lines[key])) for key in keys)


def _groups(
    session: Session, differences: tuple[Difference, ...], names: dict[str, str]
) -> tuple[DifferenceGroup, ...]:
    gathered: dict[tuple[str, Kind, date | None, str, str], list[Difference]] = defaultdict(list)
    for one in differences:
        at = (None, "") if one.kind in _OF_THE_MONTH else (one.day, one.meal)
        gathered[one.canteen, one.kind, *at, one.person or ""].append(one)
    diners = _diners(session, {person for *_, person in gathered if person})
    return tuple(
        DifferenceGroup(
            kind,
            canteen,
            names[canteen],
            day,
            meal,
            len(found),
            sum(one.fen for one in found),
            found[0].note,
            found[0].order if len(found) == 1 else None,
            person,
            diners.get(person, ""),
        )
        for (canteen, kind, day, meal, person), found in gathered.items()
    )


def _diners(session: Session, persons: Collection[str]) -> dict[str, str]:
    rows = session.execute(select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(persons)))
    return {key: mask_name(name) for key, name in rows}
