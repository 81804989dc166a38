"""Money that came in or went out: one row a sum, never changed afterwards."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session
from ulid import ULID

from canteen.payments.models import Payment
from menus.service_days import business_day


def record(
    session: Session,
    canteen_id: str,
    *,
    order_id: str | None,
    purpose: str,
    method: str,
    direction: str,
    fen: int,
    wallet_ref: str,
    attempt: int,
    now: datetime,
    by: str,
    reason: str = "",
) -> str:
    """Store the sum and return its id. `attempt` counts the payments and refunds of one order, from 1."""
    payment_id = str(ULID.from_datetime(now))
    session.execute(
        _INSERT,
        {
            "id": payment_id,
            "canteen_id": canteen_id,
            "order_id": order_id,
            "attempt": attempt,
            "purpose": purpose,
            "method": method,
            "direction": direction,
            "fen": fen,
            "wallet_ref": wallet_ref or None,
            "business_day": business_day(now),
            "at": now,
            "by": by,
            "reason": reason,
        },
    )
    return payment_id


_INSERT = insert(Payment.__table__)  # type: ignore[attr-defined]
