"""What would an ordinary lunch cost somebody under the rules now in force? For the public's question and for a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlmodel import Session

from canteen.readmodels.account_statement import PAYERS, PayerShare
from canteen.sites import places
from canteen.sites.holidays import day_kind
from canteen.sites.places import CanteenView
from menus.service_days import MealPeriod
from subsidies import eligibility, published
from subsidies.rules.decide import decide
from subsidies.rules.facts import Diner, HeldCategory, Meal, MealLine

STANDARD_FEN = 1_500
"""One set meal for lunch, the dearest of the day: the rates of most days are told by it."""


@dataclass(frozen=True, slots=True)
class StandardMeal:
    """At one canteen; list = Σ shares + self-pay, in fen."""

    canteen: CanteenView
    list_fen: int
    self_pay_fen: int
    shares: tuple[PayerShare, ...]
    is_example: bool

    @property
    def helped_fen(self) -> int:
        """What others pay."""
        return self.list_fen - self.self_pay_fen


@dataclass(frozen=True, slots=True)
class MealChange:
    """What the diner pays for it now, and with the category; fen."""

    list_fen: int
    now_fen: int
    then_fen: int
    is_example: bool


def standard_meals(
    session: Session, diner: Diner, canteens: Sequence[CanteenView], *, now: datetime, today: date, examples: bool
) -> tuple[StandardMeal, ...]:
    """The first such meal of the day at each canteen, nothing used before. `examples`: demo mode."""
    kind = day_kind(session, today)
    found: list[StandardMeal] = []
    for canteen in canteens:
        rules = published.in_force(session, canteen.id, canteen.area, today, examples_decide=examples)
        if rules is None:
            found.append(StandardMeal(canteen, STANDARD_FEN, STANDARD_FEN, (), is_example=False))
            continue
        meal = Meal(
            canteen=canteen.id,
            canteen_area=canteen.area,
            date=today,
            meal=MealPeriod.LUNCH.value,
            ordered_at=now,
            day_kind=kind,
            lines=(MealLine("standard", "set", STANDARD_FEN),),
            dearest_set_fen=STANDARD_FEN,
        )
        decision = decide(rules.rule_set, diner, meal, {})
        given: dict[str, int] = {}
        for funder, fen in decision.funder_fen().items():
            payer = PAYERS.get(funder, "government")
            given[payer] = given.get(payer, 0) + fen
        shares = tuple(PayerShare(payer, given[payer]) for payer in dict.fromkeys(PAYERS.values()) if payer in given)
        found.append(StandardMeal(canteen, decision.list_fen, decision.self_pay_fen, shares, decision.example))
    return tuple(found)


def change_by_category(
    session: Session, resident_id: str, category: str, *, now: datetime, today: date, examples: bool
) -> MealChange | None:
    """For a resident, at the canteen of their community (else the first); None when nothing would change."""
    diner = eligibility.diner_facts(session, resident_id, today)
    canteens = places.all_canteens(session)
    near = [canteen for canteen in canteens if canteen.area == diner.living_area] or list(canteens)
    if not near:
        return None
    more = msgspec.structs.replace(diner, categories=(*diner.categories, HeldCategory(category, today)))
    before, after = (
        standard_meals(session, one, near[:1], now=now, today=today, examples=examples)[0] for one in (diner, more)
    )
    if before.self_pay_fen == after.self_pay_fen:
        return None
    return MealChange(after.list_fen, before.self_pay_fen, after.self_pay_fen, before.is_example or after.is_example)
