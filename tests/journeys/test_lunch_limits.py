"""What is refused or counted at one lunch, below HTTP: portions, caps, allergies, keys. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from canteen.orders.errors import (
    ClashNotConfirmed,
    DailyCapReached,
    GuestsUnpaid,
    KeyReused,
    OrderingClosed,
    QuantityOutOfRange,
)
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.place_order import place_order
from menus.errors import SoldOut
from menus.models import MenuItem
from subsidies.models import EntitlementCounter
from tests.journeys.lunch_books import left_of, order_of, sell
from tests.support.world import World


def test_the_same_key_answers_the_same_and_another_body_is_refused(w: World) -> None:
    """Whatever happened to the first answer."""
    first = w.place("elder82", "soft", method="cash", idempotency_key="k")
    assert w.place("elder82", "soft", method="cash", idempotency_key="k") == first
    with pytest.raises(KeyReused):
        w.place("elder82", "light", method="cash", idempotency_key="k")


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
        sell(w, "allergic", "cash")
    assert left_of(w, "soft") == _planned(w, "soft")
    waiting = w.place("allergic", "soft", method="cash", clashes_seen=True)
    with pytest.raises(ClashNotConfirmed):
        sell(w, "allergic", "cash")
    assert order_of(w, waiting.id).status == "placed"

    served = sell(w, "allergic", "cash", clashes_seen=True)

    assert (served.order.id, served.was_ordered, served.order.status) == (waiting.id, True, "collected")
    assert sell(w, "allergic", "cash", another=True, clashes_seen=True).was_ordered is False


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
