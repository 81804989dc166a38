"""The layout probe: what axe does not see. `probe(page, "kiosk") == []` for every page at every size it is made for."""

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

Profile = Literal["kiosk", "touch", "board", "display", "phone", "public", "desk"]
_SCRIPT = Path(__file__).with_name("probe.js")
_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}))
  .violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`)"""


@dataclass(frozen=True, slots=True)
class Least:
    """Least sizes in CSS px; `still`: the whole page must fit the window, nothing scrolls."""

    text: int
    target: int
    gap: int
    picture: int
    still: bool


LEAST: dict[Profile, Least] = {
    "kiosk": Least(text=32, target=112, gap=24, picture=120, still=True),
    "touch": Least(text=18, target=60, gap=8, picture=60, still=False),
    "board": Least(text=18, target=60, gap=8, picture=60, still=True),
    "display": Least(text=32, target=60, gap=8, picture=60, still=True),
    "phone": Least(text=18, target=60, gap=8, picture=100, still=False),
    "public": Least(text=18, target=40, gap=8, picture=40, still=False),
    "desk": Least(text=14, target=24, gap=2, picture=40, still=False),
}
"""Kiosk sizes hold at 1080 px of the shorter side; the page grows with the panel."""


def probe(page: Page, profile: Profile) -> list[str]:
    """What is clipped, covered, small, close or squeezed on the page as it stands, in words; empty when all is well."""
    found: list[str] = page.evaluate(_SCRIPT.read_text(encoding="utf-8"), asdict(LEAST[profile]))
    return found


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


def axe_is_installed() -> bool:
    """Whether `npm` has fetched axe-core."""
    return _AXE.exists()


def axe(page: Page) -> list[str]:
    """Violations of WCAG 2.2 AA that axe-core finds, each with the elements. Evaluated, not injected: the CSP stays on."""
    page.evaluate(_axe() + ";0")
    found: list[str] = page.evaluate(_RUN_AXE)
    return found
