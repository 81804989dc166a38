"""Somebody agrees to a use of their data, or takes it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import consents, diet_notes, fetchers, residents
from canteen.people.consents import HOW, ConsentKind
from canteen.people.errors import FieldRefused


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """`given` False takes it back. `how`: signed · spoken · guardian."""

    resident_id: str
    kind: ConsentKind
    given: bool
    text_version: str = consents.TEXT_VERSION
    how: str = "signed"


def record_consent(session: Session, request: ConsentRecord, *, now: datetime, actor: str) -> None:
    """Store it. Taking back the consent to health notes forgets the notes at once; taking back the one to family links
    ends every fetcher: family members see no meal of theirs and collect none.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        people.errors.FieldRefused: an unknown way of agreeing, or no text version.
    """
    residents.require_own_file(session, request.resident_id)
    if request.how not in HOW or not request.text_version:
        raise FieldRefused(field="consent")
    if request.given:
        consents.give(
            session,
            request.resident_id,
            request.kind,
            text_version=request.text_version,
            how=request.how,
            recorded_by=actor,
            now=now,
        )
    else:
        consents.withdraw(session, request.resident_id, request.kind, now=now)
        if request.kind is ConsentKind.HEALTH:
            diet_notes.erase(session, request.resident_id)
        if request.kind is ConsentKind.FAMILY:
            fetchers.withdraw_all(session, request.resident_id, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="consent.given" if request.given else "consent.withdrawn",
        subject=f"resident:{request.resident_id}",
        details={"kind": request.kind.value, "text_version": request.text_version},
    )
