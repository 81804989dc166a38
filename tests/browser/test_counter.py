"""The counter and its money in a real browser: laid out well both ways up, and a day's work pressed through."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from canteen.payments.models import Payment
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from canteen.usecases.top_up_wallet import top_up_wallet
from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.missing import missing
from tests.support.world import ACTOR, CARDS, World

pytestmark = pytest.mark.browser
SIZES = [pytest.param(1280, 800, "zh", marks=pytest.mark.long), (800, 1280, "en")]
"""English is longer: it is tried where there is less room."""


def _faults(page: Page, where: str) -> list[str]:
    """What the probe and axe find, without the bar that moves the demo clock."""
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    if not axe_is_installed():
        missing("axe-core", "npm install")
    return [f"{where}: {fault}" for fault in probe(page, "touch") + axe(page)]


@pytest.mark.long
@pytest.mark.parametrize("width, height, language", SIZES)
def test_every_page_of_the_counter_is_laid_out_well(
    open_page: OpenPage, world: World, width: int, height: int, language: str
) -> None:
    who = world.people["elder82"]
    done = world.database.write_sync(top_up_wallet, who, "longcheng", fen=5_000, now=world.now, actor=ACTOR)
    world.place("elder75", "soft", method="wallet")
    world.place("lapsed67", "soft", method="cash")
    soft = world.items["longcheng"]["soft"]
    gone = OnSale("longcheng", soft, sold_out=True)
    world.database.write_sync(set_sold_out, gone, now=world.now, actor=ACTOR)
    page = signed_in(open_page(width, height), world, "longcheng-manager", "/staff")
    faults = []
    for path in (
        f"/staff/wallet?who={who}",
        f"/staff/receipt/{done.payment_id}?paper=58",
        f"/staff/receipt/{done.payment_id}?paper=a4",
        f"/staff/payments/{done.payment_id}/undo",
        "/staff/till",
        "/staff/dues",
        "/staff/phone?q=zyl",
        f"/staff/counter?who={who}&phone=1&usual=1",
        f"/staff/menu/{soft}/orders",
        "/staff/prices",
        "/staff/late",
    ):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        faults += _faults(page, path)

    assert faults == []


@pytest.mark.long
def test_a_morning_at_the_counter(open_page: OpenPage, world: World) -> None:
    """A telephone order, a dish that runs out and is replaced, a top-up with its receipt, taken back: all by pressing."""
    page = signed_in(open_page(1280, 800), world, "longcheng-staff", "/staff")
    page.goto("/staff/phone")
    page.fill("#q", "zyl")
    page.press("#q", "Enter")
    page.click("text=订餐 >> nth=-1")
    page.click("button[name=add] >> nth=1")
    page.click("button[name=step][value$=less] >> nth=0")
    page.click("button[name=do][value=phone]")
    expect(page.locator(".result-number")).to_have_text("A 01")
    page.goto("/staff/menu")
    page.click("tr:has-text('软烂两荤一素') >> text=改成卖完")
    page.click("text=提出换这个")
    page.goto("/staff")
    page.fill("#text", CARDS["elder82"])
    page.press("#text", "Enter")
    expect(page.locator(".ask-clash")).to_contain_text("软烂两荤一素 卖完了，换成 清淡套餐 行吗")
    assert _faults(page, "the question at the window") == []
    page.click("text=答应换")
    expect(page.locator(".result-ok")).to_contain_text("清淡套餐")
    expect(page.locator(".result-number")).to_have_text("A 01")

    page.goto(f"/staff/wallet?who={world.people['elder82']}")
    page.click("text=收 50 元")
    expect(page.locator(".banner-ok")).to_contain_text("充好了")
    page.click("text=打印收据")
    page.evaluate("window.print = () => {}")
    page.click("main button[type=submit]:has-text('打印')")
    page.wait_for_url("**copy=1**")
    expect(page.locator(".receipt")).to_contain_text("人民币伍拾元整")
    expect(page.locator(".receipt-copy")).to_have_count(0)
    page.reload()
    page.goto(page.url.split("?")[0])
    expect(page.locator(".receipt-copy")).to_have_text("补打")
    payment = world.database.read_sync(lambda s: s.exec(select(Payment.id).where(Payment.fen == 5_000)).one())
    page.goto(f"/staff/payments/{payment}/undo")
    page.click("text=收错了数")
    expect(page.locator(".till-table")).to_contain_text("已撤销")
