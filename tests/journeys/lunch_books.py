"""One lunch below HTTP: its verbs, and what stock, wallet and books hold of it afterwards."""

from datetime import datetime

from sqlmodel import Session, func, select

from canteen.orders.store import OrderView, get
from canteen.readmodels.quote import LineWish
from canteen.usecases.end_orders import end_orders
from canteen.usecases.sell_at_window import Served, WindowSale, sell_at_window
from menus.models import MenuItem
from subsidies.models import LedgerTransaction, Posting
from tests.support.world import World


def order_of(w: World, order_id: str) -> OrderView:
    return w.database.read_sync(get, order_id)


def left_of(w: World, key: str, canteen: str = "longcheng") -> int:
    return w.database.read_sync(
        lambda s: s.exec(select(MenuItem.left_halves).where(MenuItem.id == w.items[canteen][key])).one()
    )


def _balance(session: Session, account: str) -> int:
    return int(session.exec(select(func.coalesce(func.sum(Posting.fen), 0)).where(Posting.account == account)).one())


def account_fen(w: World, account: str) -> int:
    return w.database.read_sync(_balance, account)


def ledger_keys(w: World, order_id: str) -> list[str]:
    return w.database.read_sync(
        lambda s: [
            row.split(":")[0]
            for row in s.exec(
                select(LedgerTransaction.key)
                .where(LedgerTransaction.subject == f"order:{order_id}")
                .order_by(LedgerTransaction.canteen_id, "seq")
            ).all()
        ]
    )


def sell(w: World, who: str | None, method: str, canteen: str = "longcheng", **more: object) -> Served:
    sale = WindowSale(
        canteen,
        w.people[who] if who else None,
        (LineWish(w.items[canteen]["soft"]),),
        method,
        **more,  # type: ignore[arg-type]
    )
    return w.database.write_sync(
        sell_at_window, sale, now=w.now, actor="account:s", actor_name="李师傅", sealer=w.sealer, examples_decide=True
    )


def end_meals(w: World, now: datetime) -> int:
    return w.database.write_sync(end_orders, now=now)
