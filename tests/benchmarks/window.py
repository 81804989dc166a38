"""Thirty people at the window at 11:20, in a real browser: `python -m tests.benchmarks.window`.

A card reader types (real key events), staff answer what is asked with one press. Printed: seconds a person from the keydown of
the first digit until the page is ready for the next card: their answer is told, the card field is empty and has the focus.
The server runs in a process of its own, the browser in others.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlmodel import Session

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from canteen.usecases.top_up_wallet import top_up_wallet
from menus.models import MenuItem
from tests.canteen.building import collected_meal
from tests.support.chromium import launch
from tests.support.server import serving
from tests.support.world import ACTOR, CARDS, World, build_world

CANTEEN = "shuiyun"
"""Open to everybody: a guest is among them."""
MOST_S = 3.0
_MARK = "window.__stays = (window.__stays ?? 0) + 1"
_FIRST_KEY = """() => {
  window.__first = undefined;
  window.addEventListener("keydown", (event) => { window.__first ??= event.timeStamp; }, {capture: true, once: true});
}"""
_READY = """() => {
  const first = document.querySelector(".queue > li");
  const field = document.querySelector("#text");
  return Boolean(first) && !["wait", "sent", "kept"].includes(first.dataset.state)
    && document.activeElement === field && field.value === "";
}"""
_STATE = """() => {
  const first = document.querySelector(".queue > li");
  return [first.dataset.state, first.textContent];
}"""
_PAINTED = """() => new Promise((done) => requestAnimationFrame(() => done(performance.now() - window.__first)))"""


@dataclass(frozen=True)
class Person:
    """What is read or typed, what staff press then (CSS), and the state the queue must show in the end."""

    kind: str
    read: str
    presses: tuple[str, ...] = ()
    ends: str = "ok"
    says: str = ""
    twice: bool = False


@dataclass(frozen=True)
class Served:
    """One person done: seconds, and what the queue said."""

    person: Person
    seconds: float
    state: str
    said: str


CASH = "button[name=method][value=cash]"
LATER = ".later summary"
NO_CASH = ".later label:has(input[value=no-cash])"
NOTE_IT = ".later button[name=method][value=later]"
FOUND = ".found form button"
ANOTHER = ".set-choices .set-choice"
GUEST = "button[name=choose][value=guest]"
CHOOSE = ".ask button[name=choose]"


def prepare(world: World, people: int = 30) -> list[Person]:
    """Elders with and without stored value, orders that wait, a sold-out favourite; returns the queue, mixed."""
    elders = world.add_elders(people)
    cards = world.elder_cards()
    world.stock(people + 100)
    for resident in elders[:12]:
        world.database.write_sync(top_up_wallet, resident, CANTEEN, fen=10_000, now=world.now, actor=ACTOR)
    _like(world, elders[11], "seafood")
    world.database.write_sync(
        set_sold_out, OnSale(CANTEEN, world.items[CANTEEN]["seafood"], sold_out=True), now=world.now, actor=ACTOR
    )
    waiting = world.place("elder75", "light", CANTEEN, method="wallet")
    owes = world.place("lapsed67", "light", CANTEEN, method="cash")
    world.place("allergic", "soft", CANTEEN, method="cash", clashes_seen=True)
    add_demo_accounts(world.database, datetime.now(UTC))
    wallets = [Person("wallet", card) for card in cards[:11]]
    cash = [Person("cash", card, (CASH,), says="") for card in cards[12:17]]
    others = [
        Person("no such card", "6222999999999999", ends="error"),
        Person("reader held too long", cards[17], (CASH,), twice=True),
        Person("pays later", cards[18], (LATER, NO_CASH, NOTE_IT)),
        Person("usual sold out", cards[11], ("button[name=method][value=wallet]",)),
        Person("paid ahead, by card", CARDS["elder75"], says=waiting.pickup_number),
        Person("ordered, owes cash, by number", owes.pickup_number, (CASH,), says=owes.pickup_number),
        Person("collected already", CARDS["elder75"], ends="error"),
        Person("lost card, is the owner", CARDS["lost"], (CASH,)),
        Person("no card, by name", "王福顺", (FOUND,)),
        Person("no card, by pinyin", "zyl", (FOUND,)),
        Person("allergy in the order", CARDS["allergic"], (CASH,)),
        Person("wants another set", cards[19], (CHOOSE, ANOTHER, CASH)),
        Person("guest", "", (GUEST, ANOTHER)),
        Person("pays later, second", cards[20], (LATER, NO_CASH, NOTE_IT)),
    ]
    queue: list[Person] = []
    plain = [*wallets, *cash]
    for place in range(max(len(plain), len(others))):
        queue += plain[place : place + 1] + others[place : place + 1]
    return queue


def _like(world: World, resident: str, key: str) -> None:
    """Three meals eaten of one kind of set meal: a habit."""
    world.database.write_sync(_eaten, world, resident, key)


def _eaten(session: Session, world: World, resident: str, key: str) -> None:
    item = session.get(MenuItem, world.items[CANTEEN][key])
    assert item is not None
    assert item.id is not None
    for days in range(1, 4):
        collected_meal(
            session,
            resident,
            item.menu_id,
            item.id,
            item.set_meal_id,
            day=world.day - timedelta(days=days),
            number=90 + days,
        )


def open_window(page: Page) -> Callable[[], bool]:
    """Sign in at the window; returns whether the page has stayed ever since."""
    page.goto("/signin?next=/staff")
    page.fill("#username", f"{CANTEEN}-staff")
    page.fill("#password", DEMO_PASSWORD)
    page.click("main form:has(#username) button")
    page.wait_for_selector("x-queue:defined .queue", state="attached")
    page.evaluate(_MARK)
    gone: list[str] = []
    page.on("framenavigated", lambda frame: gone.append(frame.url))
    return lambda: not gone and page.evaluate("window.__stays") == 1


def serve(page: Page, person: Person) -> Served:
    """One person, from the first key to the page being ready for the next."""
    page.evaluate(_FIRST_KEY)
    if not person.read:  # nobody types for a guest: their first key is the press
        page.evaluate("window.__first = performance.now()")
    elif person.read.isascii():
        page.keyboard.type(person.read)
        page.keyboard.press("Enter")
        if person.twice:
            page.keyboard.type(person.read)
            page.keyboard.press("Enter")
    else:
        page.evaluate("window.__first = performance.now()")
        page.keyboard.insert_text(person.read)
        page.keyboard.press("Enter")
    for press in person.presses:
        page.locator(press).first.click()
    # what staff pressed last is answered when the queue says so
    page.wait_for_function(_READY, polling="raf")
    seconds = page.evaluate(_PAINTED) / 1000
    state, said = page.evaluate(_STATE)
    return Served(person, seconds, state, said)


def run(page: Page, queue: Sequence[Person]) -> list[Served]:
    """Everybody, one after the other."""
    return [serve(page, person) for person in queue]


def report(served: Sequence[Served]) -> str:
    """The figures in one line."""
    seconds = sorted(one.seconds for one in served)
    p99 = statistics.quantiles(seconds, n=100, method="inclusive")[98]
    return (
        f"{len(served)} people: p50 {statistics.median(seconds):.2f} s, p99 {p99:.2f} s, max {seconds[-1]:.2f} s,"
        f" {sum(one.state != one.person.ends for one in served)} ended otherwise"
    )


def main(arguments: list[str]) -> None:
    """Prints each person and the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how many queues of thirty")
    chosen = parser.parse_args(arguments)
    everybody: list[Served] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(chosen.rounds):
            with tempfile.TemporaryDirectory(prefix="nuancan-window-") as name:
                folder = Path(name)
                world = build_world(f"sqlite:///{folder / 'world.sqlite3'}", folder)
                queue = prepare(world)
                world.database.close()
                with serving(folder / "server", environment=world.environment()) as server:
                    page = browser.new_page(
                        base_url=server.url, locale="zh-CN", viewport={"width": 1280, "height": 800}
                    )
                    stayed = open_window(page)
                    began = time.monotonic()
                    served = run(page, queue)
                    whole = time.monotonic() - began
                    for one in served:
                        print(f"{one.seconds:6.2f} s  {one.state:<6} {one.person.kind:<30} {one.said}")
                    print(report(served), f"whole queue {whole:.1f} s, page stayed: {stayed()}", flush=True)
                    everybody += served
                    page.close()
        browser.close()
    if chosen.rounds > 1:
        print(report(everybody))


if __name__ == "__main__":
    main(sys.argv[1:])
