"""Apps for tests: made once, furnished anew for each client, because registering 400 routes takes longer than most tests."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient

from canteen.app import create_app, furnish
from canteen.settings import Settings

_free: dict[tuple[Settings, bool], list[Litestar]] = defaultdict(list)
"""Apps nobody uses, by what their routes and headers were made of: all settings but the database, and whether jobs run."""


def take_app(settings: Settings, *, jobs: bool = False) -> Litestar:
    """An app as `create_app` makes it; to be given back when it has been closed."""
    kind = _kind(settings, jobs)
    if not _free[kind]:
        return create_app(settings, jobs=jobs)
    app = _free[kind].pop()
    furnish(app, settings)
    return app


def give_back(app: Litestar, *, jobs: bool = False) -> None:
    """For the next test."""
    _free[_kind(app.state.settings, jobs)].append(app)


def _kind(settings: Settings, jobs: bool) -> tuple[Settings, bool]:
    return replace(settings, database_url="", data_dir=Path()), jobs


class Client(TestClient[Litestar]):
    """The app of `settings` in this process, to be entered with `with`; another one while the first is open."""

    def __init__(self, settings: Settings, *, base_url: str = "http://testserver.local") -> None:
        super().__init__(take_app(settings), raise_server_exceptions=False, base_url=base_url)

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        give_back(self.app)
