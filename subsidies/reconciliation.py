"""账表相符: meals decided again × what the books say × what was received. Pure: neutral rows in, differences out.

Orders and ledger were written by one transaction, so their agreement proves the program, not the meals; what is known
today about people, hours and papers is compared too. Nothing is tolerated: one fen at one meal is a difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

ByFunder = Mapping[tuple[str, str], int]
"""(funder, programme) → fen."""


class Kind(StrEnum):
    """What does not agree."""

    NOT_EARNED = "not-earned"
    """A meal was collected and its subsidy never booked."""
    NOT_COLLECTED = "not-collected"
    """A subsidy is in the books for a meal nobody collected."""
    AMOUNT = "amount"
    """The books hold another amount than the rules give when they decide again."""
    RECORD = "record"
    """The order itself names another amount than the rules give when they decide again."""
    INELIGIBLE = "ineligible"
    """The diner had died, moved away or gone into an institution by that day, as is known now."""
    TWO_CANTEENS = "two-canteens"
    """The same person, the same meal, subsidised at two canteens."""
    TWICE = "twice"
    """A second subsidised meal, found when two files turned out to be one person."""
    RESIDENCE = "residence"
    """Nobody had confirmed where the diner lives 30 days after it was put on file."""
    OUTSIDE_HOURS = "outside-hours"
    """Handed over when that meal was not being served."""
    CLOSED_DAY = "closed-day"
    """Handed over on a day, or for a meal, the canteen does not serve."""
    LICENCE = "licence"
    """The operator's food licence had lapsed."""
    MONEY = "money"
    """The diner's part and what was received for it, or is still open, differ."""


BLOCKING = frozenset(Kind) - {Kind.RESIDENCE, Kind.OUTSIDE_HOURS, Kind.CLOSED_DAY, Kind.LICENCE}
"""With these a month is neither declared nor locked: money is wrong. The others are to be explained, and stand in the pack."""


@dataclass(frozen=True, slots=True)
class MealFact:
    """One order of the month, handed over or not; fen. `expected` is decided again from the frozen inputs."""

    order: str
    canteen: str
    day: date
    meal: str
    person: str | None
    """Opaque; None for a guest."""
    collected: bool
    expected: ByFunder = field(default_factory=dict)
    recorded: ByFunder = field(default_factory=dict)
    self_pay_fen: int = 0
    """The diner's part, decided again."""
    served_at: datetime | None = None
    hours_ok: bool = True
    open_day: bool = True
    licensed: bool = True
    ineligible: str = ""
    """The status that held that day as is known now; empty when the person was active."""
    second: bool = False
    """A merge of two files listed it as beyond what one person may have."""
    residence_open: bool = False
    """That day more than 30 days had passed and, as is known now, nobody has confirmed the residence."""
    by_hand: bool = False
    """Entered after a power cut: its hours cannot be judged, and it is counted apart."""
    adjusted_fen: int | None = None
    """What approved adjustments, booked in whichever month, have changed but for the operator's share; None: none has."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What the books say one funder owes for one order: earned less undone, in fen; never zero."""

    order: str
    canteen: str
    day: date
    funder: str
    programme: str
    fen: int


@dataclass(frozen=True, slots=True)
class Received:
    """The diner's money for one order: taken less given back by tender, and what is agreed to be paid later; fen."""

    order: str
    wallet_fen: int = 0
    cash_fen: int = 0
    online_fen: int = 0
    later_fen: int = 0

    @property
    def total_fen(self) -> int:
        """All of it."""
        return self.wallet_fen + self.cash_fen + self.online_fen + self.later_fen


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing at one order that does not agree; `fen` is books − decided again, or received − due."""

    kind: Kind
    order: str
    canteen: str
    day: date
    meal: str
    fen: int
    note: str = ""
    """A key for words: the status for `INELIGIBLE`, the other canteen for `TWO_CANTEENS`."""
    person: str | None = None
    """Whose meal it was, for `RESIDENCE`: that is about the person, not about each meal."""


@dataclass(frozen=True, slots=True)
class Totals:
    """One canteen's month in figures; fen."""

    canteen: str
    collected: int = 0
    by_hand: int = 0
    redecided: ByFunder = field(default_factory=dict)
    ledger: ByFunder = field(default_factory=dict)
    due_fen: int = 0
    wallet_fen: int = 0
    cash_fen: int = 0
    online_fen: int = 0
    later_fen: int = 0

    @property
    def redecided_fen(self) -> int:
        """All funders, decided again."""
        return sum(self.redecided.values())

    @property
    def ledger_fen(self) -> int:
        """All funders, from the books."""
        return sum(self.ledger.values())

    @property
    def received_fen(self) -> int:
        """Every tender, and what is still open."""
        return self.wallet_fen + self.cash_fen + self.online_fen + self.later_fen


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Totals by canteen, and every difference by canteen, day, meal and order."""

    totals: Mapping[str, Totals]
    differences: tuple[Difference, ...]


def reconcile(meals: Iterable[MealFact], earned: Iterable[Earned], received: Iterable[Received]) -> Reconciliation:
    """Compare everything with everything. Rows of one month and any canteens, in any order."""
    facts = {meal.order: meal for meal in meals}
    booked: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    places: dict[str, Earned] = {}
    for row in earned:
        mine, key = booked[row.order], (row.funder, row.programme)
        mine[key] = mine.get(key, 0) + row.fen
        places[row.order] = row
    money = {row.order: row for row in received}
    found: list[Difference] = []
    for order in booked.keys() - facts.keys():
        row = places[order]
        found.append(Difference(Kind.NOT_COLLECTED, order, row.canteen, row.day, "", sum(booked[order].values())))
    for meal in facts.values():
        found += _of_meal(meal, booked.get(meal.order, {}), money.get(meal.order, Received(meal.order)))
    found += _two_canteens(facts.values(), booked)
    known = {one.order for one in found if one.kind is Kind.TWO_CANTEENS}
    found += [
        Difference(Kind.TWICE, meal.order, meal.canteen, meal.day, meal.meal, sum(booked[meal.order].values()))
        for meal in facts.values()
        if meal.second and meal.collected and meal.order not in known and any(booked.get(meal.order, {}).values())
    ]
    found.sort(key=lambda one: (one.canteen, one.day, one.meal, one.kind, one.order))
    return Reconciliation(_totals(facts, booked, places, money), tuple(found))


def _of_meal(meal: MealFact, booked: ByFunder, money: Received) -> list[Difference]:
    found: list[Difference] = []

    def note(kind: Kind, fen: int = 0, words: str = "", person: str | None = None) -> None:
        found.append(Difference(kind, meal.order, meal.canteen, meal.day, meal.meal, fen, words, person))

    expected, ledger = sum(meal.expected.values()), sum(booked.values())
    if not meal.collected:
        if any(booked.values()):
            note(Kind.NOT_COLLECTED, ledger)
        return found
    if expected and not any(booked.values()):
        note(Kind.NOT_EARNED, -expected)
    elif _plain(booked) != _plain(meal.expected):
        note(Kind.AMOUNT, ledger - expected)
    if _plain(meal.recorded) != _plain(meal.expected):
        note(Kind.RECORD, sum(meal.recorded.values()) - expected)
    if money.total_fen != meal.self_pay_fen:
        note(Kind.MONEY, money.total_fen - meal.self_pay_fen)
    left = _left(meal, booked)
    if meal.ineligible and left:
        note(Kind.INELIGIBLE, left, meal.ineligible)
    if meal.residence_open and left and not meal.ineligible:
        note(Kind.RESIDENCE, left, person=meal.person)
    if not meal.licensed:
        note(Kind.LICENCE, ledger)
    if not meal.open_day:
        note(Kind.CLOSED_DAY, ledger)
    elif not meal.hours_ok and not meal.by_hand:
        note(Kind.OUTSIDE_HOURS, ledger)
    return found


def _left(meal: MealFact, booked: ByFunder) -> int:
    """What is still given. The operator's own discount stays given: alone, or once the rest is adjusted, it is no difference."""
    public_fen = sum(fen for (funder, _), fen in booked.items() if funder != "operator")
    if meal.adjusted_fen is not None:
        return public_fen + meal.adjusted_fen
    return sum(booked.values()) if public_fen else 0


def _plain(shares: ByFunder) -> dict[tuple[str, str], int]:
    return {key: fen for key, fen in shares.items() if fen}


def _two_canteens(meals: Iterable[MealFact], booked: Mapping[str, ByFunder]) -> list[Difference]:
    """Every subsidised meal but the first in time is a difference, and names the canteen of the first."""
    by_person: dict[tuple[str, date, str], list[MealFact]] = defaultdict(list)
    for meal in meals:
        helped_fen = sum(booked[meal.order].values()) if meal.order in booked else 0
        if meal.person is not None and meal.collected and helped_fen:
            by_person[(meal.person, meal.day, meal.meal)].append(meal)
    found: list[Difference] = []
    for same in by_person.values():
        same.sort(key=lambda meal: (meal.served_at is None, meal.served_at or datetime.max, meal.order))  # noqa: DTZ901 - never compared with an aware one
        first = same[0]
        found += [
            Difference(
                Kind.TWO_CANTEENS,
                meal.order,
                meal.canteen,
                meal.day,
                meal.meal,
                sum(booked[meal.order].values()),
                first.canteen,
            )
            for meal in same[1:]
            if meal.canteen != first.canteen
        ]
    return found


def _totals(
    facts: Mapping[str, MealFact],
    booked: Mapping[str, ByFunder],
    places: Mapping[str, Earned],
    money: Mapping[str, Received],
) -> dict[str, Totals]:
    canteens = {meal.canteen for meal in facts.values()} | {row.canteen for row in places.values()}
    totals: dict[str, Totals] = {}
    for canteen in sorted(canteens):
        served = [meal for meal in facts.values() if meal.canteen == canteen and meal.collected]
        tills = [money[meal.order] for meal in served if meal.order in money]
        totals[canteen] = Totals(
            canteen,
            collected=len(served),
            by_hand=sum(meal.by_hand for meal in served),
            redecided=_added(meal.expected for meal in served),
            ledger=_added(shares for order, shares in booked.items() if places[order].canteen == canteen),
            due_fen=sum(meal.self_pay_fen for meal in served),
            wallet_fen=sum(till.wallet_fen for till in tills),
            cash_fen=sum(till.cash_fen for till in tills),
            online_fen=sum(till.online_fen for till in tills),
            later_fen=sum(till.later_fen for till in tills),
        )
    return totals


def _added(many: Iterable[ByFunder]) -> dict[tuple[str, str], int]:
    total: dict[tuple[str, str], int] = defaultdict(int)
    for shares in many:
        for key, fen in shares.items():
            total[key] += fen
    return dict(sorted(total.items()))
