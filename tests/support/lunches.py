"""Deeds of a few days and months in any order; after each the books are looked at. For `tests.journeys.test_any_sequence`.

Hypothesis chooses who orders, pays, fetches, cancels, undoes, dies or moves, and how the clock runs on. A refusal is an
answer like any other: what must not happen is a step that half happens, or one that leaves the books crooked.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlmodel import Session, col, select

from canteen.db.database import Database
from canteen.orders.errors import OrderError
from canteen.payments.errors import PaymentError
from canteen.payments.models import Payment
from canteen.people.errors import PeopleError
from canteen.pickup.errors import PickupError
from canteen.readmodels.invariants import check
from canteen.readmodels.month_facts import month_facts
from canteen.readmodels.quote import LineWish
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.end_orders import end_orders
from canteen.usecases.pay_order import pay_order
from canteen.usecases.pay_out import pay_out
from canteen.usecases.place_order import PlaceOrder, place_order
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.propose_adjustment import AdjustmentProposed, propose_adjustment
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.sell_at_window import WindowSale, sell_at_window
from canteen.usecases.settle_due import settle_due
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.usecases.undo_collection import undo_collection
from canteen.usecases.undo_payment import undo_payment
from menus.errors import MenuError
from menus.models import Menu, MenuItem
from menus.service_days import MealPeriod
from subsidies.errors import SubsidyError
from subsidies.models import FileStatus
from subsidies.months import Month, month_of
from subsidies.reconciliation import Kind
from tests.canteen.building import LINES
from tests.support.world import ACTOR, CANTEENS, NOW, TODAY, World

REFUSALS = (OrderError, PaymentError, PeopleError, PickupError, MenuError, SubsidyError)
WHO = ("elder82", "elder92", "elder75", "lapsed67", "young", None)
ACCUSE_THE_PROGRAM = {Kind.NOT_EARNED, Kind.NOT_COLLECTED, Kind.AMOUNT, Kind.RECORD, Kind.MONEY}
"""Differences nobody at a canteen can make: each would be a fault of ours."""
people, places, methods = st.sampled_from(WHO), st.sampled_from(CANTEENS), st.sampled_from(("cash", "wallet"))


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the machine remembers of an order: only what its diner holds in the hand."""

    order_id: str
    canteen: str
    code: str


class Lunches(RuleBasedStateMachine):
    """Two canteens, six diners, a few days."""

    made: ClassVar[World]
    done: ClassVar[Counter[str]]
    """How often each use case was not refused."""
    orders: Bundle[Ordered] = Bundle("orders")

    @initialize()
    def open_the_canteens(self) -> None:
        """A fresh copy of the small world, at 10:50 of its day."""
        self.folder = Path(mkdtemp(prefix="lunches-"))
        path = self.folder / "canteen.sqlite3"
        shutil.copy(self.made.data_dir / "canteen.sqlite3", path)
        self.database = Database(f"sqlite:///{path}")
        self.sealer = self.made.sealer
        self.now, self.day, self.count = NOW, TODAY, 0

    def tried(self, deed: Callable[..., object], *args: object, **more: object) -> object | None:
        """What the use case answered; None when it refused."""
        try:
            answer = self.database.write_sync(deed, *args, now=self.now, **more)
        except REFUSALS:
            return None
        self.done[deed.__name__] += 1
        return answer

    def key(self) -> str:
        """A key nobody has used."""
        self.count += 1
        return f"step-{self.count}"

    def person(self, who: str | None) -> str | None:
        """The file behind a name; None is a guest."""
        return None if who is None else self.made.people[who]

    def line(self, canteen: str, place: int) -> LineWish:
        """One of the lines on the day's menu."""
        return LineWish(self.database.read_sync(_items, canteen, self.day)[place])

    @rule(target=orders, who=people, canteen=places, place=st.integers(0, 4), method=methods)
    def order(self, who: str | None, canteen: str, place: int, method: str) -> MultipleResults[Ordered] | Ordered:
        """At a kiosk or on a phone."""
        wish = PlaceOrder(
            canteen_id=canteen, day=self.day, meal="lunch", resident_id=self.person(who),
            lines=(self.line(canteen, place),), method=method, channel="api", key=self.key(),
        )  # fmt: skip
        answer = self.tried(place_order, wish, actor=ACTOR, sealer=self.sealer, examples_decide=True)
        return multiple() if answer is None else Ordered(answer.id, canteen, answer.pickup_code)  # type: ignore[attr-defined]

    @rule(
        target=orders,
        who=people,
        canteen=places,
        place=st.integers(0, 4),
        method=st.sampled_from(("cash", "wallet", "later")),
    )
    def sell(self, who: str | None, canteen: str, place: int, method: str) -> MultipleResults[Ordered] | Ordered:
        """At the window, from the tray."""
        sale = WindowSale(
            canteen, self.person(who), (self.line(canteen, place),), method, later_reason="忘带钱", key=self.key()
        )
        answer = self.tried(
            sell_at_window, sale, actor=ACTOR, actor_name="李师傅", sealer=self.sealer, examples_decide=True
        )
        return multiple() if answer is None else Ordered(answer.order.id, canteen, "")  # type: ignore[attr-defined]

    @rule(one=orders, method=methods)
    def pay(self, one: Ordered, method: str) -> None:
        """What is owed before the meal."""
        self.tried(pay_order, one.order_id, method=method, fen=None, actor=ACTOR)

    @rule(one=orders, take_cash=st.booleans())
    def collect(self, one: Ordered, *, take_cash: bool) -> None:
        """By the code in the diner's hand."""
        self.tried(
            collect_meal,
            HandOver(one.code, one.canteen, take_cash=take_cash),
            actor=ACTOR,
            actor_name="李师傅",
            sealer=self.sealer,
        )

    @rule(target=orders, who=people, canteen=places, place=st.integers(0, 4), method=methods)
    def lunch(self, who: str | None, canteen: str, place: int, method: str) -> MultipleResults[Ordered] | Ordered:
        """Ordered and handed over, as nearly always."""
        made = self.order(who, canteen, place, method)
        if isinstance(made, Ordered):
            self.collect(made, take_cash=True)
        return made

    @rule(one=orders, at_counter=st.booleans())
    def cancel(self, one: Ordered, *, at_counter: bool) -> None:
        """By the diner or at the counter."""
        self.tried(cancel_order, one.order_id, actor=ACTOR, at_counter=at_counter)

    @rule(one=orders)
    def undo(self, one: Ordered) -> None:
        """The wrong tray was handed over."""
        self.tried(undo_collection, one.order_id, reason="拿错了", actor=ACTOR)

    @rule(one=orders, method=methods)
    def settle(self, one: Ordered, method: str) -> None:
        """A meal eaten on credit is paid."""
        self.tried(settle_due, one.order_id, method=method, actor=ACTOR)

    @rule(one=orders)
    def give_back(self, one: Ordered) -> None:
        """Money of an order that came to nothing."""
        self.tried(pay_out, one.order_id, one.canteen, actor=ACTOR)

    @rule(place=st.integers(0, 20))
    def undo_cash(self, place: int) -> None:
        """Cash taken by mistake goes back."""
        taken = self.database.read_sync(_payments)
        if taken:
            payment, canteen = taken[place % len(taken)]
            self.tried(undo_payment, payment, canteen, reason="收错了", actor=ACTOR)

    @rule(who=people.filter(bool), canteen=places, fen=st.integers(1, 30_000))
    def top_up(self, who: str, canteen: str, fen: int) -> None:
        """Cash into stored value."""
        self.tried(top_up_wallet, self.made.people[who], canteen, fen=fen, actor=ACTOR, key=self.key())

    @rule(
        who=people.filter(bool),
        back=st.integers(0, 3),
        status=st.sampled_from((FileStatus.ACTIVE, *FileStatus, FileStatus.ACTIVE)),
    )
    def learn(self, who: str, back: int, status: FileStatus) -> None:
        """Somebody has died, moved, or come back, some days ago."""
        change = ResidentChange(self.made.people[who], status=status, status_since=self.day - timedelta(days=back))
        self.tried(change_resident, change, actor=ACTOR, sealer=self.sealer)

    @rule(who=people.filter(bool), approve=st.booleans())
    def adjust(self, who: str, *, approve: bool) -> None:
        """What a late fact shows is proposed by one person and decided by another."""
        proposal = self.tried(
            propose_adjustment, AdjustmentProposed(self.made.people[who], "事后得知"), actor="account:one"
        )
        if proposal is not None:
            decision = AdjustmentDecision(str(proposal), approve, "" if approve else "再核实")
            self.tried(decide_adjustment, decision, actor="account:two")

    @rule(minutes=st.sampled_from((5, 30, 90)))
    def wait(self, minutes: int) -> None:
        """The clock runs on, and the job ends what nobody fetched."""
        self.now = min(
            self.now + timedelta(minutes=minutes),
            datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=15),
        )
        self.database.write_sync(end_orders, now=self.now)

    @rule()
    def sleep(self) -> None:
        """The next day's lunch, from 7 in the morning."""
        self.database.write_sync(
            end_orders, now=datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=15)
        )
        self.day += timedelta(days=1)
        self.now = datetime.combine(self.day, datetime.min.time(), UTC) - timedelta(hours=1)
        for canteen in CANTEENS:
            self.database.write_sync(
                plan_menu, MenuPlan(canteen, self.day, MealPeriod.LUNCH, LINES, "light"), now=self.now, actor=ACTOR
            )
            self.database.write_sync(
                publish_menu, MenuOf(canteen, self.day, MealPeriod.LUNCH), now=self.now, actor=ACTOR
            )

    @invariant()
    def books_are_right(self) -> None:
        """Every invariant of docs/books.md."""
        assert [one for one in self.database.read_sync(check, now=self.now) if not one.ok] == []

    @invariant()
    def meals_agree(self) -> None:
        """Decided again × books × money, for each meal of the days there were."""
        for month in {month_of(TODAY), month_of(self.day).previous, month_of(self.day)}:
            assert self.database.read_sync(_accusing, month) == []

    def teardown(self) -> None:
        """Close and throw away."""
        self.database.close()
        shutil.rmtree(self.folder)


def _items(session: Session, canteen: str, day: date) -> list[int]:
    rows = session.execute(
        select(col(MenuItem.id))
        .join(Menu)
        .where(col(Menu.kitchen_id) == canteen, col(Menu.day) == day)
        .order_by(col(MenuItem.id))
    )
    return [int(item) for (item,) in rows]


def _payments(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(col(Payment.id), col(Payment.canteen_id)).where(col(Payment.method) == "cash").order_by(col(Payment.id))
    )
    return [(payment, canteen) for payment, canteen in rows]


def _accusing(session: Session, month: Month) -> list[object]:
    found = month_facts(session, month, CANTEENS).result.differences
    return [one for one in found if one.kind in ACCUSE_THE_PROGRAM]
