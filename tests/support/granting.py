"""A category on a file at once, for tests about what it does: entered by one person, approved by another."""

from datetime import datetime

from sqlmodel import Session

from canteen.usecases.decide_categories import CategoriesDecided, decide_categories
from canteen.usecases.propose_category import propose_category
from subsidies.proposals import ProposedCategory

CLERK = "account:clerk"


def grant_category(session: Session, wanted: ProposedCategory, *, now: datetime, actor: str) -> str:
    """Both steps; returns the grant's id."""
    key = propose_category(session, wanted, now=now, actor=CLERK)
    return decide_categories(session, CategoriesDecided((key,), approve=True), now=now, actor=actor)[0]
