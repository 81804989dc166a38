"""A dish is gone: the order is asked, answered once whoever presses, and money and portions follow the answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from canteen.orders.errors import (
    OrderNotFound,
    PriceChanged,
    SubstitutionAnswered,
    SubstitutionOpen,
    SubstitutionUnfit,
    TooLateToCancel,
)
from canteen.orders.models import MealOrder, Substitution
from canteen.orders.store import OrderView
from canteen.orders.substitutions import SubstitutionView
from canteen.readmodels.invariants import check
from canteen.usecases.answer_substitution import Answer, answer_substitution
from canteen.usecases.ask_substitution import Offer, ask_substitution
from canteen.usecases.cancel_order import cancel_order
from canteen.usecases.change_price import change_price
from canteen.usecases.end_orders import end_orders
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from menus.errors import PriceMoved, SoldOut
from menus.models import MenuItem
from menus.prices import NewPrice
from tests.support.world import ACTOR, World


def _ask(world: World, order_id: str, item: str = "soft", offered: str = "light") -> SubstitutionView:
    items = world.items["longcheng"]
    return world.database.write_sync(
        ask_substitution,
        Offer("longcheng", order_id, items[item], items[offered]),
        now=world.now,
        actor=ACTOR,
        sealer=world.sealer,
        examples_decide=True,
    )


def _answer(world: World, question: SubstitutionView, said: str = "accepted", how: str = "phone") -> OrderView:
    return world.database.write_sync(
        answer_substitution,
        Answer(question.id, "longcheng", said, how),  # type: ignore[arg-type]
        now=world.now,
        actor=ACTOR,
        sealer=world.sealer,
        examples_decide=True,
    ).order


def _broken(world: World) -> list[str]:
    return [found.name for found in world.database.read_sync(check) if not found.ok]


def _states(world: World) -> list[str]:
    return world.database.read_sync(
        lambda s: [str(state) for state in s.exec(select(Substitution.state).order_by("id")).all()]
    )


def _gone(world: World, item: str = "soft") -> None:
    gone = OnSale("longcheng", world.items["longcheng"][item], sold_out=True)
    world.database.write_sync(set_sold_out, gone, now=world.now, actor=ACTOR)


def test_two_answers_at_once_are_one(either_world: World) -> None:
    """Yes at the window and no on the telephone: one of them counts, the other is told."""
    order = either_world.place("elder82", "soft", method="wallet")
    _gone(either_world)
    question = _ask(either_world, order.id)

    def press(said: str) -> str:
        try:
            _answer(either_world, question, said)
        except SubstitutionAnswered:
            return "too late"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(press, ["accepted", "refused"] * 2))

    assert sorted(outcomes) == ["done", "done", "too late", "too late"]
    orders = either_world.database.read_sync(lambda s: s.exec(select(MealOrder.status)).all())
    assert sorted(orders) in (["cancelled"], ["cancelled", "paid"])
    assert _broken(either_world) == []


def test_portions_and_entitlement_go_over_to_the_new_order(either_world: World) -> None:
    """The subsidised meal of the day stays one: the old order's use is given back before the new one is decided."""
    order = either_world.place("elder82", "soft", method="wallet")
    _gone(either_world)

    stands = _answer(either_world, _ask(either_world, order.id))

    assert stands.subsidy_fen > 0
    left = either_world.database.read_sync(_left)
    items = either_world.items["longcheng"]
    assert (left[items["soft"]], left[items["light"]]) == (80, 58)
    assert _broken(either_world) == []


def _left(session: Session) -> dict[int | None, int]:
    return dict(session.exec(select(MenuItem.id, MenuItem.left_halves)).all())


def test_same_question_twice_is_one_and_another_offer_takes_its_place(world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")

    first = _ask(world, order.id)
    again = _ask(world, order.id)
    other = _ask(world, order.id, offered="seafood")

    assert first.id == again.id != other.id
    assert _states(world) == ["lapsed", "asked"]


def test_question_lapses_with_its_order(world: World) -> None:
    """Cancelled by the diner, and when the meal is over without an answer."""
    cancelled = world.place("elder82", "soft", method="wallet")
    waiting = world.place("elder75", "soft", method="wallet")
    _ask(world, cancelled.id)
    _ask(world, waiting.id)

    world.database.write_sync(cancel_order, cancelled.id, now=world.now, actor=ACTOR)
    while world.database.write_sync(end_orders, now=world.now + timedelta(hours=6)):
        pass

    assert _states(world) == ["lapsed", "lapsed"]
    assert _broken(world) == []


def test_nothing_is_handed_over_before_the_answer(world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    _ask(world, order.id)

    with pytest.raises(SubstitutionOpen):
        world.collect(order.pickup_code)
    with pytest.raises(SubstitutionOpen):
        world.collect(order.pickup_number)


def test_number_and_code_lead_to_the_order_that_stands(world: World) -> None:
    """However often it was replaced."""
    order = world.place("elder82", "soft", method="wallet")
    between = _answer(world, _ask(world, order.id))
    last = _answer(world, _ask(world, between.id, item="light", offered="seafood"))

    tray = world.collect(order.pickup_code)

    assert tray.order.id == last.id
    assert tray.order.pickup_number == order.pickup_number
    assert _broken(world) == []


def test_price_that_changed_since_the_question_is_not_taken_silently(world: World) -> None:
    order = world.place("young", "soft", method="cash")
    question = _ask(world, order.id)
    price = NewPrice(world.items["longcheng"]["light"], 1000, 1100, None, "进价变了")
    world.database.write_sync(change_price, "longcheng", [price], now=world.now, actor=ACTOR, actor_name="店长")

    with pytest.raises(PriceChanged):
        _answer(world, question)

    assert _states(world) == ["asked"]
    fresh = _ask(world, order.id, offered="seafood")
    assert fresh.self_pay_fen == 1400


def test_what_cannot_be_asked(world: World) -> None:
    order = world.place("elder82", "soft", method="wallet")
    served = world.place("elder75", "light", method="wallet")
    world.collect(served.pickup_code)
    there = world.place("elder92", "light", canteen="shuiyun")
    _gone(world, "seafood")

    with pytest.raises(SubstitutionUnfit):
        _ask(world, order.id, item="ribs")
    with pytest.raises(SubstitutionUnfit):
        _ask(world, order.id, offered="soft")
    with pytest.raises(SoldOut):
        _ask(world, order.id, offered="seafood")
    with pytest.raises(TooLateToCancel):
        _ask(world, served.id, item="light", offered="soft")
    with pytest.raises(OrderNotFound):
        _ask(world, there.id)


def test_price_another_manager_changed_meanwhile_is_told(world: World) -> None:
    item = world.items["longcheng"]["soft"]

    def change(was: int, to: int) -> int:
        price = NewPrice(item, was, to, None, "打错了")
        return world.database.write_sync(
            change_price, "longcheng", [price], now=world.now, actor=ACTOR, actor_name="店长"
        )

    assert change(1500, 1600) == 1
    assert change(1500, 1600) == 0
    with pytest.raises(PriceMoved):
        change(1500, 1700)
