"""What would this meal cost whoever holds this card, and what on it clashes with their notes? For programs."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from canteen.people import cards, residents
from canteen.people.sealed import Sealer
from canteen.readmodels.diner_clashes import diner_clashes
from canteen.readmodels.quote import MealWish, Quote, quote
from menus.diet import Clash
from subsidies.rules.explain import explain


@dataclass(frozen=True, slots=True)
class Explanation:
    """The diner's sentence in both languages; it names no category."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ProgramQuote:
    """A quote with its words."""

    quote: Quote
    explanation: Explanation
    clashes: tuple[Clash, ...]


def program_quote(
    session: Session, wish: MealWish, card: str | None, *, now: datetime, sealer: Sealer, examples_decide: bool
) -> ProgramQuote:
    """The quote for the holder of `card`, else for the diner of `wish`. Raises as `readmodels.quote.quote` does, and

    Raises:
        people.errors.CardUnknown, CardStopped, ResidentUnknown: no such diner.
    """
    if card is not None:
        wish = replace(wish, resident_id=cards.find_active(session, card).resident_id)
    elif wish.resident_id is not None:
        residents.resident(session, wish.resident_id)
    made = quote(session, wish, now=now, examples_decide=examples_decide)
    items = [line.item for line in made.asked.lines]
    return ProgramQuote(made, explained(made), diner_clashes(session, wish.resident_id, items, sealer))


def explained(made: Quote) -> Explanation:
    """Why the diner pays what they pay."""
    rules = made.rules.rule_set if made.rules else None
    return Explanation(explain(made.decision, rules, "diner", "zh"), explain(made.decision, rules, "diner", "en"))
