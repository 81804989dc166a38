"""Take a program's token away."""

from datetime import datetime

from sqlmodel import Session, col, update

from canteen.audit.log import record
from canteen.people.models import ApiToken
from canteen.people.sign_in_errors import TokenUnknown


def revoke_token(session: Session, token_id: str, *, now: datetime, actor: str) -> None:
    """Requests that already passed the door finish; no other enters.

    Raises:
        TokenUnknown: no such token, or revoked already.
    """
    row = session.execute(
        update(ApiToken)
        .where(col(ApiToken.id) == token_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(ApiToken.canteen_id))
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise TokenUnknown(token=token_id)
    record(
        session,
        at=now,
        actor=actor,
        action="token.revoked",
        subject=f"token:{token_id}",
        canteen_id=row.canteen_id,
    )
