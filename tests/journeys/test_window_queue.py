"""The queue at the window through HTTP: answers in place, taps sent again, guests, a set chosen instead of the usual one."""

import re
from collections.abc import Iterator

import pytest
from httpx import Response
from sqlalchemy import text
from sqlmodel import Session, func, select

from canteen.db.guards import apply_guards
from canteen.orders.models import MealOrder
from canteen.readmodels.invariants import check
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from menus.models import MenuItem
from tests.canteen.building import collected_meal
from tests.support.tablet import Tablet, add_accounts
from tests.support.world import ACTOR, CARDS, World


class Queue(Tablet):
    """The same tablet with scripts: it asks for the answer alone, and a tap has a key."""

    def send(self, path: str, **fields: object) -> Response:
        data = {"_csrf_token": self._token, **{name: str(value) for name, value in fields.items()}}
        headers = {**self._headers, "X-Window": "1"}
        return self.client.post(path, data=data, headers=headers, follow_redirects=False)


@pytest.fixture
def queue(world: World) -> Iterator[Queue]:
    """Staff of Shuiyun, which serves guests too."""
    world.database.write_sync(add_accounts)
    with world.client() as client:
        yield Queue(client, "shuiyun-staff")
    world.database.write_sync(_forget_habits)
    assert [found for found in world.database.read_sync(check) if not found.ok] == []


def _told(answer: Response) -> tuple[str, str]:
    """Outcome and who, as the queue reads them."""
    found = re.search(r'data-outcome="(\w+)" data-who="([^"]*)"', answer.text)
    assert found is not None, answer.text
    return found[1], found[2]


def _count(world: World) -> int:
    def count(session: Session) -> int:
        return session.exec(select(func.count()).select_from(MealOrder)).one()

    return world.database.read_sync(count)


def _hidden(answer: Response, *names: str) -> dict[str, str]:
    return dict(re.findall(rf'name="({"|".join(names)})" value="([^"]*)"', answer.text))


def test_answer_in_place_is_the_answer_alone(queue: Queue, world: World) -> None:
    """No page around it, and no redirect: one way there and back."""
    answer = queue.send("/staff/tap", text=CARDS["elder92"], key="k1")

    assert answer.status_code == 200
    assert answer.headers["X-Window"] == "answer"
    assert "<html" not in answer.text
    assert _told(answer)[0] in {"ok", "asks"}


def test_without_scripts_the_whole_page_comes(queue: Queue, world: World) -> None:
    answer = queue.tap("6222999999999999")

    assert answer.status_code == 404
    assert "<html" in answer.text
    assert "X-Window" not in answer.headers


def test_a_tap_sent_again_is_told_the_same_and_sells_once(queue: Queue, world: World) -> None:
    """Its answer had got lost on the way. By card, by number, and with cash."""
    paid = world.place("young", "light", "shuiyun", method="wallet")
    first, again = [queue.send("/staff/tap", text=CARDS["elder75"], key="card") for _ in range(2)]
    number, number_again = [queue.send("/staff/tap", text=paid.pickup_number, key="number") for _ in range(2)]
    asked = queue.send("/staff/tap", text=CARDS["lapsed67"], key="cash")
    fields = {**_hidden(asked, "who", "item", "expected_self_pay_fen"), "method": "cash", "key": "cash"}
    cash, cash_again = [queue.send("/staff/serve", **fields) for _ in range(2)]

    assert _told(first) == _told(again) == ("ok", _told(first)[1])
    assert _told(number) == _told(number_again) == ("ok", f"{paid.pickup_number} 刘*")
    assert _told(asked)[0] == "asks"
    assert _told(cash) == _told(cash_again)
    assert "收了现金" in cash_again.text
    assert _count(world) == 3


def test_another_tap_of_a_served_card_says_who_and_when(queue: Queue) -> None:
    queue.send("/staff/tap", text=CARDS["elder75"], key="one")

    again = queue.send("/staff/tap", text=CARDS["elder75"], key="two")

    assert again.status_code == 409
    assert _told(again)[0] == "error"
    assert "已经取过了" in again.text


def test_guest_buys_a_set_meal_with_two_presses_and_once(queue: Queue, world: World) -> None:
    chosen = queue.send("/staff/tap", choose="guest")
    fields = _hidden(chosen, "guest", "item", "expected_self_pay_fen", "method", "key")
    first, again = [queue.send("/staff/serve", **fields) for _ in range(2)]

    assert _told(chosen)[0] == "asks"
    assert "收 15 元" in chosen.text
    assert _told(first) == _told(again)
    assert _count(world) == 1


def test_sold_out_guest_set_is_told_with_what_is_left(queue: Queue, world: World) -> None:
    """Sold out between the choice and the press."""
    fields = _hidden(
        queue.send("/staff/tap", choose="guest"), "guest", "item", "expected_self_pay_fen", "method", "key"
    )
    gone = OnSale("shuiyun", int(fields["item"]), sold_out=True)
    world.database.write_sync(set_sold_out, gone, now=world.now, actor=ACTOR)

    answer = queue.send("/staff/serve", **fields)

    assert answer.status_code == 409
    assert "卖完" in answer.text
    assert "客人要哪一份" in answer.text
    assert _count(world) == 0


def test_sold_out_usual_is_asked_about_not_replaced_in_silence(queue: Queue, world: World) -> None:
    """The nearest set is offered; nothing is sold until staff press."""
    world.database.write_sync(_likes, world, "seafood")
    item = world.items["shuiyun"]["seafood"]
    world.database.write_sync(set_sold_out, OnSale("shuiyun", item, sold_out=True), now=world.now, actor=ACTOR)
    before = _count(world)

    asked = queue.send("/staff/tap", text=CARDS["elder75"], key="k")
    sold = _count(world)
    fields = _hidden(asked, "who", "item", "expected_self_pay_fen")
    served = queue.send("/staff/serve", **fields, method="wallet", key="k")

    assert _told(asked)[0] == "asks"
    assert "鲜味套餐卖完了" in asked.text
    assert sold == before
    assert _told(served)[0] == "ok"


def test_another_set_is_chosen_in_place_at_the_price_shown(queue: Queue, world: World) -> None:
    who = world.people["elder75"]

    choices = queue.send("/staff/tap", choose=who)
    prices = re.findall(
        r'name="item" value="(\d+)"><input type="hidden" name="expected_self_pay_fen" value="(\d+)"', choices.text
    )
    item, pay = prices[-1]
    wrong = queue.send("/staff/tap", who=who, item=item, expected_self_pay_fen=int(pay) + 100, key="k")
    right = queue.send("/staff/tap", who=who, item=item, expected_self_pay_fen=pay, key="k")

    assert len(prices) == 3
    assert wrong.status_code == 409
    assert _told(right)[0] == "ok"
    assert _count(world) == 1


def test_allergy_in_a_chosen_set_is_asked_about(queue: Queue, world: World) -> None:
    who = world.people["allergic"]

    choices = queue.send("/staff/tap", choose=who)
    asked = queue.send("/staff/tap", who=who, item=world.items["shuiyun"]["soft"], key="k")

    assert "有鱼，这位客人过敏" in choices.text
    assert _told(asked)[0] == "asks"
    assert 'name="clashes_seen" value="1"' in asked.text
    assert _count(world) == 0


def test_longcheng_serves_no_guests_in_place_either(world: World) -> None:
    world.database.write_sync(add_accounts)
    with world.client() as client:
        answer = Queue(client, "longcheng-staff").send("/staff/tap", choose="guest")

    assert answer.status_code == 403
    assert "只给有卡的长者" in answer.text


def _likes(session: Session, world: World, key: str) -> None:
    """Three meals eaten of that kind: bare rows, which the books know nothing of."""
    item = session.get(MenuItem, world.items["shuiyun"][key])
    assert item is not None
    for number in range(91, 94):
        who = world.people["elder75"]
        collected_meal(session, who, item.menu_id, item.id or 0, item.set_meal_id, day=world.day, number=number)


def _forget_habits(session: Session) -> None:
    for trigger in ("meal_order_no_delete", "order_line_no_delete"):
        session.execute(text(f"DROP TRIGGER {trigger}"))
    session.execute(text("DELETE FROM order_line WHERE name = ''"))
    session.execute(text("DELETE FROM meal_order WHERE number_index > 90"))
    apply_guards(session.connection())
