"""Server-side sessions: rows found by the hash of a cookie, with an idle and an absolute end. Real time, also in demos."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session, col, delete, insert, select, update

from canteen.people.models import Role, WebSession


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lives."""

    idle: timedelta
    absolute: timedelta


OFFICE = Lifetime(timedelta(minutes=30), timedelta(hours=12))
"""Screens with private files."""
SHIFT = Lifetime(timedelta(hours=4), timedelta(hours=14))
"""A tablet at the window through one shift: nobody can type a password in the lunch queue."""
KIOSK_VISIT = Lifetime(timedelta(minutes=5), timedelta(minutes=30))
"""One elder at a kiosk. The page itself wipes after 60 + 30 seconds without a touch."""
RESIDENT_PHONE = Lifetime(timedelta(days=30), timedelta(days=180))
"""A resident's own phone."""
GUEST_PHONE = Lifetime(timedelta(days=8), timedelta(days=16))
"""Somebody without an account who ordered on their phone: as long as the order they may look at."""


def lifetime_of(role: Role | None) -> Lifetime:
    """Staff sessions last a shift, all others an office visit."""
    return SHIFT if role in {Role.STAFF, Role.MANAGER} else OFFICE


class _Kept(msgspec.Struct, frozen=True):
    ends_at: datetime
    idle_s: int
    data: dict[str, msgspec.Raw] = {}


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that stands."""

    key_hash: str
    account_id: str | None
    data: Mapping[str, object]
    expires_at: datetime
    ends_at: datetime
    idle: timedelta
    resident_id: str | None = None
    """Whose phone it is."""

    def wants_renewal(self, now: datetime) -> bool:
        """Whether a tenth of the idle time has passed: renewing each time would write on every page."""
        return min(now + self.idle, self.ends_at) - self.expires_at > self.idle / 10


def open_session(
    session: Session,
    key_hash: str,
    *,
    account_id: str | None,
    data: Mapping[str, object],
    lifetime: Lifetime,
    now: datetime,
    resident_id: str | None = None,
) -> None:
    """Store a new session. `now` is real time."""
    ends_at = now + lifetime.absolute
    session.execute(
        insert(WebSession).values(
            key_hash=key_hash,
            account_id=account_id,
            resident_id=resident_id,
            data=_encode(ends_at, int(lifetime.idle.total_seconds()), data),
            expires_at=min(now + lifetime.idle, ends_at),
        )
    )


def find_session(session: Session, key_hash: str, now: datetime) -> OpenSession | None:
    """The session of this cookie, unless it has ended."""
    row = session.execute(
        select(WebSession.account_id, WebSession.data, WebSession.expires_at, WebSession.resident_id).where(
            col(WebSession.key_hash) == key_hash, col(WebSession.expires_at) > now
        )
    ).first()
    if row is None:
        return None
    account_id, blob, expires_at, resident_id = row
    kept = msgspec.json.decode(blob, type=_Kept)
    data: dict[str, object] = {key: msgspec.json.decode(raw) for key, raw in kept.data.items()}
    return OpenSession(
        key_hash, account_id, data, expires_at, kept.ends_at, timedelta(seconds=kept.idle_s), resident_id
    )


def renew_session(session: Session, key_hash: str, expires_at: datetime) -> None:
    """Push the idle end to `expires_at`."""
    session.execute(update(WebSession).where(col(WebSession.key_hash) == key_hash).values(expires_at=expires_at))


def change_session_data(session: Session, standing: OpenSession, data: Mapping[str, object]) -> None:
    """Replace what is kept in the session; its ends stay."""
    session.execute(
        update(WebSession)
        .where(col(WebSession.key_hash) == standing.key_hash)
        .values(data=_encode(standing.ends_at, int(standing.idle.total_seconds()), data))
    )


def end_session(session: Session, key_hash: str) -> None:
    """Sign out."""
    session.execute(delete(WebSession).where(col(WebSession.key_hash) == key_hash))


def end_sessions_of(session: Session, account_id: str) -> None:
    """Sign an account out everywhere."""
    session.execute(delete(WebSession).where(col(WebSession.account_id) == account_id))


def end_sessions_of_resident(session: Session, resident_id: str, *, keep: str | None = None) -> int:
    """Sign a resident out on every phone, but for the session `keep`; returns on how many."""
    ended = delete(WebSession).where(col(WebSession.resident_id) == resident_id)
    if keep is not None:
        ended = ended.where(col(WebSession.key_hash) != keep)
    return len(session.execute(ended.returning(col(WebSession.key_hash))).all())


DROP_AT_ONCE = 500


def drop_ended(session: Session, now: datetime) -> int:
    """Remove up to `DROP_AT_ONCE` sessions past their end; returns how many. Call again until it answers 0."""
    ended = select(WebSession.key_hash).where(col(WebSession.expires_at) <= now).limit(DROP_AT_ONCE)
    return len(
        session.execute(
            delete(WebSession).where(col(WebSession.key_hash).in_(ended)).returning(col(WebSession.key_hash))
        ).all()
    )


def _encode(ends_at: datetime, idle_s: int, data: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({"ends_at": ends_at, "idle_s": idle_s, "data": data})
