"""Every refusal has a status and two sentences in two languages; every crash is told without details."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

import canteen
import menus
import subsidies
from canteen.web.errors import answer_http, answer_other, problem_of
from canteen.web.language import LANGUAGES, Language, has_sentence
from canteen.web.problems import told
from canteen.web.security import WebRefusal
from canteen.web.statuses import STATUS
from tests.canteen.web.conftest import Browser

BASES = ["MenuError", "SubsidyError", "OrderError", "PeopleError", "PaymentError", "PickupError", "SiteError"]


def _domain_errors() -> dict[str, type[Exception]]:
    """Every refusal class of menus, subsidies and canteen by its code."""
    for package in (menus, subsidies, canteen):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rsplit(".", 1)[-1] not in {"env"} and "versions" not in module.name:
                importlib.import_module(module.name)
    found: dict[str, type[Exception]] = {}

    def walk(kind: type[Exception]) -> Iterator[type[Exception]]:
        for sub in kind.__subclasses__():
            yield sub
            yield from walk(sub)

    for kind in walk(Exception):
        code = getattr(kind, "code", None)
        if kind.__module__.split(".")[0] in {"canteen", "menus", "subsidies"} and isinstance(code, str):
            found[code] = kind
    return found


ERRORS = _domain_errors()


def test_the_walk_finds_refusals_of_every_part() -> None:
    assert {code.split(".")[0] for code in ERRORS} >= {"menus", "subsidies", "people", "sites", "orders", "web"}
    assert len(ERRORS) > 40


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_refusal_has_a_status(code: str) -> None:
    listed = issubclass(ERRORS[code], WebRefusal) or code in STATUS

    assert listed
    assert 400 <= STATUS.get(code, 400) < 500


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted({*ERRORS, *STATUS}))
def test_every_refusal_says_what_happened_and_what_to_do(code: str, language: Language) -> None:
    assert has_sentence(language, f"errors.{code}.title")
    assert has_sentence(language, f"errors.{code}.next")


def test_statuses_of_codes_that_are_gone_are_removed() -> None:
    edge = {code for code in STATUS if code.startswith("web.")}

    assert set(STATUS) - edge - set(ERRORS) == set()


def test_sentence_names_what_the_refusal_carries() -> None:
    words = told("menus.sold-out", "zh", {"name": "锅包肉", "left": 1})

    assert words.happened == "锅包肉 卖完了"
    assert "1 份" in words.next


def test_sentence_without_its_facts_shows_a_gap_not_a_brace() -> None:
    assert "{" not in told("menus.sold-out", "en", {}).happened


def test_programs_get_problem_json_in_their_language(browser: Browser) -> None:
    answer = browser.client.get("/api/v1/no-such-thing", headers={"accept-language": "en-GB,en;q=0.9"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:nuancan:problem:web.not-found",
        "title": "There is no such page",
        "status": 404,
        "code": "web.not-found",
        "detail": "Check the address, or go back to the start.",
    }


def test_people_get_a_page_with_a_way_back(browser: Browser) -> None:
    answer = browser.get("/kiosk/longcheng/no-such-page")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert 'href="/kiosk/longcheng"' in answer.text


def test_wrong_method_is_told_with_what_is_allowed(browser: Browser) -> None:
    answer = browser.client.delete("/health")

    assert answer.status_code == 405
    assert answer.json()["code"] == "web.method"


def test_crash_is_told_without_details() -> None:
    @get("/api/crash")
    async def crash() -> None:
        raise RuntimeError("secret detail")

    app = Litestar(
        [crash],
        exception_handlers={Exception: answer_other},
        logging_config=None,
        openapi_config=None,
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/crash")

    assert answer.status_code == 500
    assert answer.json()["code"] == "web.broken"
    assert "secret" not in answer.text


def test_plain_exceptions_are_no_refusals() -> None:
    assert problem_of(ValueError("x")) is None
    assert answer_http is not answer_other


@pytest.mark.parametrize("path", ["/%ff%fe", "/kiosk/%00", "/?lang=%ff&large=%00", "/m/" + "x" * 3000])
def test_odd_addresses_never_crash(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code < 500
