"""For every test: no network beyond this machine, asyncio for the async ones, and the fixtures of tests/support."""

import gc

import pytest

from tests.support.loopback import forbid_network

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.server",
    "tests.support.fresh",
    "tests.support.world",
    "tests.support.tablet",
]

forbid_network()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The server's own loop; trio is not used."""
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go last: Playwright keeps its loop running in this thread, where no async test can then run."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What importing made never goes away, and each app makes a million objects: half the time was GC."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
