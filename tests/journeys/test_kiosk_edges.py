"""A kiosk stands alone in a room: what it must not do with money and with other people's names."""

import re
from collections.abc import Iterator

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import func, select

from canteen.orders.models import MealOrder
from canteen.orders.store import get
from canteen.payments import wallets
from canteen.people.models import WebSession
from canteen.readmodels.invariants import check
from canteen.sites import places
from canteen.usecases.pay_order import pay_order
from subsidies.models import Posting
from tests.support.world import ACTOR, CARDS, World

Client = TestClient[Litestar]
KIOSK = "/kiosk/longcheng"
_TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]+)"')


@pytest.fixture
def kiosk(world: World) -> Iterator[Client]:
    """The kiosk of Longcheng."""
    with world.client() as client:
        yield client
    assert [found for found in world.database.read_sync(check) if not found.ok] == []


def _post(client: Client, path: str, **fields: str) -> Response:
    found = _TOKEN.search(client.get("/pair", headers={"accept": "text/html"}).text)
    assert found is not None
    data = {"_csrf_token": found[1], **fields}
    return client.post(f"{KIOSK}{path}", data=data, headers={"accept": "text/html"}, follow_redirects=False)


def _drawer(world: World) -> int:
    statement = select(func.coalesce(func.sum(Posting.fen), 0)).where(Posting.account == "1000")
    return int(world.database.read_sync(lambda s: s.exec(statement).one()))


def test_taking_back_what_was_paid_in_cash_fills_the_wallet(kiosk: Client, world: World) -> None:
    """The coins are in the drawer, and the kiosk cannot open it."""
    placed = world.place("elder82", "light", method="cash")
    world.database.write_sync(pay_order, placed.id, method="cash", fen=None, now=world.now, actor=ACTOR)
    drawer = _drawer(world)
    _post(kiosk, "/tap", card=CARDS["elder82"])
    _post(kiosk, "/cancel", order=placed.id)

    operator = world.database.read_sync(places.canteen, "longcheng").operator_id
    wallet = world.database.read_sync(wallets.find, world.people["elder82"], operator)
    assert world.database.read_sync(get, placed.id).status == "cancelled"
    assert _drawer(world) == drawer
    assert wallet is not None
    assert wallet.balance_fen == 20_000 + placed.self_pay_fen


def test_nobody_reads_the_prices_of_somebody_who_did_not_name_them(kiosk: Client, world: World) -> None:
    """The price tells the category and a clash the illness: only for those who may fetch the meal."""
    _post(kiosk, "/tap", card=CARDS["elder82"])
    _post(kiosk, "/family", diner=world.people["allergic"])
    (visit,) = world.database.read_sync(lambda s: list(s.exec(select(WebSession)).all()))
    assert world.people["elder82"] in str(visit.data)
    assert world.people["allergic"] not in str(visit.data)


def test_a_second_press_after_the_wallet_ran_short_shows_the_same_order(kiosk: Client, world: World) -> None:
    """The order went on in cash; pressing again is not another request."""
    operator = world.database.read_sync(places.canteen, "longcheng").operator_id
    who = world.people["elder82"]
    world.database.write_sync(wallets.debit, who, operator, 20_000)
    _post(kiosk, "/tap", card=CARDS["elder82"])
    press = {
        "item": str(world.items["longcheng"]["soft"]),
        "method": "wallet",
        "key": "pressed",
        "expected_self_pay_fen": "600",
    }
    first = _post(kiosk, "/usual", **press)
    second = _post(kiosk, "/usual", **press)
    world.database.write_sync(wallets.credit, who, operator, 20_000)

    orders = world.database.read_sync(lambda s: s.exec(select(func.count()).select_from(MealOrder)).one())
    assert (first.status_code, second.status_code, orders) == (303, 303, 1)
