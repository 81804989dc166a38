"""Serves a meal of the demo by the use cases, minute by minute: orders, hand-overs, cancellations, the end."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from canteen.demo.crew import Crew
from canteen.demo.meals import Visit
from canteen.orders import store
from canteen.orders.status import OPEN, OrderStatus
from canteen.payments import wallets
from canteen.payments.models import Due
from canteen.people.sealed import Sealer
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.place_order import OrderAnswer, PlaceOrder, place_order
from canteen.usecases.sell_at_window import WindowSale, sell_at_window
from canteen.usecases.settle_due import settle_due
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.usecases.undo_collection import undo_collection
from menus.errors import SoldOut

LOW_FEN = 2_500
"""With less than that in the wallet people pay in at the counter first."""
WRONG_TRAY = "递错餐了，重新出餐"
FORGOT_MONEY = "忘带钱包，回头补交"

BRINGS_IT_BACK = timedelta(hours=40)
"""After that somebody who forgot their money pays at the next visit."""
_TABLE = SQLModel.metadata.tables[str(Due.__tablename__)]
_DUE = select(_TABLE.c.order_id, _TABLE.c.agreed_at).where(
    _TABLE.c.resident_id == bindparam("resident"), _TABLE.c.paid_at.is_(None), _TABLE.c.dropped_at.is_(None)
)

Act = Callable[[], None]


@dataclass
class Service:
    """One meal while it is being served. Nothing happens after `until`."""

    session: Session
    day: date
    meal: str
    crew: Crew
    sealer: Sealer
    until: datetime
    served: int = 0
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _count: int = 0

    def expect(self, coming: Sequence[Visit]) -> None:
        """Put everybody who comes on the clock."""
        for visit in coming:
            self._at(visit.ordered_at, lambda visit=visit: self._arrives(visit))  # type: ignore[misc]

    def hand_over_waiting(self, canteen_id: str, since: datetime, numbers: Sequence[str]) -> None:
        """Somebody fetches these standing orders, one after the other."""
        for place, number in enumerate(numbers):
            at = since + timedelta(seconds=20 * place)
            self._at(at, lambda number=number, at=at: self._collect(canteen_id, number, at))  # type: ignore[misc]

    def run(self) -> int:
        """Everything that happens until the end, in its order; returns how many meals were handed over."""
        while self._acts:
            at, _, act = heapq.heappop(self._acts)
            if at <= self.until:
                act()
        return self.served

    def _at(self, at: datetime, act: Act) -> None:
        self._count += 1
        heapq.heappush(self._acts, (at, self._count, act))

    def _arrives(self, visit: Visit) -> None:
        now = visit.ordered_at
        if visit.diner is not None:
            self._bring_money(visit, visit.diner.id, now)
        try:
            with self.session.begin_nested():
                if visit.channel == "window":
                    self._sell(visit, now)
                    return
                order = self._order(visit, now)
        except SoldOut:
            return
        if visit.fate == "stays_away":
            return
        if visit.fate == "cancels":
            at = now + min(timedelta(minutes=6), (order.deadline_at - now) / 2)
            self._at(at, lambda: self._cancel(visit, order, at))
            return
        self._at(visit.collected_at, lambda: self._fetch(visit, order))

    def _bring_money(self, visit: Visit, resident_id: str, now: datetime) -> None:
        crew = self.crew.of(visit.canteen_id)
        if visit.method == "wallet" and visit.diner is not None:
            held = wallets.find(self.session, resident_id, self.crew.of(visit.canteen_id).operator_id)
            if held is None or held.balance_fen < LOW_FEN:
                fen = visit.diner.spec.wallet_topup_fen
                top_up_wallet(self.session, resident_id, visit.canteen_id, fen=fen, now=now, actor=crew.window)
            return
        due = self._due(resident_id)
        if due is not None and due[1] < now - BRINGS_IT_BACK:
            settle_due(self.session, due[0], method="cash", now=now, actor=crew.window)

    def _due(self, resident_id: str) -> tuple[str, datetime] | None:
        row = self.session.execute(_DUE, {"resident": resident_id}).first()
        return None if row is None else (row.order_id, row.agreed_at)

    def _order(self, visit: Visit, now: datetime) -> OrderAnswer:
        crew = self.crew.of(visit.canteen_id)
        resident_id = visit.diner.id if visit.diner else None
        on_phone = visit.channel == "phone"
        return place_order(
            self.session,
            PlaceOrder(
                canteen_id=visit.canteen_id,
                day=self.day,
                meal=self.meal,
                resident_id=resident_id,
                lines=visit.lines,
                method=visit.method,
                channel=visit.channel,
                key=f"demo/{self.day}/{self.meal}/{visit.canteen_id}/{resident_id or 'guest'}/{now.timestamp():.3f}",
                fetcher_id=visit.fetcher_id,
            ),
            now=now,
            actor=f"resident:{visit.fetcher_id or resident_id}" if on_phone else crew.kiosk,
            sealer=self.sealer,
            examples_decide=True,
            device_id=None if on_phone else crew.kiosk_device,
        )

    def _sell(self, visit: Visit, now: datetime) -> None:
        crew = self.crew.of(visit.canteen_id)
        served = sell_at_window(
            self.session,
            WindowSale(
                visit.canteen_id,
                visit.diner.id if visit.diner else None,
                visit.lines,
                visit.method,
                device_id=crew.window_device,
            ),
            now=now,
            actor=crew.window,
            actor_name=crew.window_name,
            sealer=self.sealer,
            examples_decide=True,
        )
        self.served += 1
        if visit.fate == "undone":
            self._undo_later(visit.canteen_id, served.order.id, served.order.pickup_number, now)

    def _fetch(self, visit: Visit, order: OrderAnswer) -> None:
        shown = {"number": order.pickup_number, "code": order.pickup_code}
        card = visit.diner.card if visit.diner else None
        text = shown.get(visit.shows) or card or order.pickup_number
        owes = order.self_pay_fen > order.paid_fen
        later = owes and visit.fate == "pays_later" and visit.diner is not None and self._due(visit.diner.id) is None
        at = visit.collected_at
        self._collect(visit.canteen_id, text, at, later_reason=FORGOT_MONEY if later else "")
        if visit.fate == "undone":
            self._undo_later(visit.canteen_id, order.id, order.pickup_number, at)

    def _collect(self, canteen_id: str, text: str, at: datetime, *, later_reason: str = "") -> None:
        crew = self.crew.of(canteen_id)
        hand_over = HandOver(
            text, canteen_id, take_cash=not later_reason, later_reason=later_reason, device_id=crew.window_device
        )
        collect_meal(
            self.session, hand_over, now=at, actor=crew.window, actor_name=crew.window_name, sealer=self.sealer
        )
        self.served += 1

    def _undo_later(self, canteen_id: str, order_id: str, number: str, at: datetime) -> None:
        undone, again = at + timedelta(minutes=1), at + timedelta(minutes=3)

        def undo() -> None:
            undo_collection(
                self.session, order_id, reason=WRONG_TRAY, now=undone, actor=self.crew.of(canteen_id).window
            )
            self.served -= 1

        self._at(undone, undo)
        self._at(again, lambda: self._collect(canteen_id, number, again))

    def _cancel(self, visit: Visit, order: OrderAnswer, at: datetime) -> None:
        who = visit.fetcher_id or (visit.diner.id if visit.diner else "guest")
        cancel_order(self.session, order.id, now=at, actor=f"resident:{who}", reason="asked")


def orders_of(session: Session, canteen_id: str, day: date, meal: str) -> tuple[int, list[str]]:
    """How many orders a meal has, and the pick-up numbers of those still to be collected."""
    orders = store.of_meal(session, day=day, meal=meal, canteen_id=canteen_id)
    return len(orders), [order.pickup_number for order in orders if OrderStatus(order.status) in OPEN]
