"""Imports the modules named on the command line and prints, a JSON object a line, whatever they did besides.

Watched: sockets, databases, processes, any file opened, any environment variable read. Runs in a process of its own.
"""

import importlib
import json
import os
import sys
from pathlib import Path

WATCHED = ("socket.", "sqlite3.", "subprocess.", "os.system", "os.mkdir", "os.putenv", "shutil.")
OWN_PACKAGES = ("canteen", "menus", "subsidies")
CODE_SUFFIXES = (".py", ".pyc", ".so", ".pyd")
"""The import system itself opens these."""
TIME_ZONE_FOLDERS = ("zoneinfo", "tzdata")
"""ZoneInfo("Asia/Shanghai") is a constant of the language as far as we are concerned, though it lies in a file."""


class Watch:
    """Counts only what a frame of ours asked for, not what another library does when we import it."""

    def __init__(self, root: Path) -> None:
        self.deeds: list[dict[str, str]] = []
        self._own_folders = tuple(f"{root / package}{os.sep}" for package in OWN_PACKAGES)
        self._root = root
        self._active = False

    def import_all(self, modules: list[str]) -> None:
        """In the order given."""
        self._active = True
        for module in modules:
            importlib.import_module(module)
        self._active = False

    def note(self, event: str, detail: str) -> None:
        """Remember the deed if it is ours; what happens while noting is not watched.

        Reading a variable counts only without another library in between: pydantic reads its own for every class made.
        Sockets, databases and processes count through any library.
        """
        if not self._active:
            return
        self._active = False
        if place := self._place_of_ours(through_libraries=event != "environment"):
            self.deeds.append({"event": event, "detail": detail, "at": place})
        self._active = True

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """For sys.addaudithook."""
        if event == "open":
            path = str(arguments[0])
            if not path.endswith(CODE_SUFFIXES) and not any(f"/{folder}/" in path for folder in TIME_ZONE_FOLDERS):
                self.note(event, path)
        elif event.startswith(WATCHED):
            self.note(event, repr(arguments)[:200])

    def _place_of_ours(self, *, through_libraries: bool) -> str | None:
        """The innermost frame of ours as file:line; None when an import lies between it and the deed."""
        frame = sys._getframe(1)
        while frame.f_back is not None:
            frame = frame.f_back
            filename = frame.f_code.co_filename
            if filename.startswith("<frozen importlib"):
                return None
            if "site-packages" in filename and not through_libraries:
                return None
            if filename.startswith(self._own_folders):
                return f"{Path(filename).relative_to(self._root)}:{frame.f_lineno}"
        return None


def watch_environment(watch: Watch) -> None:
    """From here on reading os.environ, in any of its spellings, is noted."""

    class WatchedEnvironment(type(os.environ)):  # type: ignore[misc] # os has no public name for it
        def __getitem__(self, key: str) -> str:
            watch.note("environment", key)
            return str(super().__getitem__(key))

        def __contains__(self, key: object) -> bool:
            watch.note("environment", str(key))
            return bool(super().__contains__(key))

    os.environ.__class__ = WatchedEnvironment


def main(modules: list[str]) -> None:
    """Prints event, detail and place (file:line) of each deed."""
    watch = Watch(Path.cwd())
    watch_environment(watch)
    sys.addaudithook(watch.audit)
    watch.import_all(modules)
    for deed in watch.deeds:
        sys.stdout.write(json.dumps(deed) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
