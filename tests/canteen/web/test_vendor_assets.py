"""The browser libraries arrive whole or not at all."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from canteen.web.vendor_assets import FILES, ICONS, MissingLibrary, build, main, sprite

ICON = (
    '<svg\n  xmlns="http://www.w3.org/2000/svg"\n  width="24"\n  class="icon"\n>\n'
    '  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M4 11h16" />\n  <path d="M19 7l-14 1" />\n</svg>'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose node_modules holds one line per library."""
    modules = tmp_path / "node_modules"
    for package, inner in FILES.values():
        (modules / package / inner).parent.mkdir(parents=True, exist_ok=True)
        (modules / package / inner).write_text(f"/* {package} */")
        (modules / package / "package.json").write_text('{"name": "x", "version": "1.2.3", "license": "MIT"}')
    icons = modules / "@tabler" / "icons" / "icons" / "outline"
    icons.mkdir(parents=True)
    (modules / "@tabler" / "icons" / "package.json").write_text('{"version": "3.51.0", "license": "MIT"}')
    for name in ICONS:
        (icons / f"{name}.svg").write_text(ICON)
    return tmp_path


def test_manifest_names_every_file_with_its_version_and_licence(root: Path) -> None:
    """What is served can be traced to a package."""
    manifest = json.loads(build(root).read_text())

    served = {path.name for path in (root / "static" / "vendor").iterdir()} - {"manifest.json"}
    assert set(manifest) == served == {*FILES, "icons.svg"}
    assert manifest["htmx.min.js"]["version"] == "1.2.3"
    assert manifest["icons.svg"]["licence"] == "MIT"


def test_sprite_is_one_document_with_a_symbol_for_each_icon(root: Path) -> None:
    """Without the invisible square that Tabler draws first."""
    text = sprite(root / "node_modules/@tabler/icons/icons/outline", ("soup", "old"))

    document = ET.fromstring(text)  # noqa: S314 - made two lines above
    assert [symbol.get("id") for symbol in document] == ["soup", "old"]
    assert [len(symbol) for symbol in document] == [2, 2]


def test_missing_library_leaves_the_old_folder_as_it_was(root: Path) -> None:
    """Half an update would be worse than none."""
    build(root)
    (root / "node_modules/htmx.org/dist/htmx.min.js").unlink()

    with pytest.raises(MissingLibrary, match=r"htmx\.min\.js"):
        build(root)

    assert (root / "static/vendor/htmx.min.js").is_file()


def test_missing_icon_is_named(root: Path) -> None:
    """The message is enough to mend the list."""
    with pytest.raises(MissingLibrary, match="no icon 'unicorn'"):
        sprite(root / "node_modules/@tabler/icons/icons/outline", ("unicorn",))


def test_command_fails_with_one_line_where_nothing_is_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make` then says what to do and goes on."""
    exit_code = main([str(tmp_path)])

    assert exit_code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_icon_names_are_listed_once_and_in_order() -> None:
    """So that two people adding one do not collide unseen."""
    assert list(ICONS) == sorted(set(ICONS))
