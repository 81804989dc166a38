"""K4's waiting line and ticket, and K7: what the card holds, covered until asked for."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from canteen.orders.models import MealOrder
from canteen.orders.store import get
from canteen.people.models import CardState
from canteen.readmodels.waiting import Waiting, waiting
from canteen.sites.models import Device, Kitchen
from canteen.usecases.mark_ready import mark_ready
from canteen.usecases.report_card import CardReport, report_card
from tests.support.kiosk import Kiosk
from tests.support.world import ACTOR, CARDS, World

HOME = "/kiosk/longcheng"


@pytest.fixture
def kiosk(world: World) -> Iterator[Kiosk]:
    with world.client() as client:
        yield Kiosk(client, HOME)


def test_card_is_covered_until_asked_for(kiosk: Kiosk) -> None:
    kiosk.tap("elder82")
    covered = kiosk.go("/mine").text
    shown = kiosk.go("/mine?show=1").text

    assert "看一看" in covered
    assert "200 元" not in covered
    assert "200 元" in shown
    assert re.search(r'<x-idle data-after="9" data-count="1" data-exit="/kiosk/longcheng/mine">', shown)
    assert not re.search("补贴|补助|政府|高龄", shown)


def test_card_of_nobody_is_not_shown(kiosk: Kiosk) -> None:
    assert str(kiosk.go("/mine?show=1").url).endswith(HOME)


def test_ticket_says_what_the_page_says_and_nothing_private(kiosk: Kiosk) -> None:
    """Number, dishes, the diner's own sum; no name, no list price, no subsidy."""
    kiosk.tap("elder82")
    kiosk.press("/usual")
    found = re.search(r'<section class="ticket print-only">(.*?)</section>', kiosk.page.text, re.DOTALL)
    assert found is not None
    ticket = found[1]

    assert f'<p class="ticket-number">{kiosk.number}</p>' in ticket
    assert "龙城社区长者食堂" in ticket
    assert re.findall(r"[\d.]+ 元", ticket) == ["6 元"]
    assert not re.search("张|玉|补贴|补助|政府|高龄|余额", ticket)


def test_kiosk_without_a_printer_offers_no_ticket(kiosk: Kiosk, world: World) -> None:
    world.database.write_sync(lambda session: session.execute(update(Device).values(prints_tickets=False)))
    kiosk.tap("elder82")
    kiosk.press("/usual")

    assert "打印小票" not in kiosk.page.text
    assert "ticket-number" not in kiosk.page.text


def test_wait_is_told_before_and_during_serving(kiosk: Kiosk, world: World) -> None:
    """At 10:50 lunch is out; at 10:20 it is ten minutes away."""
    kiosk.tap("elder82")
    kiosk.press("/usual")
    now = kiosk.page.text
    order = world.place("elder92", "light")
    early = world.database.read_sync(lambda s: waiting(s, get(s, order.id), now=world.now - timedelta(minutes=30)))

    assert "现在就可以取" in now
    assert early.opens_at is not None
    assert early.minutes == 10


def test_kitchen_that_cooks_to_order_tells_its_pace(world: World) -> None:
    """Nothing while nobody can tell; then the median of what it made: four, six and eight minutes."""
    world.database.write_sync(
        lambda s: s.execute(update(Kitchen).where(col(Kitchen.id) == "longcheng").values(mode="to_order"))
    )
    mine = world.place("elder92", "light")

    def wait(after_minutes: int) -> Waiting:
        later = world.now + timedelta(minutes=after_minutes)
        return world.database.read_sync(lambda s: waiting(s, get(s, mine.id), now=later))

    assert wait(0) == Waiting(None, None)
    for minutes in (4, 6, 8):
        made = world.place("elder82", "light", method="wallet")
        made_at = world.now + timedelta(minutes=minutes)
        world.database.write_sync(mark_ready, made.id, ready=True, now=made_at, actor=ACTOR)

    assert wait(0) == Waiting(None, 6)
    assert wait(2) == Waiting(None, 4)
    assert wait(30) == Waiting(None, 0)


def test_card_reported_lost_orders_nothing_more_although_it_was_tapped(kiosk: Kiosk, world: World) -> None:
    """The elder is at the window saying so while somebody stands at the kiosk with it."""
    kiosk.tap("elder82")
    report = CardReport(CARDS["elder82"], CardState.LOST)
    world.database.write_sync(report_card, report, now=world.now, actor=ACTOR)
    kiosk.press("/usual")

    assert str(kiosk.page.url).endswith(HOME)
    assert "张奶奶" not in kiosk.page.text
    assert world.database.read_sync(lambda session: session.exec(select(MealOrder)).all()) == []
