"""A list changes people who are at a kiosk, at a counter or at table in that very moment."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from canteen.orders.errors import PriceChanged
from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from canteen.readmodels.invariants import check as check_invariants
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.steps import listed_changes
from subsidies.models import EligibilityFile
from tests.canteen.imports.files import importer, people, roll
from tests.support.world import World

HEADER = ("姓名", "出生日期", "餐卡号", "称呼", "居民编号")


def _staged(world: World, *rows: tuple[str, ...]) -> Callable[[], object]:
    """A list checked and waiting for its yes; calling it says yes."""
    working, place = importer(world), roll(world)
    check = working.check(people(*rows, header=HEADER), place)
    assert check.faults == []
    key = working.stage(check, place, "list.csv")
    return lambda: working.apply(key, place)


def _title(session: Session, key: str) -> str:
    return session.exec(select(Resident.title).where(col(Resident.id) == key)).one()


def test_the_counter_is_not_overwritten_by_a_list(either_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved at the counter after the list had compared this person: it waits, and what the counter saved stands."""
    world = either_world
    say_yes = _staged(world, ("张玉兰", "1944-03-12", "", "姥姥", world.people["elder82"]))
    counter: list[Future[None]] = []
    real = listed_changes._is_free

    with ThreadPoolExecutor(1) as other:

        def compared(*about: object) -> bool:
            change = ResidentChange(world.people["elder82"], title="老师")
            counter.append(
                other.submit(
                    world.database.write_sync, change_resident, change, now=world.now, actor="x", sealer=world.sealer
                )
            )
            time.sleep(0.2)  # enough for a counter that does not wait
            return real(*about)  # type: ignore[arg-type]

        monkeypatch.setattr(listed_changes, "_is_free", compared)
        say_yes()
        counter[0].result(timeout=10)

    assert world.database.read_sync(_title, world.people["elder82"]) == "老师"


def test_a_price_that_a_list_has_changed_is_asked_again(either_world: World) -> None:
    """The kiosk showed 6 yuan; the list made the diner 92, who eats free: no order before it has shown that."""
    world = either_world
    say_yes = _staged(world, ("张玉兰", "1934-03-12", "", "", world.people["elder82"]))
    shown = world.place("elder92", "light").self_pay_fen

    say_yes()
    with pytest.raises(PriceChanged) as told:
        world.place("elder82", "soft", expected_self_pay_fen=600)
    placed = world.place("elder82", "soft", expected_self_pay_fen=told.value.data["self_pay_fen"])  # type: ignore[arg-type]

    assert (shown, placed.self_pay_fen) == (0, 0)


def test_orders_and_a_list_about_the_same_people_do_not_mix(either_world: World) -> None:
    """Each order is decided wholly by the old file or wholly by the new one; every book agrees with itself."""
    world = either_world
    world.stock(500)
    elders = world.add_elders(40)
    names = dict(world.database.read_sync(_names, elders))
    rows = [(names[key], "1934-01-01", f"88{n:05d}", "", key) for n, key in enumerate(elders)]
    say_yes = _staged(world, *rows)
    item = world.items["longcheng"]["soft"]
    started = threading.Event()

    def order() -> None:
        for key in elders:
            world.place_all([key], item)
            started.set()

    with ThreadPoolExecutor(1) as kiosk:
        ordering = kiosk.submit(order)
        started.wait(5)
        say_yes()
        ordering.result(timeout=60)

    paid = world.database.read_sync(_paid, elders)
    assert len(paid) == 40
    assert set(paid) <= {0, 600}
    assert world.database.read_sync(_born, elders) == {"1934-01-01"}
    assert [found.name for found in world.database.read_sync(check_invariants) if not found.ok] == []


def _names(session: Session, ids: list[str]) -> list[tuple[str, str]]:
    rows = session.execute(select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(ids)))
    return [(key, name) for key, name in rows]


def _paid(session: Session, ids: list[str]) -> list[int]:
    return list(
        session.execute(select(col(MealOrder.self_pay_fen)).where(col(MealOrder.resident_id).in_(ids))).scalars()
    )


def _born(session: Session, ids: list[str]) -> set[str]:
    rows = session.execute(select(col(EligibilityFile.born)).where(col(EligibilityFile.resident_id).in_(ids)))
    return {str(day) for day in rows.scalars()}
