"""Pairing devices, demo devices at sight, taking devices away."""

import re
from datetime import UTC, datetime

from sqlmodel import Session, update

from canteen.db.database import Database
from canteen.sites.models import Device
from tests.canteen.web.conftest import Browser, Open

_CODE = re.compile(r"(\d{4} \d{4})")


def _open_code(browser: Browser, canteen: str = "longcheng") -> str:
    browser.sign_in("longcheng-manager")
    shown = _CODE.search(browser.post("/devices", {"canteen": canteen, "kind": "kiosk", "name": "门口"}).text)
    assert shown is not None
    return shown[1]


def _codes_are_old(session: Session) -> None:
    session.execute(update(Device).values(pairing_until=datetime(2020, 1, 1, tzinfo=UTC)))


def test_code_pairs_a_browser_once(browser: Browser, open_browser: Open) -> None:
    code = _open_code(browser)
    kiosk = open_browser(demo=False)

    first = kiosk.post("/pair", {"code": code})
    again = open_browser(demo=False).post("/pair", {"code": code})

    assert (first.status_code, first.headers["location"]) == (303, "/kiosk/longcheng")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert again.status_code == 403


def test_code_is_too_old_after_ten_minutes(browser: Browser, database: Database) -> None:
    code = _open_code(browser)
    database.write_sync(_codes_are_old)

    assert browser.post("/pair", {"code": code}).status_code == 403


def test_manager_opens_codes_for_their_own_canteen_only(browser: Browser) -> None:
    browser.sign_in("longcheng-manager")

    answer = browser.post("/devices", {"canteen": "shuiyun", "kind": "kiosk"})

    assert answer.status_code == 403
    assert "管理范围" in answer.text


def test_staff_do_not_look_after_devices(browser: Browser) -> None:
    browser.sign_in("longcheng-staff")

    assert browser.get("/devices").status_code == 403


def test_device_of_another_canteen_is_answered_like_an_unknown_one(browser: Browser) -> None:
    browser.sign_in("longcheng-manager")
    browser.post("/devices", {"canteen": "longcheng", "kind": "kiosk"})
    device = re.search(r"/devices/(\w+)/revoke", browser.get("/devices").text)
    assert device is not None
    browser.sign_in("shuiyun-manager")

    other = browser.post(f"/devices/{device[1]}/revoke")
    unknown = browser.post("/devices/nothing/revoke")

    assert (other.status_code, unknown.status_code) == (404, 404)
    assert "没有这台设备" in other.text
