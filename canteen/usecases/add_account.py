"""Give somebody an account."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, insert, select
from ulid import ULID

from canteen.audit.log import record
from canteen.people.models import Account, Role
from canteen.people.sign_in_errors import AccountRefused, UsernameTaken

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}", re.ASCII)
AT_A_CANTEEN = frozenset({Role.MANAGER, Role.STAFF})


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who it is for. The password was hashed off the writer (`canteen.people.passwords`)."""

    username: str
    name: str
    role: Role
    password_hash: str
    canteen_id: str | None = None
    community_id: str | None = None
    subdistrict_id: str | None = None


def add_account(session: Session, new: NewAccount, *, now: datetime, actor: str) -> str:
    """Returns the account's id.

    Raises:
        AccountRefused: user name, name or scope do not fit the role.
        UsernameTaken: somebody has or had this user name.
    """
    if not _USERNAME.fullmatch(new.username):
        raise AccountRefused(field="username")
    if not 1 <= len(new.name.strip()) <= 40:
        raise AccountRefused(field="name")
    if new.role is Role.KIOSK:
        raise AccountRefused(field="role")
    if (new.role in AT_A_CANTEEN) != (new.canteen_id is not None):
        raise AccountRefused(field="canteen")
    if (new.role is Role.COMMUNITY) != (new.community_id is not None):
        raise AccountRefused(field="community")
    if (new.role is Role.SUBDISTRICT) != (new.subdistrict_id is not None):
        raise AccountRefused(field="subdistrict")
    if session.execute(select(Account.id).where(col(Account.username) == new.username)).first() is not None:
        raise UsernameTaken(username=new.username)
    account_id = str(ULID.from_datetime(now))
    session.execute(
        insert(Account).values(
            id=account_id,
            username=new.username,
            name=new.name.strip(),
            role=str(new.role),
            canteen_id=new.canteen_id,
            community_id=new.community_id,
            subdistrict_id=new.subdistrict_id,
            password_hash=new.password_hash,
            created_at=now,
            failures=0,
        )
    )
    record(
        session,
        at=now,
        actor=actor,
        action="account.added",
        subject=f"account:{account_id}",
        canteen_id=new.canteen_id,
        details={"role": str(new.role)},
    )
    return account_id
