"""Until when do operators' papers hold?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.sites.models import Canteen, Operator


@dataclass(frozen=True, slots=True)
class OperatorPapers:
    """One operator: service agreement, food licence and bank account with their last good days."""

    canteen_name: str
    name: str
    kind: str
    agreement_no: str
    agreement_until: date | None
    food_licence_no: str
    food_licence_until: date | None
    bank_account_until: date | None


def operator_papers(session: Session, canteens: Collection[str]) -> tuple[OperatorPapers, ...]:
    """Of the canteens asked for, in their order."""
    rows = session.execute(
        select(
            col(Canteen.name),
            col(Operator.name),
            col(Operator.kind),
            col(Operator.agreement_no),
            col(Operator.agreement_until),
            col(Operator.food_licence_no),
            col(Operator.food_licence_until),
            col(Operator.bank_account_until),
        )
        .join(Operator, col(Operator.id) == col(Canteen.operator_id))
        .where(col(Canteen.id).in_(list(canteens)))
        .order_by(col(Canteen.position), col(Canteen.id))
    )
    return tuple(OperatorPapers(*row) for row in rows)
