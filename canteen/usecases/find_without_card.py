"""Somebody without their card types the tail of their telephone and their birthday at a paired device."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.people import attempts, residents
from canteen.people.sealed import Sealer


@dataclass(frozen=True, slots=True)
class Found:
    """A miss is a result, not an error: an error would roll the count of misses back."""

    resident_id: str | None
    paused: bool = False


def find_without_card(session: Session, digits: str, *, device_id: str, sealer: Sealer, real_now: datetime) -> Found:
    """Who it is; nobody when none or more than one fits, so that a guess never opens a stranger's page. Five misses pause
    the device a minute."""
    if attempts.is_paused(session, device_id, real_now):
        return Found(None, paused=True)
    who = residents.by_phone_tail(session, sealer, digits[:4], digits[4:])
    if len(who) != 1:
        return Found(None, paused=attempts.note_failure(session, device_id, real_now))
    attempts.forget(session, device_id)
    return Found(who[0])
