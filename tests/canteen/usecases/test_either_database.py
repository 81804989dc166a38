"""What must hold on both databases when many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlmodel import Session, func, select

from canteen.db.database import Database
from canteen.people.errors import AlreadyEnrolled, CardTaken
from canteen.people.models import Card, Resident
from canteen.readmodels.resident_home import resident_home
from canteen.usecases.bind_card import CardBinding, bind_card
from menus.errors import SoldOut
from menus.models import MenuItem
from menus.portions import FULL, release, reserve, set_planned
from tests.canteen.building import ACTOR, ELDER, EXAMPLE_ID, NOW, SEALER, enrol, plan_lunch


def ribs(session: Session) -> MenuItem:
    """Ten portions of 红烧肉炖豆角."""
    return session.exec(select(MenuItem).where(MenuItem.name == "红烧肉炖豆角", MenuItem.kind == "dish")).one()


def at_once(tries: int, action: Callable[[int], object], *refusals: type[Exception]) -> int:
    """How many of `tries` went through."""

    def one(number: int) -> bool:
        try:
            action(number)
        except refusals:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(one, range(tries)))


def test_exactly_the_portions_there_are_are_sold(either: Database) -> None:
    plan_lunch(either)
    item = either.read_sync(ribs).id or 0
    rice = item + 1

    sold = at_once(40, lambda _: either.write_sync(reserve, [(rice, FULL), (item, FULL)]), SoldOut)

    assert sold == 10
    assert either.read_sync(ribs).left_halves == 0


def test_giving_back_and_planning_more_lose_nothing(either: Database) -> None:
    plan_lunch(either)
    item = either.read_sync(ribs).id or 0
    either.write_sync(reserve, [(item, 20)])

    def change(number: int) -> None:
        if number == 5:
            either.write_sync(set_planned, item, 15)
        else:
            either.write_sync(release, [(item, 1)])

    assert at_once(11, change) == 11
    assert either.read_sync(ribs).left_halves == 20


def test_one_card_at_two_counters_belongs_to_one(either: Database) -> None:
    people = [enrol(either) for _ in range(8)]

    bound = at_once(
        8,
        lambda n: either.write_sync(bind_card, CardBinding(people[n], "6222000000000082"), now=NOW, actor=ACTOR),
        CardTaken,
    )

    assert bound == 1
    assert either.read_sync(lambda s: s.exec(select(func.count()).select_from(Card)).one()) == 1


def test_one_id_number_at_two_counters_makes_one_file(either: Database) -> None:
    enrolled = at_once(8, lambda _: enrol(either, replace(ELDER, national_id=EXAMPLE_ID)), AlreadyEnrolled)

    assert enrolled == 1
    assert either.read_sync(lambda s: s.exec(select(func.count()).select_from(Resident)).one()) == 1


def test_the_first_screen_is_the_same(either: Database) -> None:
    plan_lunch(either)

    seen = either.read_sync(resident_home, "longcheng", enrol(either), now=NOW, sealer=SEALER, examples_decide=False)

    assert seen.usual is not None
    assert (seen.usual.item.key, seen.pay_fen) == ("light", 1000)
