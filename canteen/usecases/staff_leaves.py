"""Somebody leaves: their account closes and every session of it ends at once."""

from datetime import datetime

from sqlmodel import Session, col, update

from canteen.audit.log import record
from canteen.people.models import Account
from canteen.people.sign_in_errors import AccountUnknown
from canteen.people.web_sessions import end_sessions_of


def staff_leaves(session: Session, username: str, *, now: datetime, actor: str) -> str:
    """Returns the account's id; the row stays for the audit log.

    Raises:
        AccountUnknown: no such account, or it has left already.
    """
    row = session.execute(
        update(Account)
        .where(col(Account.username) == username, col(Account.left_at).is_(None))
        .values(left_at=now)
        .returning(col(Account.id), col(Account.canteen_id))
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise AccountUnknown(username=username)
    end_sessions_of(session, row.id)
    record(session, at=now, actor=actor, action="account.left", subject=f"account:{row.id}", canteen_id=row.canteen_id)
    return str(row.id)
