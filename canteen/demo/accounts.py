"""The demo accounts: one per role, one password, printed everywhere. A real installation refuses to run with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from canteen.db.database import Database
from canteen.people.models import Account, Role
from canteen.people.passwords import hash_password, matches
from canteen.usecases.add_account import NewAccount, add_account

DEMO_PASSWORD = "demo-nuancan"  # noqa: S105 - public, opens invented data only


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A demo account as the sign-in page shows it."""

    username: str
    name: str
    role: Role
    canteen_id: str | None = None
    community_id: str | None = None
    subdistrict_id: str | None = None


DEMO_SIGN_INS = (
    DemoSignIn("longcheng-staff", "李师傅（演示）", Role.STAFF, "longcheng"),
    DemoSignIn("longcheng-manager", "陈店长（演示）", Role.MANAGER, "longcheng"),
    DemoSignIn("shuiyun-staff", "吴师傅（演示）", Role.STAFF, "shuiyun"),
    DemoSignIn("shuiyun-manager", "郑店长（演示）", Role.MANAGER, "shuiyun"),
    DemoSignIn("community", "小杨（演示）", Role.COMMUNITY, community_id="longcheng"),
    DemoSignIn("community-2", "小刘（演示）", Role.COMMUNITY, community_id="longcheng"),
    DemoSignIn("subdistrict", "老何（演示）", Role.SUBDISTRICT, subdistrict_id="jianhua"),
    DemoSignIn("officer", "林科长（演示）", Role.OFFICER),
    DemoSignIn("officer-2", "沈副科长（演示）", Role.OFFICER),
    DemoSignIn("auditor", "审计员（演示）", Role.AUDITOR),
    DemoSignIn("admin", "管理员（演示）", Role.ADMIN),
)


def _known(session: Session) -> dict[str, str]:
    names = [demo.username for demo in DEMO_SIGN_INS]
    rows = session.execute(
        select(Account.username, Account.password_hash).where(
            col(Account.username).in_(names), col(Account.left_at).is_(None)
        )
    )
    return {row.username: row.password_hash for row in rows}


def add_demo_accounts(database: Database, now: datetime) -> None:
    """Those that are missing, added at `now` of the demo's own time; sessions and tokens keep real time. Idempotent."""
    known = database.read_sync(_known)
    missing = [demo for demo in DEMO_SIGN_INS if demo.username not in known]
    if not missing:
        return
    password_hash = hash_password(DEMO_PASSWORD)
    for demo in missing:
        new = NewAccount(
            username=demo.username,
            name=demo.name,
            role=demo.role,
            password_hash=password_hash,
            canteen_id=demo.canteen_id,
            community_id=demo.community_id,
            subdistrict_id=demo.subdistrict_id,
        )
        database.write_sync(add_account, new, now=now, actor="cli")


def open_demo_accounts(database: Database) -> list[str]:
    """User names that anyone can sign in to with the printed password."""
    return [name for name, kept in database.read_sync(_known).items() if matches(kept, DEMO_PASSWORD)]
