"""A resident says how they like their pages: how large, in which language."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import residents
from canteen.people.errors import FieldRefused

TEXT_SIZES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class DisplayLiked:
    """None leaves as it is. `text_size`: 1 标准 to 4 最大, on phones."""

    resident_id: str
    text_size: int | None = None
    language: str | None = None


def like_display(session: Session, liked: DisplayLiked, *, now: datetime, actor: str) -> None:
    """Store it with the person: the next phone they sign in on starts like this.

    Raises:
        people.errors.FieldRefused: no such size or language.
        people.errors.ResidentUnknown: nobody has this key.
    """
    columns: dict[str, str | bool | bytes | int | None] = {}
    if liked.text_size is not None:
        if liked.text_size not in TEXT_SIZES:
            raise FieldRefused(field="text_size")
        columns["text_size"] = liked.text_size
    if liked.language is not None:
        if liked.language not in residents.LANGUAGES:
            raise FieldRefused(field="language")
        columns["language"] = liked.language
    if not columns:
        return
    residents.change(session, liked.resident_id, **columns)
    record(
        session,
        at=now,
        actor=actor,
        action="resident.changed",
        subject=f"resident:{liked.resident_id}",
        details={"fields": sorted(columns)},
    )
