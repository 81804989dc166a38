"""Import and export in a real browser: laid out well, and a manager brings in dishes with a file and two presses."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import Profile, axe, axe_is_installed, probe
from tests.canteen.imports.files import csv_bytes, id_number, people
from tests.support.world import World

pytestmark = pytest.mark.browser

WRONG = csv_bytes([("菜名", "种类", "价格", "备注"), ("红烧豆腐新", "素", "贵", "x"), ("好菜", "晕", "12", "")])
GOOD = csv_bytes([("菜名", "种类", "价格", "饮食标签"), ("红烧豆腐新", "素", "6.5", "软烂、素食")])


def _faults(page: Page, profile: Profile, where: str) -> list[str]:
    page.evaluate("document.querySelector('.demo-clock')?.remove()")
    return [f"{where}: {fault}" for fault in probe(page, profile) + (axe(page) if axe_is_installed() else [])]


def _send(page: Page, data: bytes, name: str) -> None:
    page.set_input_files("#file", FilePayload(name=name, mimeType="text/csv", buffer=data))
    page.locator("main button.button-primary").click()
    page.wait_for_load_state()


@pytest.mark.long
@pytest.mark.parametrize("size, lang", [pytest.param((1280, 800), "zh", marks=pytest.mark.long), ((1024, 768), "en")])
def test_a_manager_brings_in_dishes(open_page: OpenPage, world: World, size: tuple[int, int], lang: str) -> None:
    """A wrong file is explained, the right one comes in; every page on the way is laid out well."""
    page = signed_in(open_page(*size), world, "longcheng-manager", "/staff/import")
    page.goto(f"/staff/import?lang={lang}")
    faults = _faults(page, "touch", "import")
    _send(page, WRONG, "菜.csv")
    faults += _faults(page, "touch", "wrong lines")
    expect(page.get_by_role("row").filter(has_text="C")).not_to_have_count(0)
    page.goto("/staff/import")
    _send(page, GOOD, "菜.csv")
    faults += _faults(page, "touch", "a good file")

    page.locator("main .import-yes button.button-primary").click()
    page.wait_for_load_state()

    expect(page.locator(".banner-ok")).to_be_visible()
    faults += _faults(page, "touch", "imported")
    page.goto("/staff/export")
    faults += _faults(page, "touch", "export")
    with page.expect_download() as download:
        page.locator("a[href^='/staff/export/dishes'][href$='xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert faults == []


@pytest.mark.long
@pytest.mark.parametrize("size, lang", [((1440, 900), "zh"), pytest.param((1280, 800), "en", marks=pytest.mark.long)])
def test_an_office_brings_in_residents(open_page: OpenPage, world: World, size: tuple[int, int], lang: str) -> None:
    """At a desk."""
    page = signed_in(open_page(*size), world, "officer", "/office/import")
    page.goto(f"/office/import?lang={lang}")
    faults = _faults(page, "desk", "import")
    _send(page, people(("张三丰", "1.1E+17", "", ""), ("李四", id_number(6), "43262481234", "")), "名单.csv")
    faults += _faults(page, "desk", "wrong lines")
    page.goto("/office/import")
    page.select_option("#home", "longcheng")
    _send(page, people(("张三丰", id_number(5), "19900000005", "22005")), "名单.csv")
    faults += _faults(page, "desk", "a good list")

    page.locator("main .import-yes button.button-primary").click()
    page.wait_for_load_state()

    expect(page.locator(".banner-ok")).to_be_visible()
    assert faults == []
