"""Stored value paid back, cash taken by mistake, receipts: the drawer and the books always say the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from canteen.orders.errors import ReasonMissing
from canteen.orders.models import MealOrder
from canteen.payments.errors import (
    CoolingOffOver,
    DuePaid,
    NotUndoable,
    PayeeMissing,
    PaymentError,
    RefundDecided,
    RefundTooMuch,
    RefundWaiting,
    SecondPersonNeeded,
    SpentSince,
    UndoMealFirst,
    UndoTooLate,
)
from canteen.payments.models import Due, Payment, Wallet
from canteen.payments.refunds import RefundView
from canteen.readmodels.invariants import check
from canteen.readmodels.receipt import receipt
from canteen.readmodels.till_day import till_day
from canteen.readmodels.wallet_page import wallet_page
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.decide_refund import decide_refund
from canteen.usecases.pay_order import pay_order
from canteen.usecases.pay_out import pay_out
from canteen.usecases.print_receipt import print_receipt
from canteen.usecases.refund_wallet import RefundWish, refund_wallet
from canteen.usecases.settle_due import settle_due
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.usecases.undo_collection import undo_collection
from canteen.usecases.undo_payment import undo_payment
from subsidies.models import LedgerTransaction, Posting
from tests.support.world import ACTOR, World

SECOND = "account:second"


def _balance(world: World, who: str = "elder82") -> int:
    return world.database.read_sync(
        lambda s: s.exec(
            select(Wallet.balance_fen).where(Wallet.resident_id == world.people[who], Wallet.operator_id == "longcheng")
        ).one()
    )


def _drawer(world: World) -> int:
    """Account 1000 of the books, in fen."""

    def ask(session: Session) -> int:
        rows = session.exec(
            select(Posting.fen)
            .join(LedgerTransaction)
            .where(Posting.account == "1000", LedgerTransaction.canteen_id == "longcheng")
        )
        return sum(rows)

    return world.database.read_sync(ask)


def _refund(world: World, fen: int, *, kind: str = "leaving", key: str = "", **more: str) -> RefundView:
    wish = RefundWish(
        "longcheng",
        world.people[more.pop("who", "elder82")],
        fen,
        kind,
        more.get("reason", ""),
        more.get("payee", ""),
        key or f"refund-{fen}-{kind}",
    )
    return world.database.write_sync(refund_wallet, wish, now=world.now, actor=ACTOR, actor_name="李师傅")


def _decide(
    world: World, refund: RefundView, actor: str = SECOND, *, agreed: bool = True, manager: bool = True
) -> RefundView:
    return world.database.write_sync(
        decide_refund,
        refund.id,
        "longcheng",
        agreed=agreed,
        now=world.now,
        actor=actor,
        actor_name="王店长",
        is_manager=manager,
    )


def _undo(world: World, payment_id: str, **more: object) -> str:
    now = world.now + timedelta(days=1) if more.get("tomorrow") else world.now
    return world.database.write_sync(
        undo_payment, payment_id, "longcheng", reason=str(more.get("reason", "收错了数")), now=now, actor=ACTOR
    ).back_id


def _taken(world: World) -> Payment:
    """The one payment taken for an order."""
    taken = select(Payment).where(Payment.purpose == "order", Payment.direction == "in")
    return world.database.read_sync(lambda s: s.exec(taken).one())


def _broken(world: World) -> list[str]:
    return [found.name for found in world.database.read_sync(check) if not found.ok]


def _till(world: World) -> int:
    return world.database.read_sync(till_day, "longcheng", world.day).drawer_fen


def test_refund_takes_the_same_out_of_wallet_drawer_and_books(either_world: World) -> None:
    before = _drawer(either_world)

    done = _refund(either_world, 5_000)
    again = _refund(either_world, 5_000)

    assert (done.state, again.id) == ("paid", done.id)
    assert _balance(either_world) == 15_000
    assert _drawer(either_world) == before - 5_000 == _till(either_world)
    assert _broken(either_world) == []


def test_two_tablets_never_pay_out_more_than_there_is(either_world: World) -> None:
    """Eight at once, 60 yuan each, of 200: three are paid, and the books know each of them."""
    either_world.database.write_sync(_raise_limit)

    def press(number: int) -> str:
        try:
            return _refund(either_world, 6_000, key=f"race-{number}").state
        except PaymentError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(press, range(8)))

    assert outcomes == ["paid"] * 3 + ["payments.refund-too-much"] * 5
    assert _balance(either_world) == 2_000
    assert _broken(either_world) == []


def _raise_limit(session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE canteen SET refund_alone_fen = 500000")


def test_above_the_limit_of_a_day_a_second_person_must_agree(either_world: World) -> None:
    """200 yuan a person and day; 150 and then 50.01 are more."""
    either_world.database.write_sync(
        top_up_wallet, either_world.people["elder82"], "longcheng", fen=10_000, now=either_world.now, actor=ACTOR
    )
    first = _refund(either_world, 15_000)
    second = _refund(either_world, 5_001)

    with pytest.raises(RefundWaiting):
        _refund(either_world, 9_999)
    with pytest.raises(SecondPersonNeeded):
        _decide(either_world, second, ACTOR)
    with pytest.raises(SecondPersonNeeded):
        _decide(either_world, second, manager=False)
    assert (first.state, second.state) == ("paid", "waiting")
    assert _balance(either_world) == 15_000

    paid = _decide(either_world, second)

    assert paid.payment_id is not None
    assert _decide(either_world, second).payment_id == paid.payment_id
    assert _balance(either_world) == 9_999
    with pytest.raises(RefundDecided):
        _decide(either_world, second, agreed=False)
    assert _broken(either_world) == []


def test_refund_decided_at_two_tablets_is_paid_once_or_not_at_all(either_world: World) -> None:
    """Four second persons at once, two say yes and two take it back: one decision stands, and the money with it."""
    either_world.database.write_sync(
        top_up_wallet, either_world.people["elder82"], "longcheng", fen=30_000, now=either_world.now, actor=ACTOR
    )
    waiting = _refund(either_world, 30_000, kind="other", reason="搬走了")

    def decide(number: int) -> str:
        try:
            return _decide(either_world, waiting, f"account:second-{number}", agreed=number % 2 == 0).state
        except RefundDecided as late:
            return late.code

    with ThreadPoolExecutor(4) as tablets:
        said = list(tablets.map(decide, range(4)))

    assert said.count("payments.refund-decided") == 3
    assert _balance(either_world) == (20_000 if "paid" in said else 50_000)
    assert _broken(either_world) == []


def test_withdrawn_refund_leaves_the_wallet_and_makes_room_for_another(world: World) -> None:
    world.database.write_sync(
        top_up_wallet, world.people["elder82"], "longcheng", fen=5_000, now=world.now, actor=ACTOR
    )
    waiting = _refund(world, 25_000, kind="other", reason="搬走了")

    withdrawn = _decide(world, waiting, ACTOR, agreed=False)
    again = _refund(world, 24_000, kind="other", reason="搬走了")

    assert (waiting.state, withdrawn.state, again.state) == ("waiting", "withdrawn", "waiting")
    assert _balance(world) == 25_000
    assert _broken(world) == []


@pytest.mark.parametrize(
    "kind, fen, more, refusal",
    [
        ("leaving", 20_001, {}, RefundTooMuch),
        ("other", 100, {}, ReasonMissing),
        ("because", 100, {}, ReasonMissing),
        ("death", 100, {}, PayeeMissing),
        ("leaving", 0, {}, PaymentError),
    ],
)
def test_refunds_that_are_refused(
    shared_world: World, kind: str, fen: int, more: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _refund(shared_world, fen, kind=kind, **more)


def test_without_a_reason_only_the_top_ups_of_seven_days_go_back(world: World) -> None:
    who = world.people["elder82"]
    world.now += timedelta(days=8)  # the 200 of the world are older now
    world.database.write_sync(top_up_wallet, who, "longcheng", fen=3_000, now=world.now, actor=ACTOR)

    with pytest.raises(CoolingOffOver) as refused:
        _refund(world, 3_001, kind="cooling_off")
    _refund(world, 2_000, kind="cooling_off")
    with pytest.raises(CoolingOffOver):
        _refund(world, 1_001, kind="cooling_off")

    assert refused.value.data["most_fen"] == 3_000
    assert _balance(world) == 21_000


def test_after_a_death_the_receipt_names_who_took_the_money(world: World) -> None:
    done = _refund(world, 10_000, kind="death", payee="张小红")

    assert done.payment_id is not None
    shown = world.database.read_sync(receipt, done.payment_id, "longcheng")
    assert (shown.kind, shown.payee, shown.shown_as, shown.fen, shown.is_in) == (
        "refund",
        "张*红",
        "张*兰",
        10_000,
        False,
    )


def test_subsidy_never_becomes_cash(world: World) -> None:
    """A subsidised meal paid from the card and cancelled gives the 6 yuan back, and no more can be paid out."""
    order = world.place("elder82", "soft", method="wallet")
    world.database.write_sync(cancel_order, order.id, now=world.now, actor=ACTOR, at_counter=False)

    with pytest.raises(RefundTooMuch):
        _refund(world, 20_001)

    assert order.list_fen - order.self_pay_fen == 900
    assert _balance(world) == 20_000


def test_undone_top_up_is_the_negative_of_what_was_posted(either_world: World) -> None:
    who = either_world.people["elder82"]
    before = _drawer(either_world)
    done = either_world.database.write_sync(
        top_up_wallet, who, "longcheng", fen=5_000, now=either_world.now, actor=ACTOR
    )

    back = _undo(either_world, done.payment_id)

    assert _undo(either_world, done.payment_id) == back
    assert (_balance(either_world), _drawer(either_world)) == (20_000, before)
    page = either_world.database.read_sync(wallet_page, "longcheng", who, now=either_world.now)
    moves = {one.payment_id: (one.kind, one.is_in, one.is_undone) for one in page.moves}
    assert moves[back] == ("top_up_undone", False, False)
    assert moves[done.payment_id] == ("top_up", True, True)
    assert _broken(either_world) == []


def test_undoing_at_two_tablets_gives_the_money_back_once(either_world: World) -> None:
    who = either_world.people["elder82"]
    done = either_world.database.write_sync(
        top_up_wallet, who, "longcheng", fen=5_000, now=either_world.now, actor=ACTOR
    )

    with ThreadPoolExecutor(4) as pool:
        backs = set(pool.map(lambda _: _undo(either_world, done.payment_id), range(4)))

    assert len(backs) == 1
    assert _balance(either_world) == 20_000
    assert _broken(either_world) == []


def test_spent_top_up_stays(world: World) -> None:
    done = world.database.write_sync(
        top_up_wallet, world.people["elder82"], "longcheng", fen=5_000, now=world.now, actor=ACTOR
    )
    _refund(world, 20_000)
    world.place("elder82", "soft", method="wallet")

    with pytest.raises(SpentSince) as refused:
        _undo(world, done.payment_id)

    assert refused.value.data["short_fen"] == 600


def test_cash_taken_by_mistake_goes_back_and_the_order_waits_again(either_world: World) -> None:
    before = _drawer(either_world)
    order = either_world.place("elder82", "soft", method="cash")
    either_world.database.write_sync(pay_order, order.id, method="cash", fen=600, now=either_world.now, actor=ACTOR)
    payment = _taken(either_world)

    _undo(either_world, payment.id)

    stands = either_world.database.read_sync(lambda s: s.exec(select(MealOrder)).one())
    assert (stands.status, stands.paid_fen) == ("placed", 0)
    assert _drawer(either_world) == before
    either_world.collect(order.pickup_code, take_cash=True)
    assert _broken(either_world) == []


def test_meal_handed_over_is_undone_before_its_money(world: World) -> None:
    order = world.place("elder82", "soft", method="cash")
    world.collect(order.pickup_code, take_cash=True)
    payment = _taken(world)

    with pytest.raises(UndoMealFirst):
        _undo(world, payment.id)
    world.database.write_sync(undo_collection, order.id, reason="给错了", now=world.now, actor=ACTOR)
    _undo(world, payment.id)

    assert _till(world) == _drawer(world)
    assert _broken(world) == []


def test_money_for_a_meal_eaten_earlier_is_due_again_after_undoing(world: World) -> None:
    order = world.place("elder82", "soft", method="cash")
    later = HandOver(order.pickup_code, "longcheng", later_reason="没带现金")
    world.database.write_sync(collect_meal, later, now=world.now, actor=ACTOR, actor_name="李师傅", sealer=world.sealer)
    world.database.write_sync(settle_due, order.id, method="cash", now=world.now, actor=ACTOR)
    with pytest.raises(DuePaid):
        world.database.write_sync(undo_collection, order.id, reason="错", now=world.now, actor=ACTOR)

    _undo(world, _taken(world).id)

    due = world.database.read_sync(lambda s: s.exec(select(Due)).one())
    assert (due.fen, due.paid_at) == (600, None)
    assert _broken(world) == []


def test_what_cannot_be_undone(world: World) -> None:
    """From the card, another day, without a reason, what is itself an undoing."""
    world.place("elder82", "soft", method="wallet")
    by_wallet = _taken(world)
    topped_up = world.database.write_sync(
        top_up_wallet, world.people["elder82"], "longcheng", fen=100, now=world.now, actor=ACTOR
    )

    with pytest.raises(NotUndoable):
        _undo(world, by_wallet.id)
    with pytest.raises(UndoTooLate):
        _undo(world, topped_up.payment_id, tomorrow=True)
    with pytest.raises(ReasonMissing):
        _undo(world, topped_up.payment_id, reason=" ")
    back = _undo(world, topped_up.payment_id)
    with pytest.raises(NotUndoable):
        _undo(world, back)


def test_money_that_found_no_wallet_is_handed_out_once(either_world: World) -> None:
    """A guest's cash of an order cancelled while nobody stood at the counter."""
    order = either_world.place(None, "light", "shuiyun")
    either_world.database.write_sync(pay_order, order.id, method="cash", fen=None, now=either_world.now, actor=ACTOR)
    either_world.database.write_sync(cancel_order, order.id, now=either_world.now, actor=ACTOR, at_counter=False)
    waiting = either_world.database.read_sync(till_day, "shuiyun", either_world.day).owed_back

    either_world.database.write_sync(pay_out, order.id, "shuiyun", now=either_world.now, actor=ACTOR)
    with pytest.raises(PaymentError):
        either_world.database.write_sync(pay_out, order.id, "shuiyun", now=either_world.now, actor=ACTOR)

    after = either_world.database.read_sync(till_day, "shuiyun", either_world.day)
    assert [(one.order_id, one.fen) for one in waiting] == [(order.id, 1_000)]
    assert after.owed_back == ()
    assert sorted(one.kind for one in after.cash if one.order_id == order.id) == ["meal", "meal_back"]
    assert _broken(either_world) == []


def test_second_printing_is_a_copy(world: World) -> None:
    done = world.database.write_sync(
        top_up_wallet, world.people["elder82"], "longcheng", fen=100, now=world.now, actor=ACTOR
    )

    first = world.database.write_sync(print_receipt, done.payment_id, "longcheng", now=world.now, actor=ACTOR)
    second = world.database.write_sync(print_receipt, done.payment_id, "longcheng", now=world.now, actor=ACTOR)

    shown = world.database.read_sync(receipt, done.payment_id, "longcheng")
    assert (first, second, shown.copies) == (1, 2, 2)
    assert re.fullmatch(r"20261123-\d{4}", shown.number)


def test_receipts_of_a_day_are_numbered_without_a_gap(either_world: World) -> None:
    """Eight counters at once, one of them refused: the drawer's numbers are 1 to the last, each once."""
    people = ("elder82", "elder75", "elder92", "young")

    def pay(number: int) -> str:
        who = either_world.people[people[number % len(people)]]
        fen = 500_000 if number == 3 else 100 + number
        try:
            done = either_world.database.write_sync(
                top_up_wallet, who, "longcheng", fen=fen, now=either_world.now, actor=ACTOR, key=f"number-{number}"
            )
        except PaymentError as refused:
            return refused.code
        return either_world.database.read_sync(receipt, done.payment_id, "longcheng").number

    before = len(either_world.database.read_sync(till_day, "longcheng", either_world.day).cash)
    with ThreadPoolExecutor(8) as pool:
        given = sorted(pool.map(pay, range(8)))

    assert given[-1] == "payments.wallet-full"
    assert given[:-1] == [f"20261123-{before + number:04d}" for number in range(1, 8)]


def test_drawer_and_wallets_are_numbered_each_by_themselves(world: World) -> None:
    world.place("elder82", "soft", method="wallet")
    in_drawer = len(world.database.read_sync(till_day, "longcheng", world.day).cash)

    by_card = world.database.read_sync(receipt, _taken(world).id, "longcheng").number
    cash = world.database.read_sync(till_day, "longcheng", world.day).cash

    assert by_card == "20261123-K0001"
    assert [one.number for one in reversed(cash)] == [f"20261123-{n:04d}" for n in range(1, in_drawer + 1)]
