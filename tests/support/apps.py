"""Apps for tests: made once, furnished anew for each client, because registering 400 routes takes longer than most tests."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient

from canteen.app import create_app, furnish
from canteen.settings import Settings

_free: dict[Settings, list[Litestar]] = defaultdict(list)
"""Closed apps by what their routes and headers were made of: all settings but the database."""


class Client(TestClient[Litestar]):
    """The app of `settings` in this process, to be entered with `with`; another one while the first is open."""

    def __init__(self, settings: Settings, *, base_url: str = "http://testserver.local") -> None:
        self._kind = replace(settings, database_url="", data_dir=Path())
        super().__init__(_app(self._kind, settings), raise_server_exceptions=False, base_url=base_url)

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        _free[self._kind].append(self.app)


def _app(kind: Settings, settings: Settings) -> Litestar:
    if not _free[kind]:
        return create_app(settings)
    app = _free[kind].pop()
    furnish(app, settings)
    return app
