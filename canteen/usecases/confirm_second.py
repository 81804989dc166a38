"""A second person confirms with their own sign-in on somebody else's page: no session is opened, failures count."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit.log import record
from canteen.people import attempts
from canteen.people.accounts import Actor, actor_of_account, sign_in_file
from canteen.people.attempts import Rule

RULE = Rule("second-person", attempts.PIN.pauses)


def confirm_second(
    session: Session, username: str, *, password_is_right: bool, now: datetime, business_now: datetime
) -> Actor | None:
    """Who it is, or None: unknown, wrong, or tried too often. A refusal is a result: an error would forget the count.

    `now` is real time.
    """
    file = sign_in_file(session, username)
    if file is None or (file.paused_until is not None and file.paused_until > now):
        return None
    subject = f"account:{file.account_id}"
    if attempts.is_paused(session, subject, now, RULE):
        return None
    if not password_is_right:
        attempts.note_failure(session, subject, now, RULE)
        return None
    attempts.forget(session, subject, RULE)
    actor = actor_of_account(session, file.account_id)
    if actor is not None:
        record(
            session, at=business_now, actor=subject, action="account.confirmed", subject=subject,
            canteen_id=actor.canteen_id,
        )  # fmt: skip
    return actor
