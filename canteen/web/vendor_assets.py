"""The browser libraries the pages load, copied from node_modules/ to static/vendor/ (which is never committed).

Run as `python -m canteen.web.vendor_assets [repository root]`, after `npm ci`; `make` does both.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import msgspec

FILES: dict[str, tuple[str, str]] = {
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "sse.min.js": ("htmx-ext-sse", "dist/sse.min.js"),
    "swagger-ui-bundle.js": ("swagger-ui-dist", "swagger-ui-bundle.js"),
    "swagger-ui-standalone-preset.js": ("swagger-ui-dist", "swagger-ui-standalone-preset.js"),
    "swagger-ui.css": ("swagger-ui-dist", "swagger-ui.css"),
}
"""Name under static/vendor/ → npm package and the file inside it."""

ICONS: tuple[str, ...] = tuple(
    """
    accessible alert-circle alert-triangle armchair arrow-back-up arrow-down arrow-left arrow-right arrow-up backspace
    ban barcode basket bell bell-ringing book book-2 books bowl bowl-chopsticks bowl-spoon bread building
    building-bank building-community building-store calendar calendar-event calendar-month calendar-off calendar-week
    cash cash-banknote cash-off certificate chart-bar check checklist chef-hat chevron-down chevron-left chevron-right
    chevron-up circle-check circle-dashed circle-x clipboard-check clipboard-list clock clock-hour-4 clock-pause
    coffee coin coins copy credit-card credit-card-off cup database device-desktop device-mobile device-tablet
    discount door-enter door-exit dots download ear edit egg equal external-link eye eye-off file-check
    file-description file-export file-spreadsheet file-text filter fish flame folder folders friends gavel gift
    hand-finger hand-stop heart heart-handshake help help-circle history home home-2 home-heart hourglass id
    id-badge-2 id-off info-circle key keyboard language layout-dashboard leaf link list list-check list-details
    loader-2 lock lock-open login logout map-pin meat menu-2 milk minus mood-smile moon moon-stars nfc note notebook
    nurse nut old package paper-bag pencil phone phone-call pig-money player-pause player-play plus printer qrcode
    radio receipt receipt-2 receipt-refund refresh reload report report-analytics report-money rotate-clockwise salad
    salt scale scan search send settings shield-check shield-lock shopping-bag shopping-cart soup star stethoscope sum
    sun sunrise sunset switch-horizontal tag temperature text-size ticket toggle-left tools-kitchen-2 trash trolley
    truck-delivery upload user user-check user-circle user-heart user-off user-plus user-search users users-group
    volume volume-off walk wallet wheat wheelchair wifi wifi-off x zoom-in
    """.split()
)
"""Tabler outline icons in the sprite; on a page: `<svg><use href="/static/vendor/icons.svg#soup"/></svg>`."""

_ICON_PACKAGE = "@tabler/icons"
_SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BACKDROP = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')
_SYMBOL_ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"'
)


class MissingLibrary(Exception):
    """node_modules/ lacks a file that the pages need; `npm ci` has not run or the pinned version changed its layout."""


class _Package(msgspec.Struct):
    version: str
    license: str = "0BSD"
    """htmx-ext-sse leaves the field out; its LICENSE file is the 0BSD text, as htmx's own."""


def sprite(icons_folder: Path, names: tuple[str, ...] = ICONS) -> str:
    """One SVG document with a `<symbol id="name">` for each icon.

    Raises: MissingLibrary, naming the first icon that the folder does not hold.
    """
    symbols = []
    for name in names:
        source = icons_folder / f"{name}.svg"
        if not source.is_file():
            raise MissingLibrary(f"no icon {name!r} in {icons_folder}")
        body = _SVG_BODY.search(source.read_text(encoding="utf-8"))
        if body is None:
            raise MissingLibrary(f"{source} is not an SVG")
        shapes = " ".join(_BACKDROP.sub("", body[1]).split()).replace("> <", "><")
        symbols.append(f'<symbol id="{name}" {_SYMBOL_ATTRIBUTES}>{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def build(root: Path) -> Path:
    """Fill `root`/static/vendor/ from `root`/node_modules/; returns the manifest, which says what is there.

    Builds beside the old folder and swaps, so that a page being served never sees half of it.

    Raises: MissingLibrary.
    """
    modules = root / "node_modules"
    vendor = root / "static" / "vendor"
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    packages: dict[str, _Package] = {}
    sources: dict[str, str] = {}
    for name, (package, inner) in FILES.items():
        source = modules / package / inner
        if not source.is_file():
            raise MissingLibrary(f"no {source.relative_to(root)}")
        shutil.copyfile(source, fresh / name)
        sources[name] = package
    (fresh / "icons.svg").write_text(sprite(modules / _ICON_PACKAGE / "icons" / "outline"), encoding="utf-8")
    sources["icons.svg"] = _ICON_PACKAGE
    for package in sorted(set(sources.values())):
        packages[package] = msgspec.json.decode((modules / package / "package.json").read_bytes(), type=_Package)
    entries = {
        name: {
            "package": package,
            "version": packages[package].version,
            "licence": packages[package].license,
            "bytes": (fresh / name).stat().st_size,
            "sha256": hashlib.sha256((fresh / name).read_bytes()).hexdigest(),
        }
        for name, package in sorted(sources.items())
    }
    (fresh / "manifest.json").write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return vendor / "manifest.json"


def main(arguments: list[str]) -> int:
    """Exit code 1 and the missing file on stderr when a library is not installed."""
    root = Path(arguments[0]) if arguments else Path.cwd()
    try:
        manifest = build(root.resolve())
    except MissingLibrary as missing:
        sys.stderr.write(f"browser libraries: {missing}; run `npm ci`\n")
        return 1
    sys.stdout.write(f"browser libraries: {manifest.parent} ({len(FILES) + 1} files, {len(ICONS)} icons)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
