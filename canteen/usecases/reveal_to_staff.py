"""Canteen staff need a whole name or a telephone number: shown once, for a reason, and written down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from canteen.audit import log
from canteen.people import residents
from canteen.people.errors import FieldRefused, ReasonMissing
from canteen.people.sealed import Sealer
from canteen.readmodels import resident_file

StaffField = Literal["name", "phone"]
STAFF_FIELDS: tuple[StaffField, ...] = ("name", "phone")
REASONS = ("check-identity", "call-about-meal", "receipt")
"""One tap each; that is all a counter needs a whole name or number for."""


@dataclass(frozen=True, slots=True)
class StaffReveal:
    """Which field of whom, and why: one of `REASONS`."""

    resident_id: str
    canteen_id: str
    field: StaffField
    reason: str


def reveal_to_staff(session: Session, request: StaffReveal, *, now: datetime, actor: str, sealer: Sealer) -> str:
    """The field in clear; empty when nothing is on file.

    Raises:
        people.errors.FieldRefused: canteen staff see no other field.
        people.errors.ReasonMissing: none of the known reasons.
        people.errors.ResidentUnknown: nobody has this key.
    """
    if request.field not in STAFF_FIELDS:
        raise FieldRefused(field=str(request.field))
    if request.reason not in REASONS:
        raise ReasonMissing
    if request.field == "name":
        text = residents.resident(session, request.resident_id).name
    else:
        text = resident_file.private_field(session, request.resident_id, "phone", sealer=sealer)
    log.record(
        session,
        at=now,
        actor=actor,
        action="resident.revealed",
        subject=f"resident:{request.resident_id}",
        canteen_id=request.canteen_id,
        details={"field": request.field, "reason": request.reason},
    )
    return text
