"""`python -m tests.browser.shots docs/pictures [name …]`: takes the pictures of the documents on a fresh demo.

A picture is a name, a size and the steps that lead to it: add yours to `SHOTS`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from canteen.demo.accounts import DEMO_PASSWORD
from canteen.demo.phones import DEMO_PIN
from menus.service_days import LOCAL
from tests.support.chromium import launch
from tests.support.server import start_server

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
TABLET, DESK, PHONE = (1280, 800), (1440, 900), (390, 844)
CARD_82 = "6222000000000082"
LOADING_SECONDS = 240.0
"""A fresh demo makes two months of meals first."""


@dataclass(frozen=True, slots=True)
class Shot:
    """`take` leads a blank page of `size` to what is to be seen."""

    name: str
    size: tuple[int, int]
    take: Callable[[Page], None]


def _tap_card(page: Page, canteen: str = "longcheng") -> None:
    page.goto(f"/kiosk/{canteen}")
    page.locator("#card").evaluate("(field, number) => { field.value = number; field.form.requestSubmit(); }", CARD_82)
    page.wait_for_url("**/usual*")


def _kiosk_usual(page: Page) -> None:
    _tap_card(page)
    page.goto("/kiosk/longcheng/usual?large=0")


def _kiosk_menu(page: Page) -> None:
    _tap_card(page)
    page.goto("/kiosk/longcheng/menu?tab=meat&large=0")
    for tile in (0, 1):
        page.locator("button.tile").nth(tile).click()
        page.wait_for_load_state()


def _kiosk_done(page: Page) -> None:
    _tap_card(page, "shuiyun")
    page.locator(".kiosk-actions .button-primary").click()
    page.wait_for_url("**/done*")


def _sign_in(page: Page, username: str, to: str) -> None:
    page.goto(f"/signin?next={to}")
    page.fill("#username", username)
    page.fill("#password", DEMO_PASSWORD)
    page.click("main form:has(#username) button")
    page.wait_for_load_state()
    page.goto(to)


def _window(page: Page) -> None:
    _sign_in(page, "longcheng-staff", "/staff")


def _board(page: Page) -> None:
    _sign_in(page, "longcheng-staff", "/staff/board")


def _counter(page: Page) -> None:
    _sign_in(page, "shuiyun-staff", "/staff/counter")
    for tile in (0, 5):
        page.locator(".touch-tile").nth(tile).click()
        page.wait_for_load_state()


def _handover(page: Page) -> None:
    """A paid meal that waits; the picture is taken before its three seconds are over."""
    _sign_in(page, "longcheng-staff", "/staff/list")
    paid = page.locator("tbody tr", has_text="☐").filter(has_text="付过了").first
    number = paid.locator("th").inner_text()
    page.goto("/staff/handover")
    page.fill("#text", number)
    page.press("#text", "Enter")
    page.wait_for_selector(".result-ok")


def _residents(page: Page) -> None:
    _sign_in(page, "officer", "/office/residents")


def _office(page: Page) -> None:
    _sign_in(page, "officer", "/office")


def _resident(page: Page) -> None:
    _sign_in(page, "officer", f"/office/residents?q={CARD_82}")
    page.click("tbody th a")
    page.wait_for_load_state()


def _spend(page: Page) -> None:
    _sign_in(page, "officer", "/office/spend")


def _month(page: Page) -> None:
    _sign_in(page, "officer", "/office/months")


def _trace(page: Page) -> None:
    """The latest lunch in the books."""
    _sign_in(page, "auditor", f"/office/months/{datetime.now(LOCAL):%Y-%m}/longcheng")
    page.click("tbody th a")
    page.wait_for_url("**?day=*")
    page.click("tbody th a")
    page.wait_for_url("**/orders/*")


def _phone_menu(page: Page) -> None:
    page.goto("/m/longcheng")


def _phone_today(page: Page) -> None:
    page.goto("/m/longcheng/signin")
    page.fill("#number", CARD_82)
    page.fill("#pin", DEMO_PIN)
    page.locator("main form:has(#pin) button").last.click()
    page.wait_for_load_state()


def _week(page: Page) -> None:
    _sign_in(page, "longcheng-manager", "/staff/week")


def _enrol(page: Page) -> None:
    _sign_in(page, "longcheng-staff", "/staff/people/enrol")


SHOTS = (
    Shot("kiosk-usual", PORTRAIT, _kiosk_usual),
    Shot("kiosk-menu", LANDSCAPE, _kiosk_menu),
    Shot("kiosk-done", PORTRAIT, _kiosk_done),
    Shot("phone-menu", PHONE, _phone_menu),
    Shot("phone-today", PHONE, _phone_today),
    Shot("week", TABLET, _week),
    Shot("enrol", TABLET, _enrol),
    Shot("window", TABLET, _window),
    Shot("board", TABLET, _board),
    Shot("counter", TABLET, _counter),
    Shot("handover", TABLET, _handover),
    Shot("residents", DESK, _residents),
    Shot("month", DESK, _month),
    Shot("office", DESK, _office),
    Shot("resident", DESK, _resident),
    Shot("spend", DESK, _spend),
    Shot("trace", DESK, _trace),
)


def take(shots: tuple[Shot, ...], url: str, folder: Path) -> None:
    """Every shot in a browser context of its own, on the server at `url`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in shots:
            width, height = shot.size
            context = browser.new_context(
                base_url=url,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": width, "height": height},
                reduced_motion="reduce",
            )
            page = context.new_page()
            shot.take(page)
            page.wait_for_timeout(500)  # live parts have come in, fonts are there
            page.screenshot(path=folder / f"{shot.name}.png")
            context.close()
            sys.stdout.write(f"{folder / shot.name}.png\n")
        browser.close()


def main(arguments: list[str]) -> int:
    """Exit code 2 when a name is unknown."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/pictures"))
    parser.add_argument("names", nargs="*", help=", ".join(shot.name for shot in SHOTS))
    parser.add_argument("--url", help="a demo that runs already, instead of a fresh one")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - {shot.name for shot in SHOTS}:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    shots = tuple(shot for shot in SHOTS if not chosen.names or shot.name in chosen.names)
    if chosen.url:
        take(shots, chosen.url, chosen.folder)
        return 0
    with tempfile.TemporaryDirectory() as data_dir:
        server = start_server(Path(data_dir), command=("demo",), ready_seconds=LOADING_SECONDS)
        try:
            take(shots, server.url, chosen.folder)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
