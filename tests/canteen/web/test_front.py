"""The front page, health, the interface document, the demo clock."""

from datetime import datetime

from menus.service_days import LOCAL
from tests.canteen.web.conftest import Browser, Open


def _now(browser: Browser) -> datetime:
    return datetime.fromisoformat(browser.client.get("/health").json()["now"]).astimezone(LOCAL)


def test_front_page_leads_each_kind_of_user_on(browser: Browser) -> None:
    page = browser.get("/").text

    for address in ["/kiosk/longcheng", "/kiosk/shuiyun", "/m/longcheng", "/staff", "/office", "/schema"]:
        assert f'href="{address}"' in page


def test_health_tells_the_business_clock(browser: Browser) -> None:
    answer = browser.client.get("/health").json()

    assert answer["status"] == "ok"
    assert answer["database"] == "sqlite"
    assert answer["demo"] is True
    assert answer["business_day"] == _now(browser).date().isoformat()


def test_demo_clock_starts_at_ten_to_eleven(browser: Browser) -> None:
    now = _now(browser)

    assert (now.hour, now.minute) == (10, 50)


def test_bar_moves_the_demo_clock_forward_only(browser: Browser) -> None:
    before = _now(browser)

    browser.post("/demo/clock", {"move": "plus10"})
    ten_later = _now(browser)
    browser.post("/demo/clock", {"move": "meal_end"})
    meal_end = _now(browser)
    browser.post("/demo/clock", {"move": "next_month"})
    next_month = _now(browser)

    assert 600 <= (ten_later - before).total_seconds() < 660
    assert (meal_end.hour, meal_end.minute) == (13, 0)
    assert (next_month.day, next_month.hour) == (2, 10)


def test_demo_clock_does_not_exist_outside_demo_mode(open_browser: Open) -> None:
    browser = open_browser(demo=False)

    assert browser.post("/demo/clock", {"move": "plus10"}).status_code == 404


def test_document_is_openapi_31_and_holds_the_interface_only(browser: Browser) -> None:
    document = browser.client.get("/schema/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in document.get("paths", {}))
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_document_page_loads_nothing_from_elsewhere(browser: Browser) -> None:
    page = browser.get("/schema").text

    assert "http://" not in page
    assert "https://" not in page
    assert 'href="/schema/openapi.json"' in page
