"""Give a program a bearer token."""

from datetime import datetime, timedelta

from sqlmodel import Session, insert
from ulid import ULID

from canteen.audit.log import record
from canteen.people.models import ApiToken, Role
from canteen.people.sign_in_errors import AccountRefused
from canteen.people.tokens import hash_secret
from canteen.sites.pairing import has_canteen

AT_A_CANTEEN = frozenset({Role.KIOSK, Role.STAFF, Role.MANAGER})
FOR_PROGRAMS = AT_A_CANTEEN | {Role.OFFICER, Role.AUDITOR}


def create_token(
    session: Session,
    bearer: str,
    *,
    role: Role,
    canteen_id: str | None,
    name: str,
    days: int | None,
    now: datetime,
    business_now: datetime,
    actor: str,
) -> str:
    """Store the hash of `bearer` and return the token's id. `now` is real time; without `days` it never expires.

    Raises:
        AccountRefused: a role programs cannot have, a canteen missing or unknown, days out of 1–3650.
    """
    if role not in FOR_PROGRAMS:
        raise AccountRefused(field="role")
    if role in AT_A_CANTEEN and canteen_id is None:
        raise AccountRefused(field="canteen")
    if canteen_id is not None and not has_canteen(session, canteen_id):
        raise AccountRefused(field="canteen")
    if days is not None and not 1 <= days <= 3650:
        raise AccountRefused(field="days")
    token_id = str(ULID.from_datetime(now))
    session.execute(
        insert(ApiToken).values(
            id=token_id,
            token_hash=hash_secret(bearer),
            name=name[:60],
            role=str(role),
            canteen_id=canteen_id,
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
    )
    record(
        session,
        at=business_now,
        actor=actor,
        action="token.created",
        subject=f"token:{token_id}",
        canteen_id=canteen_id,
        details={"role": str(role)},
    )
    return token_id
