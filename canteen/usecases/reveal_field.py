"""An officer looks at a private field: allowed with a reason, and written down."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people.errors import FieldRefused, ReasonMissing
from canteen.people.sealed import Sealer
from canteen.readmodels import resident_file
from canteen.readmodels.resident_file import PRIVATE_FIELDS, PrivateField


@dataclass(frozen=True, slots=True)
class FieldReveal:
    """Which field of whom, and why."""

    resident_id: str
    field: PrivateField
    reason: str


def reveal_field(session: Session, request: FieldReveal, *, now: datetime, actor: str, sealer: Sealer) -> str:
    """The field in clear; empty when nothing is on file.

    Raises:
        people.errors.ReasonMissing: no reason of at least two characters.
        people.errors.FieldRefused: not a private field.
        people.errors.ResidentUnknown: nobody has this key.
    """
    reason = request.reason.strip()
    if len(reason) < 2:
        raise ReasonMissing
    if request.field not in PRIVATE_FIELDS:
        raise FieldRefused(field=request.field)
    text = resident_file.private_field(session, request.resident_id, request.field, sealer=sealer)
    log.record(
        session,
        at=now,
        actor=actor,
        action="resident.revealed",
        subject=f"resident:{request.resident_id}",
        details={"field": request.field, "reason": reason[:200]},
    )
    return text
