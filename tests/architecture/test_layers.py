"""The import contracts of pyproject.toml hold, and two libraries are known in one place only."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.repository import ROOT, sources

ONLY_IN = {
    "stripe": Path("canteen/payments/stripe_gateway.py"),
    "qrcode": Path("canteen/pickup/qr.py"),
}


def imported_names(source: str) -> set[str]:
    """Top-level names of every import statement, those inside functions and `if TYPE_CHECKING` too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names


def test_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP → web → use cases → read models → slices → db, in one straight line."""
    monkeypatch.chdir(ROOT)

    verdict = lint_imports(no_logo=True)

    assert verdict == EXIT_STATUS_SUCCESS, "the output says which import broke which contract"


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_library_is_imported_in_its_one_place_only(library: str) -> None:
    """Replacing a provider means replacing one file."""
    importers = {path for path in sources() if library in imported_names((ROOT / path).read_text(encoding="utf-8"))}

    assert importers <= {ONLY_IN[library]}


def test_hidden_imports_are_seen() -> None:
    """The scan above looks into functions as well."""
    source = "def pay() -> None:\n    import stripe.error\n    from qrcode.image import svg\n"

    assert imported_names(source) == {"stripe", "qrcode"}
