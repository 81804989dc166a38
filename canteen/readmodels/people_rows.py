"""The list of people to take away: one row a person, numbers masked unless they are asked for in clear."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from canteen.people import residents, search
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, mask_id, mask_name, mask_phone
from canteen.sites.models import Community
from subsidies.models import EligibilityFile, FileStatus


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list; `residence` is whether the community has confirmed it."""

    name: str
    sex: str
    born: date | None
    community: str
    national_id: str
    phone: str
    card_tail: str
    status: FileStatus
    residence: bool
    enrolled_on: date


def people_rows(
    session: Session, wanted: ColumnElement[bool], *, sealer: Sealer, clear: bool, whole_names: bool
) -> tuple[PersonRow, ...]:
    """Everybody of whom `wanted` holds, by name; files that another took over are left out."""
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.sex),
            col(Resident.national_id_sealed),
            col(Resident.phone_sealed),
            col(Resident.enrolled_at),
            col(EligibilityFile.born),
            col(EligibilityFile.status),
            col(EligibilityFile.residence_confirmed_at),
            col(Community.name).label("community"),
        )
        .outerjoin(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(wanted, col(Resident.merged_into).is_(None), residents.on_roll())
        .order_by(col(Resident.name), col(Resident.id))
    ).all()
    tails = search.card_tails(session, [row.id for row in rows])

    def shown(row_id: str, column: str, blob: bytes | None, masked: bool) -> str:
        text = residents.opened(sealer, row_id, column, blob)
        if not masked:
            return text
        return mask_id(text) if column.startswith("national") else mask_phone(text)

    return tuple(
        PersonRow(
            row.name if whole_names else mask_name(row.name),
            row.sex,
            row.born if whole_names else None if row.born is None else date(row.born.year, 1, 1),
            row.community or "",
            shown(row.id, "national_id_sealed", row.national_id_sealed, not clear) if whole_names else "",
            shown(row.id, "phone_sealed", row.phone_sealed, not clear),
            tails.get(row.id, ""),
            FileStatus(row.status or FileStatus.ACTIVE),
            row.residence_confirmed_at is not None,
            row.enrolled_at.date(),
        )
        for row in rows
    )
