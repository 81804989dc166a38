"""Sign an account in: count failures, pause after five, open a new session."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, update

from canteen.audit.log import record
from canteen.people.accounts import Actor, actor_of_account, sign_in_file
from canteen.people.models import Account
from canteen.people.web_sessions import end_session, lifetime_of, open_session

MOST_FAILURES = 5
PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignInResult:
    """A refusal is a result, not an error: an error would roll the count of failures back."""

    actor: Actor | None
    paused_s: int = 0
    """Seconds until this account may be tried again; 0 when it may at once."""


def sign_in(
    session: Session,
    username: str,
    *,
    password_is_right: bool,
    session_hash: str,
    old_session_hash: str | None,
    now: datetime,
    business_now: datetime,
) -> SignInResult:
    """Open the session `session_hash` (always a new one: fixation) and end the one the browser came with.

    `now` is real time. Whether the password is right was found off the writer, it takes 40 ms.
    """
    file = sign_in_file(session, username)
    if file is None:
        return SignInResult(None)
    if file.paused_until is not None and file.paused_until > now:
        return SignInResult(None, int((file.paused_until - now).total_seconds()) + 1)
    if not password_is_right:
        failures = file.failures + 1
        pause = failures >= MOST_FAILURES
        _note_failures(session, file.account_id, 0 if pause else failures, now + PAUSE if pause else None)
        if pause:
            _audit(session, file.account_id, "account.paused", business_now)
        return SignInResult(None, int(PAUSE.total_seconds()) if pause else 0)
    actor = actor_of_account(session, file.account_id)
    if actor is None:
        return SignInResult(None)
    if file.failures or file.paused_until is not None:
        _note_failures(session, file.account_id, 0, None)
    if old_session_hash is not None:
        end_session(session, old_session_hash)
    open_session(session, session_hash, account_id=file.account_id, data={}, lifetime=lifetime_of(actor.role), now=now)
    _audit(session, file.account_id, "account.signed-in", business_now, actor.canteen_id)
    return SignInResult(actor)


def _note_failures(session: Session, account_id: str, failures: int, paused_until: datetime | None) -> None:
    session.execute(
        update(Account)
        .where(col(Account.id) == account_id)
        .values(failures=failures, paused_until=paused_until)
        .execution_options(synchronize_session=False)
    )


def _audit(session: Session, account_id: str, action: str, at: datetime, canteen_id: str | None = None) -> None:
    subject = f"account:{account_id}"
    record(session, at=at, actor=subject, action=action, subject=subject, canteen_id=canteen_id)
