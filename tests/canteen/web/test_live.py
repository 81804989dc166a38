"""Live pages: versions reach listeners at once, other processes' changes by the audit log."""

import asyncio
import threading

import pytest

from canteen.events import CanteenChanged
from canteen.web.live import Live, topic_of

KEY = ("longcheng", "orders")


@pytest.mark.anyio
async def test_listener_hears_the_version_now_and_each_change() -> None:
    live = Live()
    live.start()
    stream = live.stream(KEY)
    first = await anext(stream)

    threading.Thread(target=live.tell, args=(CanteenChanged(*KEY),)).start()
    second = await asyncio.wait_for(anext(stream), 5)

    assert first.data == 0
    assert isinstance(second.data, int)
    assert second.data > 0
    await stream.aclose()
    assert live.listeners == 0


@pytest.mark.anyio
async def test_slow_listener_skips_versions() -> None:
    live = Live()
    live.start()
    stream = live.stream(KEY)
    await anext(stream)

    for _ in range(100):
        live.advance(KEY)
    newest = await asyncio.wait_for(anext(stream), 5)

    assert newest.data == live.version(KEY)
    await stream.aclose()


@pytest.mark.anyio
async def test_changes_of_other_processes_advance_their_topic_only() -> None:
    live = Live()
    live.start()
    live.notice({"a": KEY})
    before = live.version(KEY)

    live.notice({"a": KEY, "b": ("longcheng", "menu")})

    assert live.version(KEY) == before
    assert live.version(("longcheng", "menu")) > 0


@pytest.mark.anyio
async def test_a_kitchens_menu_advances_every_canteen_it_cooks_for() -> None:
    """Its audit entries name no canteen."""
    live = Live()
    streams = {key: live.stream(key) for key in (("longcheng", "menu"), ("shuiyun", "menu"), ("longcheng", "orders"))}
    for stream in streams.values():
        await anext(stream)
    live.notice({})
    before = {key: live.version(key) for key in streams}

    live.notice({"1": ("", "menu")})

    assert [key for key in streams if live.version(key) > before[key]] == [("longcheng", "menu"), ("shuiyun", "menu")]


async def test_closing_ends_every_stream() -> None:
    live = Live()
    live.start()
    stream = live.stream(KEY)
    await anext(stream)

    live.close()

    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(stream), 5)


@pytest.mark.parametrize(
    "action,topic",
    [("menu.published", "menu"), ("help.called", "help"), ("order.placed", "orders"), ("meal.collected", "orders")],
)
def test_actions_concern_a_topic(action: str, topic: str) -> None:
    assert topic_of(action) == topic
