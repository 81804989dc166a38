"""What a canteen would declare for a month, and what stands in the way: computed outside any write."""

from dataclasses import dataclass

from sqlmodel import Session

from canteen.readmodels.month_facts import month_facts
from subsidies import statements
from subsidies.months import Month
from subsidies.reconciliation import BLOCKING
from subsidies.statements import ClaimLine, Head


@dataclass(frozen=True, slots=True)
class MonthClaim:
    """Valid only while the chain stands at `head`."""

    head: Head
    lines: tuple[ClaimLine, ...]
    blocking: int


def month_claim(session: Session, canteen_id: str, month: Month) -> MonthClaim:
    """The head is read first: whatever is booked meanwhile makes the declaration refuse."""
    head = statements.head(session, canteen_id)
    return MonthClaim(head, statements.claim_lines(session, canteen_id, month), blocking(session, canteen_id, month))


def blocking(session: Session, canteen_id: str, month: Month) -> int:
    """Differences with which the month is neither declared nor locked."""
    found = month_facts(session, month, [canteen_id]).result.differences
    return sum(one.kind in BLOCKING for one in found)
