"""The week's menu and the pick-up display as they look: at every size nothing is cut off, too small or too close."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.missing import missing

PHONES = ((390, 844), (320, 640))
SCREENS = ((1920, 1080), (1080, 1920))


@pytest.mark.browser
@pytest.mark.parametrize("size", PHONES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_week_menu_fits_every_phone(look_at: OpenPage, size: tuple[int, int], language: str) -> None:
    """Single dishes unfolded too."""
    page = look_at(*size)
    page.goto(f"/m/shuiyun?lang={language}")
    page.locator("summary").first.click()

    assert probe(page, "phone") == []


@pytest.mark.browser
@pytest.mark.parametrize("size", SCREENS)
def test_display_fits_the_screen(look_at: OpenPage, size: tuple[int, int]) -> None:
    """Hours readable from three metres: nothing under 32 px, nothing scrolls."""
    page = look_at(*size)
    page.goto("/display/longcheng")

    assert probe(page, "display") == []


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/m/longcheng", "/display/longcheng"])
def test_axe_finds_nothing(look_at: OpenPage, address: str) -> None:
    """WCAG 2.2 AA."""
    if not axe_is_installed():
        missing("axe-core", "npm install")
    page = look_at(390, 844)
    page.goto(address)

    assert axe(page) == []


@pytest.mark.browser
def test_probe_finds_what_it_is_for(look_at: OpenPage) -> None:
    """A page with every fault: a probe that finds nothing anywhere would prove nothing."""
    page = look_at(1080, 1920)
    page.set_content(
        """<!doctype html><style>body{margin:0;font-size:40px}button{font-size:40px;height:120px;width:300px;margin:0}
        .cut{width:60px;overflow:hidden;white-space:nowrap}.small{font-size:20px}
        .under{position:absolute;top:400px;left:0}.over{position:absolute;top:390px;left:0;width:320px;height:160px;background:#fff}
        .tiny{position:absolute;top:700px;left:0;height:50px}.wide{position:absolute;top:900px;width:1400px;height:10px}</style>
        <p class="cut">12.50 元一份</p><p class="small">小字</p><button>甲</button><button>乙</button>
        <button class="under">盖住</button><div class="over"></div><button class="tiny">小</button><div class="wide"></div>
        <div style="position:absolute;top:1100px;left:0;width:300px;height:60px;background:#eee">一<br>二<br>三</div>
        <svg class="dish" width="100" height="20"></svg>"""
    )

    found = "\n".join(probe(page, "kiosk"))

    for fault in (
        "clipped text",
        "spilled text",
        "small text",
        "close targets",
        "covered control",
        "small target",
        "squeezed picture",
        "sideways scroll",
    ):
        assert fault in found, found
