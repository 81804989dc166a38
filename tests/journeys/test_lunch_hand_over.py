"""Who gets one lunch and when, below HTTP: second scans, undoing, fetchers, stopped cards. On SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlmodel import select

from canteen.orders.errors import (
    ReasonMissing,
)
from canteen.people.errors import CardStopped, CardUnknown, NotAFetcher
from canteen.pickup.errors import AlreadyCollected, CodeUnknown, NoMealNow, OrderEnded, OtherCanteen, UndoTooLate
from canteen.pickup.models import Collection
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.undo_collection import undo_collection
from subsidies.models import FileStatus
from tests.journeys.lunch_books import account_fen, end_meals, ledger_keys, sell
from tests.support.world import CARDS, World


def test_the_second_scan_says_who_and_when(w: World) -> None:
    """By code, number or card: once."""
    order = w.place("elder82", "soft", method="wallet")
    w.collect(order.pickup_code)

    for text in (order.pickup_code, order.pickup_number, CARDS["elder82"]):
        with pytest.raises(AlreadyCollected) as refused:
            w.collect(text)
        assert refused.value.data["by"] == "李师傅"
        assert refused.value.data["at"] == w.now


def test_a_hand_over_is_undone_with_a_reason_until_the_day_is_over(w: World) -> None:
    """What was earned is reserved again and can be earned again."""
    order = w.place("elder82", "soft", method="wallet")
    w.collect(order.pickup_code)
    with pytest.raises(ReasonMissing):
        w.database.write_sync(undo_collection, order.id, reason=" ", now=w.now, actor="account:s")
    with pytest.raises(UndoTooLate):
        w.database.write_sync(undo_collection, order.id, reason="x", now=w.now + timedelta(days=1), actor="account:s")

    assert w.database.write_sync(undo_collection, order.id, reason="拿错了", now=w.now, actor="a").status == "paid"
    assert account_fen(w, "4010") == 0
    w.collect(order.pickup_code)
    w.database.write_sync(undo_collection, order.id, reason="又错了", now=w.now, actor="a")
    end_meals(w, w.now + timedelta(hours=3))

    assert ledger_keys(w, order.id) == ["reserve", "pay", "earn", "unearn", "earn", "unearn", "release", "refund"]
    assert account_fen(w, "1100") == 0


def test_one_tap_at_the_window_makes_charges_and_hands_over(w: World) -> None:
    """No order before: made. An order before: found. A third tap: refused with who and when."""
    made = sell(w, "elder82", "wallet")
    assert (made.was_ordered, made.order.status, made.order.self_pay_fen) == (False, "collected", 600)
    waiting = w.place("elder75", "light", method="cash")

    found = sell(w, "elder75", "cash")

    assert (found.order.id, found.was_ordered) == (waiting.id, True)
    assert found.cash_taken_fen == waiting.self_pay_fen
    with pytest.raises(AlreadyCollected):
        sell(w, "elder75", "cash")


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

    end_meals(w, w.now + timedelta(hours=3))
    with pytest.raises(OrderEnded):
        w.collect(order.pickup_code, now=w.now + timedelta(hours=1))


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
