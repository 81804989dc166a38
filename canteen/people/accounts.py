"""Who acts: accounts that sign in, and the neutral `Actor` that pages and use cases see."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from canteen.people.models import Account, Role

ANYWHERE = frozenset({Role.OFFICER, Role.AUDITOR, Role.ADMIN})
"""Roles that see every canteen."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that asks. `ref` goes into the audit log."""

    ref: str
    """`account:ID`, `token:ID`, `device:ID` or `guest`."""
    name: str = ""
    role: Role | None = None
    canteen_id: str | None = None
    community_id: str | None = None
    subdistrict_id: str | None = None

    @property
    def is_guest(self) -> bool:
        """Nobody has signed in."""
        return self.ref == "guest"

    def may_see_canteen(self, canteen_id: str) -> bool:
        """Whether the scope of the role reaches this canteen.

        Community and subdistrict workers see places by their area, which read models apply; here they see no canteen.
        """
        if self.role in ANYWHERE:
            return True
        return self.canteen_id == canteen_id


GUEST = Actor("guest")


@dataclass(frozen=True, slots=True)
class SignInFile:
    """What checking a password needs."""

    account_id: str
    password_hash: str
    failures: int
    paused_until: datetime | None


def sign_in_file(session: Session, username: str) -> SignInFile | None:
    """The account of this username, unless they have left."""
    row = session.execute(
        select(Account.id, Account.password_hash, Account.failures, Account.paused_until).where(
            col(Account.username) == username, col(Account.left_at).is_(None)
        )
    ).first()
    return None if row is None else SignInFile(*row)


def actor_of_account(session: Session, account_id: str) -> Actor | None:
    """The account as an actor, unless they have left."""
    account = session.exec(
        select(Account).where(col(Account.id) == account_id, col(Account.left_at).is_(None))
    ).one_or_none()
    if account is None:
        return None
    return Actor(
        ref=f"account:{account.id}",
        name=account.name,
        role=Role(account.role),
        canteen_id=account.canteen_id,
        community_id=account.community_id,
        subdistrict_id=account.subdistrict_id,
    )
