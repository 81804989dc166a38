"""What must always be true of evidence from outside, and of erasures."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.confirmations.models import CallDraw, CallLine
from canteen.people.erasure_models import Erasing, Erasure
from canteen.people.models import Card, Resident
from canteen.readmodels.invariant import Invariant, judged
from subsidies.models import LedgerTransaction


def draws(session: Session) -> Invariant:
    """Each list of calls is as long as it says, and its seed is the hash of the entry it names."""
    drawn = session.execute(select(CallDraw)).scalars().all()
    return judged("draws", f"{len(drawn)} lists", (breach for draw in drawn for breach in _of(session, draw)))


def _of(session: Session, draw: CallDraw) -> Iterator[str]:
    lines = session.execute(
        select(func.count()).where(col(CallLine.canteen_id) == draw.canteen_id, col(CallLine.period) == draw.period)
    ).scalar()
    if lines != draw.drawn:
        yield f"{draw.canteen_id} {draw.period}: {lines} lines, should be {draw.drawn}"
    seed = session.execute(
        select(col(LedgerTransaction.hash)).where(
            col(LedgerTransaction.canteen_id) == draw.canteen_id, col(LedgerTransaction.seq) == draw.seed_seq
        )
    ).scalar()
    if seed != draw.seed:
        yield f"{draw.canteen_id} {draw.period}: its seed is no hash of entry {draw.seed_seq}"


def erasures(session: Session) -> Invariant:
    """No erasure stands open, and nothing is left on an erased person that finds them."""
    breaches = [f"{key}: erasing never ended" for key in session.execute(select(col(Erasing.resident_id))).scalars()]
    private = (
        "national_id_sealed national_id_index phone_sealed phone_tail_index phone_end_index address_sealed diet_sealed"
    )
    left = [col(getattr(Resident, name)).is_not(None) for name in private.split()]
    erased = col(Resident.erased_at).is_not(None)
    for column in left:
        breaches += [
            f"{key}: private fields are left"
            for key in session.execute(select(col(Resident.id)).where(erased, column)).scalars()
        ]
    cards = select(col(Card.resident_id)).join(Resident, col(Resident.id) == col(Card.resident_id)).where(erased)
    breaches += [f"{key}: a card is left" for key in session.execute(cards).scalars()]
    count = session.execute(select(func.count()).where(col(Erasure.decision) == "done")).scalar_one()
    return judged("erasures", f"{count} people erased", breaches)
