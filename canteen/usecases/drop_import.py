"""An import is given up: whoever was written unseen goes, and every staged line."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from canteen.audit import log
from canteen.people.models import Arrival, Card, Consent, Resident
from canteen.tables import batches
from canteen.tables.errors import BatchBusy
from canteen.tables.models import BatchState
from canteen.usecases.steps.import_run import Run
from subsidies.models import CategoryProposal, EligibilityFile

PEOPLE_TOGETHER = 30
LINES_TOGETHER = 200


def send_away(session: Session, run: Run, *, real_now: datetime) -> bool:
    """Take back some of those nobody has seen yet; True when none are left.

    Raises:
        BatchBusy: another run has the import, or it was decided: then they are on the roll and stay.
    """
    batches.step(session, run.key, run=run.word, real_now=real_now)
    arrived = session.execute(select(col(Arrival.arrived_at)).where(col(Arrival.id) == run.key)).first()
    if arrived is None:
        return True
    if arrived[0] is not None:
        raise BatchBusy
    ids = (
        session.execute(select(col(Resident.id)).where(col(Resident.arrival_id) == run.key).limit(PEOPLE_TOGETHER))
        .scalars()
        .all()
    )
    if not ids:
        session.execute(delete(Arrival).where(col(Arrival.id) == run.key))
        return True
    for statement in (
        delete(Consent).where(col(Consent.resident_id).in_(ids)),
        delete(CategoryProposal).where(col(CategoryProposal.resident_id).in_(ids)),
        delete(Card).where(col(Card.resident_id).in_(ids)),
        delete(EligibilityFile).where(col(EligibilityFile.resident_id).in_(ids)),
        delete(Resident).where(col(Resident.id).in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    return False


def drop_import(session: Session, run: Run, *, real_now: datetime) -> bool:
    """Forget some of its lines; True when it is gone. The batch stays as a record of counts.

    Raises:
        BatchBusy: another run has the import.
    """
    batches.step(session, run.key, run=run.word, real_now=real_now)
    if batches.forget_some(session, run.key, most=LINES_TOGETHER):
        return False
    batches.step(session, run.key, run=run.word, real_now=real_now, state=BatchState.DROPPED, ended_at=run.rules.now)
    log.record(
        session,
        at=run.rules.now,
        actor=run.rules.actor,
        action="import.dropped",
        subject=f"import:{run.key}",
        details={"kind": batches.batch(session, run.key).kind.value},
    )
    return True
