"""Where money could be made, lost or booked to the wrong place: found by reading the code against the books."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, literal, select, update

from canteen.audit.models import AuditEntry
from canteen.orders.errors import BudgetShort, PriceChanged
from canteen.orders.store import get
from canteen.payments import wallets
from canteen.payments.errors import MethodUnknown, PaymentNeeded
from canteen.people.errors import ResidentUnknown
from canteen.readmodels.invariants import check
from canteen.readmodels.quote import LineWish
from canteen.sites import places
from canteen.sites.models import Canteen
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.pay_order import pay_order
from canteen.usecases.place_order import place_order
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.sell_at_window import Served, WindowSale, sell_at_window
from canteen.usecases.steps import settling
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.usecases.undo_collection import undo_collection
from menus.models import MenuItem
from menus.service_days import MealPeriod
from subsidies.budgets import budgets_short
from subsidies.ledger import Entry, Leg, post
from subsidies.models import Budget, LedgerTransaction, Posting
from tests.canteen.building import LINES
from tests.support.world import ACTOR, World


def _balance(session: Session, account: str) -> int:
    return int(session.exec(select(func.coalesce(func.sum(Posting.fen), 0)).where(Posting.account == account)).one())


def _sell(w: World, sale: WindowSale) -> Served:
    return w.database.write_sync(
        sell_at_window,
        sale,
        now=w.now,
        actor=ACTOR,
        actor_name="李师傅",
        sealer=w.sealer,
        examples_decide=True,
    )


def test_a_meal_of_a_year_whose_money_is_not_loaded_is_flagged_not_refused(w: World) -> None:
    """On the first days of January elders eat at their price although no budget of the new year is in the books."""
    day = date(2027, 1, 4)
    new_year = w.now + (day - w.day)

    def publish(session: Session) -> int:
        plan_menu(session, MenuPlan("longcheng", day, MealPeriod.LUNCH, LINES, "light"), now=w.now, actor=ACTOR)
        publish_menu(session, MenuOf("longcheng", day, MealPeriod.LUNCH), now=w.now, actor=ACTOR)
        return (
            session.exec(
                select(MenuItem.id).where(col(MenuItem.name) == "清淡套餐").order_by(col(MenuItem.id).desc())
            ).first()
            or 0
        )

    item = w.database.write_sync(publish)
    wish = replace(w.wish("elder82", "light"), day=day, lines=(LineWish(item),))
    placed = w.database.write_sync(place_order, wish, now=new_year, actor=ACTOR, sealer=w.sealer, examples_decide=True)

    assert w.database.read_sync(get, placed.id).over_budget
    assert placed.self_pay_fen < placed.list_fen
    reserved = w.database.read_sync(lambda s: s.exec(select(Budget).where(Budget.year == 2027)).all())
    assert sum(budget.reserved_fen for budget in reserved) > 0


def test_cash_paid_at_the_counter_never_leaves_the_drawer_by_a_kiosk(w: World) -> None:
    """Nobody stands at the drawer when a kiosk cancels: the money goes to the wallet, or waits to be paid out."""
    placed = w.place("elder82", "light", method="cash")
    w.database.write_sync(pay_order, placed.id, method="cash", fen=None, now=w.now, actor=ACTOR)
    drawer = w.database.read_sync(_balance, "1000")
    operator = w.database.read_sync(places.canteen, "longcheng").operator_id
    before = w.database.read_sync(wallets.find, w.people["elder82"], operator)

    with w.client() as client:
        answer = client.post(f"/api/v1/orders/{placed.id}/cancel", headers=w.bearer("kiosk"))

    after = w.database.read_sync(wallets.find, w.people["elder82"], operator)
    assert answer.status_code == 200
    assert w.database.read_sync(_balance, "1000") == drawer
    assert before is not None
    assert after is not None
    assert after.balance_fen == before.balance_fen + placed.self_pay_fen


def test_cash_is_given_back_at_the_counter(w: World) -> None:
    """Staff who cancel a paid order hand the coins back themselves."""
    placed = w.place("elder82", "light", method="cash")
    drawer = w.database.read_sync(_balance, "1000")
    w.database.write_sync(pay_order, placed.id, method="cash", fen=None, now=w.now, actor=ACTOR)
    with w.client() as client:
        client.post(f"/api/v1/orders/{placed.id}/cancel", headers=w.bearer("staff"))
    assert w.database.read_sync(_balance, "1000") == drawer


def test_the_window_takes_the_sum_it_showed_or_none(w: World) -> None:
    """An order came in from elsewhere after the page was shown: the drawer must not be booked with its price."""
    w.place("elder82", "light", method="cash")
    wish = (LineWish(w.items["longcheng"]["soft"]),)
    with pytest.raises(PriceChanged):
        _sell(w, WindowSale("longcheng", w.people["elder82"], wish, "cash", expected_self_pay_fen=1))


@pytest.mark.parametrize("method, refusal", [("", MethodUnknown), ("gold", MethodUnknown), ("none", PaymentNeeded)])
def test_an_unknown_way_to_pay_is_not_booked_as_cash(w: World, method: str, refusal: type[Exception]) -> None:
    """A form without its button says nothing about coins in the drawer."""
    w.place("elder82", "light", method="cash")
    drawer = w.database.read_sync(_balance, "1000")
    with pytest.raises(refusal):
        _sell(w, WindowSale("longcheng", w.people["elder82"], (), method))
    assert w.database.read_sync(_balance, "1000") == drawer


@pytest.mark.postgres
def test_two_counters_open_one_wallet_and_a_first_entry_at_once(postgres_world: World) -> None:
    """Neither the wallet nor the head of a new chain is made twice, and nobody is turned away."""
    w = postgres_world
    w.database.write_sync(
        lambda s: s.execute(
            Canteen.__table__.insert().from_select(  # type: ignore[attr-defined]
                [c.name for c in Canteen.__table__.c],  # type: ignore[attr-defined]
                select(*[literal("third") if c.name == "id" else c for c in Canteen.__table__.c]).where(  # type: ignore[attr-defined]
                    col(Canteen.id) == "longcheng"
                ),
            )
        )
    )

    def top_up(session: Session) -> None:
        top_up_wallet(session, w.people["elder92"], "third", fen=100, now=w.now, actor=ACTOR)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(w.database.write_sync, top_up) for _ in range(8)]:
            done.result()
    operator = w.database.read_sync(places.canteen, "third").operator_id
    found = w.database.read_sync(wallets.find, w.people["elder92"], operator)
    assert found is not None
    assert found.balance_fen == 800
    assert [found for found in w.database.read_sync(check) if not found.ok] == []


def test_where_short_is_refused_the_last_of_a_budget_is_taken_once(w: World) -> None:
    """Money for one meal: the first stands, the second is refused and leaves nothing behind."""
    elder = w.add_elders(1)[0]
    shares = dict(w.place("elder82", "light").shares)

    def shrink(session: Session) -> None:
        of_district = (Budget.canteen_id == "longcheng", Budget.funder == "district")
        out = session.exec(select(Budget.available_fen).where(*of_district)).one() - shares["district"]
        bucket = {"funder": "district", "programme": "elder-meals"}
        legs = (Leg("B", "available", -out, **bucket), Leg("B", "appropriated", out, **bucket))
        post(session, [Entry("shrink", "longcheng", "load", "budget:test", w.day, legs, ACTOR)], now=w.now)
        session.execute(update(Canteen).values(refuse_when_budget_short=True))

    w.database.write_sync(shrink)
    other = w.add_elders(1)[0]
    for resident in (elder, other):
        wish = replace(w.wish("elder82", "light"), resident_id=resident)
        refused = pytest.raises(BudgetShort) if resident == other else nullcontext()
        with refused:
            w.database.write_sync(place_order, wish, now=w.now, actor=ACTOR, sealer=w.sealer, examples_decide=True)


@pytest.mark.postgres
def test_a_budget_looked_at_to_refuse_is_held_until_the_order_stands(postgres_world: World) -> None:
    """Two orders of different dishes at once must not both see the same last yuan."""
    wanted = {("district", "elder-meals"): 1}
    engine = postgres_world.database.write_engine
    with engine.connect() as one, engine.connect() as two:
        budgets_short(Session(one), "longcheng", 2026, wanted, lock=True)
        two.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(OperationalError):
            budgets_short(Session(two), "longcheng", 2026, wanted, lock=True)
        two.rollback()
        one.rollback()


def test_nobody_tops_up_somebody_unknown(w: World) -> None:
    """A refusal in words, not a broken constraint."""
    with pytest.raises(ResidentUnknown):
        w.database.write_sync(top_up_wallet, "nobody", "longcheng", fen=100, now=w.now, actor=ACTOR)


def test_what_people_say_stays_out_of_audit_and_chain(w: World) -> None:
    """Reasons in words can name people and illnesses; rows that are never erased keep a code."""
    first = w.place("elder82", "light")
    w.database.write_sync(cancel_order, first.id, now=w.now, actor=ACTOR, reason="张玉兰住院了")
    second = w.place("elder75", "light", method="wallet")
    w.collect(second.pickup_code)
    w.database.write_sync(undo_collection, second.id, reason="孙淑琴不舒服", now=w.now, actor=ACTOR)

    details = str(w.database.read_sync(lambda s: s.exec(select(AuditEntry.details)).all()))
    reasons = w.database.read_sync(lambda s: s.exec(select(LedgerTransaction.reason)).all())
    assert "张玉兰" not in details
    assert "孙淑琴" not in details
    assert not [reason for reason in reasons if "张玉兰" in reason or "孙淑琴" in reason]
    assert w.database.read_sync(get, first.id).end_reason == "张玉兰住院了"


@pytest.mark.postgres
def test_two_canteens_at_once_give_one_meal_on_credit(postgres_world: World) -> None:
    """The second counter waits for the first to decide, and is told."""
    w = postgres_world
    engine = w.database.write_engine
    orders = [
        w.database.read_sync(get, w.place("elder82", "light", canteen).id) for canteen in ("longcheng", "shuiyun")
    ]
    with engine.connect() as one, engine.connect() as two:
        settling.settle(Session(one), orders[0], method="later", later_reason="没带钱", now=w.now, actor=ACTOR)
        two.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(OperationalError):
            settling.settle(Session(two), orders[1], method="later", later_reason="没带钱", now=w.now, actor=ACTOR)
        two.rollback()
        one.rollback()
