"""Applying in a real Chromium: laid out well at every step, and a large photo is made smaller before it is sent."""

from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.phone import PIN, give_pin
from tests.support.world import CARDS, World

pytestmark = pytest.mark.browser
HOME = "/m/longcheng"
LOOKS = [
    ((375, 812), "zh"),
    pytest.param((320, 640), "zh", marks=pytest.mark.long),
    pytest.param((375, 812), "en", marks=pytest.mark.long),
]


def _faults(page: Page, profile: Literal["phone", "desk"]) -> list[str]:
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    found = probe(page, profile) + (axe(page) if axe_is_installed() else [])
    return [f"{page.url}: {what}" for what in found]


@pytest.mark.long
@pytest.mark.parametrize("phone, lang", LOOKS)
def test_an_application_from_the_phone_to_the_desk(
    open_page: OpenPage, world: World, tmp_path: Path, phone: tuple[int, int], lang: str
) -> None:
    """The pages that differ, with a photo of four million pixels; then the case as the community sees it."""
    give_pin(world, "elder82")
    paper = tmp_path / "paper.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(paper, "JPEG", quality=95)
    page = open_page(*phone)
    sent: list[int] = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    page.goto(f"{HOME}/signin?next=apply")
    page.context.add_cookies([{"name": "lang", "value": lang, "url": page.url}])
    page.fill("#number", CARDS["elder82"])
    page.fill("#pin", PIN)
    page.locator("#signin button").click()
    page.wait_for_url("**/apply")
    page.locator("a[href$='/apply/new']").click()
    faults = _faults(page, "phone")
    page.check("[value=low_income]")
    page.locator("main form button").first.click()
    for question in ("paper", "about", "phone"):
        page.wait_for_url(f"**/{question}")
        faults += _faults(page, "phone") if question == "about" else []
        page.fill(f"#{question}", "1234")
        page.locator("button[value=next]").click()
    page.wait_for_url("**/photos")
    page.set_input_files("#picked", paper)
    expect(page.locator("#picked")).to_have_value("C:\\fakepath\\photo.jpg")
    page.locator("button[value=add]").click()
    page.wait_for_selector("img.apply-photo")
    faults += _faults(page, "phone")
    page.locator("button[value=next]").click()
    page.wait_for_url("**/check")
    faults += _faults(page, "phone")
    page.check("[name=agreed]")
    page.locator("form[action$='/send'] button").click()
    page.wait_for_url("**?note=sent")
    faults += _faults(page, "phone")
    office = signed_in(open_page(1280, 800), world, "community", "/office/applications")
    office.goto(f"/office/applications?lang={lang}")
    faults += _faults(office, "desk")
    office.locator("tbody th a").first.click()
    office.wait_for_selector(".papers img")
    faults += _faults(office, "desk")

    assert not faults
    assert 0 < max(sent) < paper.stat().st_size / 2
