"""For every test: no network beyond this machine, asyncio for the async ones, and the fixtures of tests/support."""

import pytest

from tests.support.loopback import forbid_network

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.server",
    "tests.support.fresh",
    "tests.support.world",
]

forbid_network()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The server's own loop; trio is not used."""
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go last: Playwright keeps its loop running in this thread, where no async test can then run."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))
