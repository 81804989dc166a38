"""A list of people comes in while kiosks order: nobody feels it."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlmodel import Session

from tests.canteen.imports.files import importer, people, roll
from tests.support.world import World

T = TypeVar("T")
LONGEST_WRITE_S = 0.05


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _orders(world: World, residents: list[str], until: Callable[[], bool]) -> list[float]:
    """Place orders one after another like a busy kiosk; seconds each took."""
    times = []
    item = world.items["longcheng"]["rice"]
    for resident in residents:
        began = time.perf_counter()
        world.place_all([resident], item)
        times.append(time.perf_counter() - began)
        time.sleep(0.01)
        if until():
            break
    return times


def _measured(world: World, lines: int, residents: list[str]) -> tuple[list[float], list[float], list[float]]:
    """Orders alone, orders beside the import, and how long each of its writes held the writer."""
    half = len(residents) // 4
    alone = _orders(world, residents[:half], lambda: False)
    rows = [(f"新人{n}", "", "1944-03-12", f"55{n:06d}") for n in range(lines)]
    data = people(*rows, header=("姓名", "身份证号", "出生日期", "餐卡号"))
    working, place = importer(world), roll(world)
    working.pause_s = 0.004
    check = working.check(data, place)
    held: list[float] = []
    real = world.database.write_sync

    def timed(function: Callable[..., T], *args: object, **kwargs: object) -> T:
        def run(session: Session, /, *more: object, **named: object) -> T:
            began = time.perf_counter()
            value = function(session, *more, **named)
            if function.__module__.startswith("canteen.usecases.bring_in"):
                held.append(time.perf_counter() - began)
            return value

        return real(run, *args, **kwargs)

    done = threading.Event()

    def bring_in() -> None:
        try:
            working.apply(working.stage(check, place, "list.csv"), place)
        finally:
            done.set()

    world.database.write_sync = timed  # type: ignore[method-assign]
    thread = threading.Thread(target=bring_in)
    thread.start()
    beside = _orders(world, residents[half:], done.is_set)
    thread.join()
    world.database.write_sync = real  # type: ignore[method-assign]
    return alone, beside, held


def _told(alone: list[float], beside: list[float], held: list[float], lines: int) -> str:
    return (
        f"{lines} residents brought in beside orders: p99 of an order {_p99(alone) * 1000:.1f} ms alone, "
        f"{_p99(beside) * 1000:.1f} ms beside; longest write {max(held) * 1000:.1f} ms, "
        f"p99 {_p99(held) * 1000:.1f} ms of {len(held)}"
    )


def test_no_write_of_an_import_is_long(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """600 people: what holds the writer stays under 50 ms, a busy machine allowed for."""
    world.stock(5_000)
    residents = world.add_elders(300)

    alone, beside, held = _measured(world, 600, residents)

    with capsys.disabled():
        print("\n" + _told(alone, beside, held, 600))
    assert len(held) >= 600 // 30 + 600 // 40
    assert sorted(held)[len(held) // 2] < LONGEST_WRITE_S


@pytest.mark.long
def test_five_thousand_people_arrive_unfelt(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The figure of the decision record."""
    world.stock(5_000)
    residents = world.add_elders(1_500)

    alone, beside, held = _measured(world, 5_000, residents)

    with capsys.disabled():
        print("\n" + _told(alone, beside, held, 5_000))
    assert _p99(beside) < 0.1
    assert _p99(held) < LONGEST_WRITE_S
