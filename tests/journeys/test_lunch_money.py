"""What one lunch costs and who pays it, below HTTP: card, cash, credit, and the money back. On SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from canteen.orders.errors import (
    NotPaid,
    PriceChanged,
    TooLateToCancel,
)
from canteen.payments import wallets
from canteen.payments.errors import DueAlreadyOpen, NothingOwed, PaymentNeeded, WalletShort
from canteen.pickup.errors import OrderEnded
from canteen.sites import places
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.collect_meal import HandOver, Tray, collect_meal
from canteen.usecases.pay_order import pay_order
from canteen.usecases.settle_due import settle_due
from canteen.usecases.undo_collection import undo_collection
from subsidies.models import Budget, EntitlementCounter, FileStatus
from tests.journeys.lunch_books import account_fen, end_meals, ledger_keys, left_of, order_of, sell
from tests.support.world import World


def reserved_fen(w: World) -> int:
    return w.database.read_sync(lambda s: int(s.exec(select(func.sum(Budget.reserved_fen))).one() or 0))


def serve_on_credit(w: World, text: str, reason: str) -> Tray:
    return w.database.write_sync(
        collect_meal,
        HandOver(text, "longcheng", later_reason=reason),
        now=w.now,
        actor="account:s",
        actor_name="李师傅",
        sealer=w.sealer,
    )


def test_an_elder_of_82_pays_6_yuan_and_the_books_say_who_paid_the_rest(w: World) -> None:
    """15.00 on the list; the wallet pays 6.00; earned only at the hand-over."""
    order = w.place("elder82", "soft", method="wallet")
    assert (order.list_fen, order.self_pay_fen, order.status) == (1500, 600, "paid")
    assert account_fen(w, "4010") == 0
    assert reserved_fen(w) == sum(fen for funder, fen in order.shares if funder not in {"operator", "charity"})

    tray = w.collect(order.pickup_code)

    assert tray.order.status == "collected"
    assert ledger_keys(w, order.id) == ["reserve", "pay", "earn"]
    assert reserved_fen(w) == 0
    assert -account_fen(w, "4000") == 600 + dict(order.shares).get("operator", 0)
    assert (
        -account_fen(w, "4010")
        == account_fen(w, "1100")
        == sum(fen for funder, fen in order.shares if funder not in {"operator", "charity"})
    )


def test_an_elder_of_92_owes_nothing_and_still_has_an_order(w: World) -> None:
    """Self-pay of 0: no payment row, a number, a code, ledger lines. The second meal of the day is not free."""
    order = w.place("elder92", "soft", method="cash")
    second = w.place("elder92", "soft", method="cash")

    assert (order.self_pay_fen, order.status, order.method) == (0, "paid", "none")
    assert second.self_pay_fen > 0
    w.collect(order.pickup_number)
    assert ledger_keys(w, order.id) == ["reserve", "earn"]


def test_cash_waits_for_the_hand_over_and_one_tap_takes_it(w: World) -> None:
    """Unpaid is refused with the sum; the tap takes it into the drawer."""
    order = w.place("elder82", "soft", method="cash")
    with pytest.raises(NotPaid) as refused:
        w.collect(order.pickup_code)
    assert refused.value.data["due_fen"] == 600

    tray = w.collect(order.pickup_code, take_cash=True)

    assert tray.cash_taken_fen == 600
    assert account_fen(w, "2100") == 0


def test_the_wallet_is_short_and_nothing_is_kept(w: World) -> None:
    """No order, no portion, no counter."""
    w.place("elder82", "soft", method="wallet")
    while w.place("elder82", "soft", method="wallet").self_pay_fen <= wallet_fen(w):
        pass
    stock, money = left_of(w, "soft"), wallet_fen(w)

    with pytest.raises(WalletShort):
        w.place("elder82", "soft", method="wallet")

    assert (left_of(w, "soft"), wallet_fen(w)) == (stock, money)


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
    stock = left_of(w, "soft")
    order = w.place("elder82", "soft", method="wallet")
    for _ in range(2):
        assert w.database.write_sync(cancel_order, order.id, now=w.now, actor="account:s").status == "cancelled"

    assert wallet_fen(w) == 20_000
    assert left_of(w, "soft") == stock
    assert reserved_fen(w) == 0
    assert w.place("elder82", "soft", method="cash").self_pay_fen == 600
    with pytest.raises(OrderEnded):
        w.collect(order.pickup_code)


def wallet_fen(w: World) -> int:
    operator = w.database.read_sync(places.canteen, "longcheng").operator_id
    wallet = w.database.read_sync(wallets.find, w.people["elder82"], operator)
    return wallet.balance_fen if wallet else 0


def test_after_the_meal_unpaid_orders_expire_and_unfetched_ones_are_not_collected(w: World) -> None:
    """An unserved meal is never claimable; the money goes back; the job run again does nothing."""
    paid = w.place("elder82", "soft", method="wallet")
    unpaid = w.place("elder75", "light", method="cash")
    over = w.now + timedelta(hours=3)

    assert end_meals(w, w.now + timedelta(hours=2)) == 0
    assert (end_meals(w, over), end_meals(w, over)) == (2, 0)

    assert order_of(w, paid.id).status == "not_collected"
    assert order_of(w, unpaid.id).status == "expired"
    assert ledger_keys(w, paid.id) == ["reserve", "pay", "release", "refund"]
    assert account_fen(w, "2100") == 0
    assert reserved_fen(w) == 0
    with pytest.raises(TooLateToCancel):
        w.database.write_sync(cancel_order, paid.id, now=over, actor="account:s")


def test_served_now_paid_later_once(w: World) -> None:
    """One meal, a reason, account 1110 until the money comes."""
    order = w.place("elder82", "soft", method="cash")
    serve_on_credit(w, order.pickup_code, "忘带钱包")
    assert account_fen(w, "1110") == 600
    with pytest.raises(DueAlreadyOpen):
        sell(w, "elder82", "later", later_reason="又忘了", another=True)

    assert w.database.write_sync(settle_due, order.id, method="cash", now=w.now, actor="a") == 600
    assert account_fen(w, "1110") == 0
    with pytest.raises(NothingOwed):
        w.database.write_sync(settle_due, order.id, method="wallet", now=w.now, actor="a")


def test_a_meal_on_credit_may_be_paid_from_the_wallet(w: World) -> None:
    """The stored value pays what stood on account 1110."""
    order = w.place("elder82", "soft", method="cash")
    serve_on_credit(w, order.pickup_code, "忘带钱包")
    before = wallet_fen(w)

    assert w.database.write_sync(settle_due, order.id, method="wallet", now=w.now, actor="a") == 600

    assert wallet_fen(w) == before - 600
    assert (account_fen(w, "1110"), ledger_keys(w, order.id)) == (0, ["reserve", "earn", "settle"])


def test_an_undone_meal_on_credit_is_owed_again(w: World) -> None:
    """Undone, handed over again in cash."""
    order = w.place("elder82", "soft", method="cash")
    serve_on_credit(w, order.pickup_code, "忘带钱包")

    assert w.database.write_sync(undo_collection, order.id, reason="拿错了", now=w.now, actor="a").status == "placed"
    w.collect(order.pickup_code, take_cash=True)

    assert account_fen(w, "1110") == 0
    assert account_fen(w, "1000") > 0


def test_guests_pay_the_list_price_where_everyone_is_welcome(w: World) -> None:
    """No card, no person, no subsidy from public money."""
    sold = sell(w, None, "cash", canteen="shuiyun")

    assert sold.order.resident_id is None
    assert sold.cash_taken_fen == sold.order.self_pay_fen


def test_the_page_showed_another_price(w: World) -> None:
    """A fresh quote instead of an order; nothing taken."""
    stock = left_of(w, "soft")
    with pytest.raises(PriceChanged) as refused:
        w.place("elder82", "soft", method="cash", expected_self_pay_fen=500)

    assert refused.value.data["self_pay_fen"] == 600
    assert left_of(w, "soft") == stock


def test_what_somebody_who_died_had_ordered_is_given_back(w: World) -> None:
    """Portions, counters, reservations and prepaid money, at both canteens; a meal handed over stays as it is."""
    eaten = w.place("elder82", "rice", method="cash")
    w.collect(eaten.pickup_code, take_cash=True)
    other = w.place("elder75", "soft", method="cash")
    before = (left_of(w, "soft"), left_of(w, "light", "shuiyun"), reserved_fen(w))
    wallet, used = wallet_fen(w), _used(w)
    prepaid = w.place("elder82", "soft", method="wallet")
    unpaid = w.place("elder82", "light", "shuiyun", method="cash")
    at_counter = w.place("elder82", "rice", method="cash")
    w.database.write_sync(pay_order, at_counter.id, method="cash", fen=None, now=w.now, actor="account:s")

    change = ResidentChange(w.people["elder82"], status=FileStatus.DECEASED, status_since=w.day)
    w.database.write_sync(change_resident, change, now=w.now, actor="account:s", sealer=w.sealer)

    ended = [order_of(w, order.id) for order in (prepaid, unpaid, at_counter)]
    assert {(order.status, order.end_reason, order.paid_fen) for order in ended} == {("cancelled", "file-closed", 0)}
    assert (order_of(w, eaten.id).status, order_of(w, other.id).status) == ("collected", "placed")
    assert (left_of(w, "soft"), left_of(w, "light", "shuiyun"), reserved_fen(w)) == before
    assert _used(w) == used
    assert prepaid.self_pay_fen > 0
    assert wallet_fen(w) == wallet + at_counter.self_pay_fen > wallet  # nobody opens a drawer: cash goes to the wallet


def _used(w: World) -> int:
    return w.database.read_sync(lambda s: int(s.exec(select(func.sum(EntitlementCounter.used))).one() or 0))
