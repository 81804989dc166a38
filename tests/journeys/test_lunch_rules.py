"""One lunch below HTTP, with what life in a canteen does to it. Each test runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, func, select

from canteen.orders.errors import (
    ClashNotConfirmed,
    DailyCapReached,
    GuestsUnpaid,
    KeyReused,
    NotPaid,
    OrderingClosed,
    PriceChanged,
    QuantityOutOfRange,
    ReasonMissing,
    TooLateToCancel,
)
from canteen.orders.store import OrderView, get
from canteen.payments import wallets
from canteen.payments.errors import DueAlreadyOpen, NothingOwed, PaymentNeeded, WalletShort
from canteen.people.errors import CardStopped, CardUnknown, NotAFetcher
from canteen.pickup.errors import AlreadyCollected, CodeUnknown, NoMealNow, OrderEnded, OtherCanteen, UndoTooLate
from canteen.pickup.models import Collection
from canteen.readmodels.invariants import check
from canteen.readmodels.quote import LineWish
from canteen.sites import places
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.collect_meal import HandOver, Tray, collect_meal
from canteen.usecases.end_orders import end_orders
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.pay_order import pay_order
from canteen.usecases.place_order import place_order
from canteen.usecases.sell_at_window import Served, WindowSale, sell_at_window
from canteen.usecases.settle_due import settle_due
from canteen.usecases.undo_collection import undo_collection
from menus.errors import SoldOut
from menus.models import MenuItem
from subsidies.models import Budget, EntitlementCounter, FileStatus, LedgerTransaction, Posting
from tests.support.world import CARDS, World


@pytest.fixture
def w(either_world: World) -> Iterator[World]:
    """After every journey all invariants hold."""
    yield either_world
    broken = [found for found in either_world.database.read_sync(check) if not found.ok]
    assert not broken


def _order(w: World, order_id: str) -> OrderView:
    return w.database.read_sync(get, order_id)


def _left(w: World, key: str, canteen: str = "longcheng") -> int:
    return w.database.read_sync(
        lambda s: s.exec(select(MenuItem.left_halves).where(MenuItem.id == w.items[canteen][key])).one()
    )


def _balance(session: Session, account: str) -> int:
    return int(session.exec(select(func.coalesce(func.sum(Posting.fen), 0)).where(Posting.account == account)).one())


def _account(w: World, account: str) -> int:
    return w.database.read_sync(_balance, account)


def _keys(w: World, order_id: str) -> list[str]:
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


def _reserved(w: World) -> int:
    return w.database.read_sync(lambda s: int(s.exec(select(func.sum(Budget.reserved_fen))).one() or 0))


def _sell(w: World, who: str | None, method: str, canteen: str = "longcheng", **more: object) -> Served:
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


def _later(w: World, text: str, reason: str) -> Tray:
    return w.database.write_sync(
        collect_meal,
        HandOver(text, "longcheng", later_reason=reason),
        now=w.now,
        actor="account:s",
        actor_name="李师傅",
        sealer=w.sealer,
    )


def _end(w: World, now: datetime) -> int:
    return w.database.write_sync(end_orders, now=now)


def test_an_elder_of_82_pays_6_yuan_and_the_books_say_who_paid_the_rest(w: World) -> None:
    """15.00 on the list; the wallet pays 6.00; earned only at the hand-over."""
    order = w.place("elder82", "soft", method="wallet")
    assert (order.list_fen, order.self_pay_fen, order.status) == (1500, 600, "paid")
    assert _account(w, "4010") == 0
    assert _reserved(w) == sum(fen for funder, fen in order.shares if funder not in {"operator", "charity"})

    tray = w.collect(order.pickup_code)

    assert tray.order.status == "collected"
    assert _keys(w, order.id) == ["reserve", "pay", "earn"]
    assert _reserved(w) == 0
    assert -_account(w, "4000") == 600 + dict(order.shares).get("operator", 0)
    assert (
        -_account(w, "4010")
        == _account(w, "1100")
        == sum(fen for funder, fen in order.shares if funder not in {"operator", "charity"})
    )


def test_an_elder_of_92_owes_nothing_and_still_has_an_order(w: World) -> None:
    """Self-pay of 0: no payment row, a number, a code, ledger lines. The second meal of the day is not free."""
    order = w.place("elder92", "soft", method="cash")
    second = w.place("elder92", "soft", method="cash")

    assert (order.self_pay_fen, order.status, order.method) == (0, "paid", "none")
    assert second.self_pay_fen > 0
    w.collect(order.pickup_number)
    assert _keys(w, order.id) == ["reserve", "earn"]


def test_the_second_scan_says_who_and_when(w: World) -> None:
    """By code, number or card: once."""
    order = w.place("elder82", "soft", method="wallet")
    w.collect(order.pickup_code)

    for text in (order.pickup_code, order.pickup_number, CARDS["elder82"]):
        with pytest.raises(AlreadyCollected) as refused:
            w.collect(text)
        assert refused.value.data["by"] == "李师傅"
        assert refused.value.data["at"] == w.now


def test_cash_waits_for_the_hand_over_and_one_tap_takes_it(w: World) -> None:
    """Unpaid is refused with the sum; the tap takes it into the drawer."""
    order = w.place("elder82", "soft", method="cash")
    with pytest.raises(NotPaid) as refused:
        w.collect(order.pickup_code)
    assert refused.value.data["due_fen"] == 600

    tray = w.collect(order.pickup_code, take_cash=True)

    assert tray.cash_taken_fen == 600
    assert _account(w, "2100") == 0


def test_the_wallet_is_short_and_nothing_is_kept(w: World) -> None:
    """No order, no portion, no counter."""
    w.place("elder82", "soft", method="wallet")
    while w.place("elder82", "soft", method="wallet").self_pay_fen <= _wallet(w):
        pass
    stock, money = _left(w, "soft"), _wallet(w)

    with pytest.raises(WalletShort):
        w.place("elder82", "soft", method="wallet")

    assert (_left(w, "soft"), _wallet(w)) == (stock, money)


def test_a_free_choice_of_no_payment_is_refused_where_something_is_owed(w: World) -> None:
    """`none` is for nothing owed."""
    with pytest.raises(PaymentNeeded):
        w.place("elder82", "soft", method="none")


def test_a_second_meal_is_full_price_and_never_refused(w: World) -> None:
    """Counters are shared across canteens."""
    first = w.place("elder82", "soft", method="cash")
    other = w.place("elder82", "soft", canteen="shuiyun", method="cash")

    assert first.self_pay_fen == 600
    assert other.self_pay_fen == other.list_fen


def test_cancelling_gives_everything_back(w: World) -> None:
    """Portions, counter, budget, wallet. Twice is harmless."""
    stock = _left(w, "soft")
    order = w.place("elder82", "soft", method="wallet")
    for _ in range(2):
        assert w.database.write_sync(cancel_order, order.id, now=w.now, actor="account:s").status == "cancelled"

    assert _wallet(w) == 20_000
    assert _left(w, "soft") == stock
    assert _reserved(w) == 0
    assert w.place("elder82", "soft", method="cash").self_pay_fen == 600
    with pytest.raises(OrderEnded):
        w.collect(order.pickup_code)


def _wallet(w: World) -> int:
    operator = w.database.read_sync(places.canteen, "longcheng").operator_id
    wallet = w.database.read_sync(wallets.find, w.people["elder82"], operator)
    return wallet.balance_fen if wallet else 0


def test_after_the_meal_unpaid_orders_expire_and_unfetched_ones_are_not_collected(w: World) -> None:
    """An unserved meal is never claimable; the money goes back; the job run again does nothing."""
    paid = w.place("elder82", "soft", method="wallet")
    unpaid = w.place("elder75", "light", method="cash")
    over = w.now + timedelta(hours=3)

    assert _end(w, w.now + timedelta(hours=2)) == 0
    assert (_end(w, over), _end(w, over)) == (2, 0)

    assert _order(w, paid.id).status == "not_collected"
    assert _order(w, unpaid.id).status == "expired"
    assert _keys(w, paid.id) == ["reserve", "pay", "release", "refund"]
    assert _account(w, "2100") == 0
    assert _reserved(w) == 0
    with pytest.raises(TooLateToCancel):
        w.database.write_sync(cancel_order, paid.id, now=over, actor="account:s")


def test_a_hand_over_is_undone_with_a_reason_until_the_day_is_over(w: World) -> None:
    """What was earned is reserved again and can be earned again."""
    order = w.place("elder82", "soft", method="wallet")
    w.collect(order.pickup_code)
    with pytest.raises(ReasonMissing):
        w.database.write_sync(undo_collection, order.id, reason=" ", now=w.now, actor="account:s")
    with pytest.raises(UndoTooLate):
        w.database.write_sync(undo_collection, order.id, reason="x", now=w.now + timedelta(days=1), actor="account:s")

    assert w.database.write_sync(undo_collection, order.id, reason="拿错了", now=w.now, actor="a").status == "paid"
    assert _account(w, "4010") == 0
    w.collect(order.pickup_code)
    w.database.write_sync(undo_collection, order.id, reason="又错了", now=w.now, actor="a")
    _end(w, w.now + timedelta(hours=3))

    assert _keys(w, order.id) == ["reserve", "pay", "earn", "unearn", "earn", "unearn", "release", "refund"]
    assert _account(w, "1100") == 0


def test_served_now_paid_later_once(w: World) -> None:
    """One meal, a reason, account 1110 until the money comes."""
    order = w.place("elder82", "soft", method="cash")
    _later(w, order.pickup_code, "忘带钱包")
    assert _account(w, "1110") == 600
    with pytest.raises(DueAlreadyOpen):
        _sell(w, "elder82", "later", later_reason="又忘了", another=True)

    assert w.database.write_sync(settle_due, order.id, method="cash", now=w.now, actor="a") == 600
    assert _account(w, "1110") == 0
    with pytest.raises(NothingOwed):
        w.database.write_sync(settle_due, order.id, method="wallet", now=w.now, actor="a")


def test_a_meal_on_credit_may_be_paid_from_the_wallet(w: World) -> None:
    """The stored value pays what stood on account 1110."""
    order = w.place("elder82", "soft", method="cash")
    _later(w, order.pickup_code, "忘带钱包")
    before = _wallet(w)

    assert w.database.write_sync(settle_due, order.id, method="wallet", now=w.now, actor="a") == 600

    assert _wallet(w) == before - 600
    assert (_account(w, "1110"), _keys(w, order.id)) == (0, ["reserve", "earn", "settle"])


def test_an_undone_meal_on_credit_is_owed_again(w: World) -> None:
    """Undone, handed over again in cash."""
    order = w.place("elder82", "soft", method="cash")
    _later(w, order.pickup_code, "忘带钱包")

    assert w.database.write_sync(undo_collection, order.id, reason="拿错了", now=w.now, actor="a").status == "placed"
    w.collect(order.pickup_code, take_cash=True)

    assert _account(w, "1110") == 0
    assert _account(w, "1000") > 0


def test_one_tap_at_the_window_makes_charges_and_hands_over(w: World) -> None:
    """No order before: made. An order before: found. A third tap: refused with who and when."""
    made = _sell(w, "elder82", "wallet")
    assert (made.was_ordered, made.order.status, made.order.self_pay_fen) == (False, "collected", 600)
    waiting = w.place("elder75", "light", method="cash")

    found = _sell(w, "elder75", "cash")

    assert (found.order.id, found.was_ordered) == (waiting.id, True)
    assert found.cash_taken_fen == waiting.self_pay_fen
    with pytest.raises(AlreadyCollected):
        _sell(w, "elder75", "cash")


def test_guests_pay_the_list_price_where_everyone_is_welcome(w: World) -> None:
    """No card, no person, no subsidy from public money."""
    sold = _sell(w, None, "cash", canteen="shuiyun")

    assert sold.order.resident_id is None
    assert sold.cash_taken_fen == sold.order.self_pay_fen


def test_the_page_showed_another_price(w: World) -> None:
    """A fresh quote instead of an order; nothing taken."""
    stock = _left(w, "soft")
    with pytest.raises(PriceChanged) as refused:
        w.place("elder82", "soft", method="cash", expected_self_pay_fen=500)

    assert refused.value.data["self_pay_fen"] == 600
    assert _left(w, "soft") == stock


def test_the_same_key_answers_the_same_and_another_body_is_refused(w: World) -> None:
    """Whatever happened to the first answer."""
    first = w.place("elder82", "soft", method="cash", idempotency_key="k")
    assert w.place("elder82", "soft", method="cash", idempotency_key="k") == first
    with pytest.raises(KeyReused):
        w.place("elder82", "light", method="cash", idempotency_key="k")


def test_codes_of_elsewhere_and_of_yesterday_are_refused_in_words(w: World) -> None:
    """Nothing is handed over, nothing is lost."""
    order = w.place("elder82", "soft", method="wallet")
    with pytest.raises(OtherCanteen):
        w.collect(order.pickup_code, canteen="shuiyun")
    with pytest.raises(CodeUnknown):
        w.collect("0" * 20)
    with pytest.raises(CodeUnknown):
        w.collect("Z 99")
    with pytest.raises(CardUnknown):
        w.collect("999999999999")
    with pytest.raises(CardStopped):
        w.collect(CARDS["lost"])
    with pytest.raises(NoMealNow):
        w.collect(order.pickup_number, now=w.now + timedelta(hours=4))

    _end(w, w.now + timedelta(hours=3))
    with pytest.raises(OrderEnded):
        w.collect(order.pickup_code, now=w.now + timedelta(hours=1))


def test_nothing_is_sold_after_the_meal_or_in_impossible_numbers(w: World) -> None:
    """The kiosk sells until the meal ends; phones end earlier."""
    with pytest.raises(OrderingClosed):
        w.place("elder82", "soft", method="cash", now=w.now + timedelta(hours=3))
    for quantity in (0, -1, 1_000_000):
        with pytest.raises(QuantityOutOfRange):
            w.place("elder82", "soft", method="cash", quantity=quantity)


def test_the_last_portion_is_sold_once(w: World) -> None:
    """Then the refusal names the dish and what is left."""

    def leave_one(session: Session) -> None:
        item = session.get_one(MenuItem, w.items["longcheng"]["soft"])
        item.left_halves, item.planned_halves = 2, 2
        session.add(item)

    w.database.write_sync(leave_one)
    w.place("elder82", "soft", method="cash")

    with pytest.raises(SoldOut) as refused:
        w.place("elder92", "soft", method="cash")
    assert (refused.value.name, refused.value.left) == ("软烂两荤一素", 0)


def _order_at_kiosk(w: World, number: int) -> bool:
    wish = replace(w.wish("elder82", "rice", idempotency_key=f"cap-{number}"), channel="kiosk")
    try:
        w.database.write_sync(place_order, wish, now=w.now, actor="device:k", sealer=w.sealer, examples_decide=True)
    except DailyCapReached:
        return False
    return True


def test_one_card_cannot_order_without_end_at_a_kiosk(w: World) -> None:
    """What somebody can do with a card found in the street is limited."""
    assert [_order_at_kiosk(w, number) for number in range(7)] == [True] * 6 + [False]


def test_kiosks_at_the_same_instant_do_not_pass_the_cap_together(w: World) -> None:
    """Each waits until the other has counted."""
    with ThreadPoolExecutor(6) as kiosks:
        placed = list(kiosks.map(lambda number: _order_at_kiosk(w, number), range(12)))

    assert sum(placed) == 6


def test_guests_at_the_same_instant_do_not_pass_their_limit_together(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three may wait unpaid; eight press at once."""
    monkeypatch.setattr("canteen.usecases.place_order.MOST_UNPAID_GUESTS", 3)

    def press(number: int) -> bool:
        try:
            w.place(None, "light", "shuiyun", channel="kiosk", idempotency_key=f"guest-{number}")
        except GuestsUnpaid:
            return False
        return True

    with ThreadPoolExecutor(8) as kiosks:
        placed = list(kiosks.map(press, range(8)))

    assert sum(placed) == 3


def test_nobody_is_sold_what_they_must_not_eat_unasked(w: World) -> None:
    """Made at the window, or ordered before the allergy was noted: refused until somebody has asked."""
    with pytest.raises(ClashNotConfirmed):
        _sell(w, "allergic", "cash")
    assert _left(w, "soft") == _planned(w, "soft")
    waiting = w.place("allergic", "soft", method="cash", clashes_seen=True)
    with pytest.raises(ClashNotConfirmed):
        _sell(w, "allergic", "cash")
    assert _order(w, waiting.id).status == "placed"

    served = _sell(w, "allergic", "cash", clashes_seen=True)

    assert (served.order.id, served.was_ordered, served.order.status) == (waiting.id, True, "collected")
    assert _sell(w, "allergic", "cash", another=True, clashes_seen=True).was_ordered is False


def _planned(w: World, key: str) -> int:
    return w.database.read_sync(
        lambda s: s.exec(select(MenuItem.planned_halves).where(MenuItem.id == w.items["longcheng"][key])).one()
    )


def test_counters_never_pass_their_cap(w: World) -> None:
    """Placed, cancelled and placed again, many times."""
    for _ in range(5):
        order = w.place("elder82", "soft", method="cash")
        w.database.write_sync(cancel_order, order.id, now=w.now, actor="a")
    w.place("elder82", "soft", method="cash")

    rows = w.database.read_sync(lambda s: s.exec(select(EntitlementCounter)).all())
    assert rows
    assert all(0 <= row.used <= row.cap for row in rows)
    assert date(2026, 11, 23) == w.day


def test_whom_the_diner_named_collects_with_their_own_card(w: World) -> None:
    """The meal is the diner's, the hand-over says who carried it; before that a stranger's card finds nothing."""
    with pytest.raises(NotAFetcher):
        w.place("elder82", "soft", method="cash", fetcher_id=w.people["elder75"])
    named = FetcherNamed(w.people["elder82"], w.people["elder75"])
    w.database.write_sync(name_fetcher, named, now=w.now, actor="account:s")
    order = w.place("elder82", "soft", method="cash", fetcher_id=w.people["elder75"])
    assert order.self_pay_fen == 600

    tray = w.collect(CARDS["elder75"], take_cash=True)

    assert (tray.order.id, tray.resident_id) == (order.id, w.people["elder82"])
    carried = w.database.read_sync(lambda s: s.exec(select(Collection.taken_by_resident_id)).one())
    assert carried == w.people["elder75"]


def test_the_cards_of_somebody_who_died_stop(w: World) -> None:
    """From the moment the office knows."""
    w.database.write_sync(
        change_resident,
        ResidentChange(w.people["elder82"], status=FileStatus.DECEASED, status_since=w.day),
        now=w.now,
        actor="account:s",
        sealer=w.sealer,
    )

    with pytest.raises(CardStopped):
        w.collect(CARDS["elder82"])


def test_what_somebody_who_died_had_ordered_is_given_back(w: World) -> None:
    """Portions, counters, reservations and prepaid money, at both canteens; a meal handed over stays as it is."""
    eaten = w.place("elder82", "rice", method="cash")
    w.collect(eaten.pickup_code, take_cash=True)
    other = w.place("elder75", "soft", method="cash")
    before = (_left(w, "soft"), _left(w, "light", "shuiyun"), _reserved(w))
    wallet, used = _wallet(w), _used(w)
    prepaid = w.place("elder82", "soft", method="wallet")
    unpaid = w.place("elder82", "light", "shuiyun", method="cash")
    at_counter = w.place("elder82", "rice", method="cash")
    w.database.write_sync(pay_order, at_counter.id, method="cash", fen=None, now=w.now, actor="account:s")

    change = ResidentChange(w.people["elder82"], status=FileStatus.DECEASED, status_since=w.day)
    w.database.write_sync(change_resident, change, now=w.now, actor="account:s", sealer=w.sealer)

    ended = [_order(w, order.id) for order in (prepaid, unpaid, at_counter)]
    assert {(order.status, order.end_reason, order.paid_fen) for order in ended} == {("cancelled", "file-closed", 0)}
    assert (_order(w, eaten.id).status, _order(w, other.id).status) == ("collected", "placed")
    assert (_left(w, "soft"), _left(w, "light", "shuiyun"), _reserved(w)) == before
    assert _used(w) == used
    assert prepaid.self_pay_fen > 0
    assert _wallet(w) == wallet + at_counter.self_pay_fen > wallet  # nobody opens a drawer: cash goes to the wallet


def _used(w: World) -> int:
    return w.database.read_sync(lambda s: int(s.exec(select(func.sum(EntitlementCounter.used))).one() or 0))
