"""The repository as its architecture tests see it: what git tracks or would track, never what a run left behind."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("canteen", "menus", "subsidies")


@cache
def files() -> tuple[Path, ...]:
    """Tracked and new files that no ignore rule names, relative to the root; deleted ones left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = {Path(name) for name in listing.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def sources() -> tuple[Path, ...]:
    """The Python files of the three packages."""
    return tuple(path for path in files() if path.parts[0] in PACKAGES and path.suffix == ".py")


def module_name(path: Path) -> str:
    """`canteen/web/__init__.py` → `canteen.web`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
