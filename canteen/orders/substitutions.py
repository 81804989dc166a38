"""Questions to diners whose dish is gone: asked, and answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session
from ulid import ULID

from canteen.orders.errors import SubstitutionAnswered
from canteen.orders.models import Substitution
from canteen.orders.store import OrderView, get


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    """One question; fen."""

    id: str
    canteen_id: str
    order_id: str
    item_id: int
    offered_id: int
    self_pay_fen: int
    state: str
    asked_at: datetime
    answered_at: datetime | None
    how: str
    new_order_id: str | None


def ask(
    session: Session, order: OrderView, item_id: int, offered_id: int, *, self_pay_fen: int, now: datetime, by: str
) -> SubstitutionView:
    """Store a new question. The caller holds the order; an earlier question of it has ended."""
    view = SubstitutionView(
        str(ULID.from_datetime(now)),
        order.canteen_id,
        order.id,
        item_id,
        offered_id,
        self_pay_fen,
        "asked",
        now,
        None,
        "",
        None,
    )
    session.execute(_INSERT, {name: getattr(view, name) for name in _FIELDS} | {"asked_by": by, "answered_by": None})
    return view


def find(session: Session, substitution_id: str, canteen_id: str) -> SubstitutionView:
    """One question of this canteen.

    Raises:
        SubstitutionAnswered: there is none here.
    """
    row = session.execute(_ONE, {"id": substitution_id, "canteen": canteen_id}).one_or_none()
    if row is None:
        raise SubstitutionAnswered(state="")
    return SubstitutionView(*row)


def open_question(session: Session, order_id: str) -> SubstitutionView | None:
    """The question of an order nobody has answered yet."""
    row = session.execute(_OPEN, {"order": order_id}).one_or_none()
    return SubstitutionView(*row) if row else None


def of_orders(session: Session, order_ids: Sequence[str]) -> dict[str, SubstitutionView]:
    """The latest question of each of these orders."""
    rows = session.execute(_VIEW.where(_S.order_id.in_(order_ids)).order_by(_S.id))
    return {row.order_id: SubstitutionView(*row) for row in rows}


def answer(
    session: Session,
    substitution_id: str,
    state: str,
    *,
    how: str,
    now: datetime,
    by: str,
    new_order_id: str | None = None,
) -> None:
    """Store the one answer. The WHERE on the state makes it happen once whoever else tries.

    Raises:
        SubstitutionAnswered: somebody else was first.
    """
    row = {
        "question": substitution_id,
        "new_state": state,
        "at": now,
        "answerer": by,
        "way": how,
        "replacement": new_order_id,
    }
    if session.execute(_ANSWER, row).rowcount != 1:  # type: ignore[attr-defined]
        raise SubstitutionAnswered(state=state)


def lapse(session: Session, order_id: str, *, now: datetime, by: str) -> None:
    """The order ended otherwise: a question still open ends with it."""
    session.execute(_LAPSE, {"ended": order_id, "at": now, "answerer": by})


def standing(session: Session, order: OrderView) -> OrderView:
    """The order that took the place of a replaced one, however often; the order itself otherwise, locked."""
    while (following := session.execute(_NEXT, {"order": order.id}).scalar_one_or_none()) is not None:
        order = get(session, following, lock=True)
    return order


_TABLE = Substitution.__table__  # type: ignore[attr-defined]
_S = _TABLE.c
_FIELDS = tuple(SubstitutionView.__dataclass_fields__)
_VIEW = select(*(_S[name] for name in _FIELDS))
_ONE = _VIEW.where(_S.id == bindparam("id"), _S.canteen_id == bindparam("canteen"))
_OPEN = _VIEW.where(_S.order_id == bindparam("order"), _S.state == "asked")
_NEXT = select(_S.new_order_id).where(_S.order_id == bindparam("order"), _S.state == "accepted")
_INSERT = insert(_TABLE)
_ANSWER = (
    update(_TABLE)
    .where(_S.id == bindparam("question"), _S.state == "asked")
    .values(
        state=bindparam("new_state"),
        answered_at=bindparam("at"),
        answered_by=bindparam("answerer"),
        how=bindparam("way"),
        new_order_id=bindparam("replacement"),
    )
)
_LAPSE = (
    update(_TABLE)
    .where(_S.order_id == bindparam("ended"), _S.state == "asked")
    .values(state="lapsed", answered_at=bindparam("at"), answered_by=bindparam("answerer"))
)
