"""Headers, form tokens, origins, hosts, rates."""

import pytest

from tests.canteen.web.conftest import Browser, Open

PAGES = ["/", "/signin", "/pair", "/schema", "/no-such-page", "/kiosk/longcheng/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_a_strict_policy(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_nothing_inline_that_the_policy_would_block(browser: Browser, path: str) -> None:
    page = browser.get(path).text

    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_no_strict_transport_header_without_tls(browser: Browser, open_browser: Open) -> None:
    assert "strict-transport-security" not in browser.get("/").headers
    assert "strict-transport-security" in open_browser(secure_cookies=True).get("/").headers


def test_versioned_files_are_kept_for_ever_and_others_ten_minutes(browser: Browser) -> None:
    assert "immutable" in browser.get("/static/css/tokens.css?v=1").headers["cache-control"]
    assert browser.get("/static/css/tokens.css").headers["cache-control"] == "public, max-age=600"


@pytest.mark.parametrize(
    "path", ["/static/../canteen/settings.py", "/static/%2e%2e/pyproject.toml", "/static//etc/passwd"]
)
def test_static_files_stay_in_their_folder(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_form_without_token_changes_nothing(browser: Browser) -> None:
    answer = browser.client.post("/language", data={"lang": "en"}, headers={"accept": "text/html"})

    assert answer.status_code == 403
    assert "页面放得太久了" in answer.text


def test_form_token_of_another_browser_is_refused(browser: Browser, open_browser: Open) -> None:
    browser.get("/")
    other = open_browser()
    other.get("/")

    answer = browser.client.post("/language", data={"lang": "en", "_csrf_token": other.client.cookies["csrf"]})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_other_sites_cannot_post_here(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.post("/language", {"lang": "en"}, **headers)

    assert answer.status_code == 403
    assert "别的网站" in answer.text


def test_own_origin_may_post(browser: Browser) -> None:
    answer = browser.post("/language", {"lang": "en", "back": "/signin"}, origin="http://canteen.test")

    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


def test_only_listed_hosts_are_answered(open_browser: Open) -> None:
    browser = open_browser(allowed_hosts=("canteen.test",))

    assert browser.get("/").status_code == 200
    assert browser.get("/", host="canteen.test:8000").status_code == 200
    assert browser.get("/", host="evil.example").status_code == 400
    assert browser.get("/", host="canteen.test.evil.example").status_code == 400


def test_one_address_may_try_thirty_times_a_minute(open_browser: Open) -> None:
    browser = open_browser(demo=False)

    answers = [browser.post("/pair", {"code": "0"}).status_code for _ in range(31)]

    assert answers == [403] * 30 + [429]


def test_large_body_is_refused_with_413(browser: Browser) -> None:
    answer = browser.post("/language", {"lang": "x" * 1_200_000})

    assert answer.status_code == 413


LONE_SURROGATE = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")


@pytest.mark.parametrize("text", ["\x00", "😀", "𬭊䶮堃", "'; DROP TABLE account; --", LONE_SURROGATE])
def test_strange_user_names_are_plain_wrong(browser: Browser, text: str) -> None:
    assert browser.sign_in(text, text).status_code == 403
