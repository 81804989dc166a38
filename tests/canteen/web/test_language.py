"""Catalogues of both languages hold the same keys and the same blanks, and pages use no key that is not there."""

import re
from pathlib import Path
from string import Formatter

import pytest

from canteen.web.language import FOLDER, LANGUAGES, DuplicateKey, Language, catalogue, read_catalogues, sentence
from canteen.web.templates import TEMPLATES
from tests.canteen.web.conftest import Browser

_USED = re.compile(r"""\bt\(\s*(['"])([a-z0-9_.-]+)\1\s*[,)]""")


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_hold_the_same_keys() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_both_languages_leave_the_same_blanks() -> None:
    zh, en = catalogue("zh"), catalogue("en")

    different = {key for key in zh if key in en and _blanks(zh[key]) != _blanks(en[key])}

    assert different == set()


def test_every_key_a_template_names_exists() -> None:
    used = {
        match[2]
        for template in TEMPLATES.rglob("*.j2")
        for match in _USED.finditer(template.read_text(encoding="utf-8"))
    }

    assert len(used) > 50
    assert used - set(catalogue("zh")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty(language: Language) -> None:
    assert [key for key, text in catalogue(language).items() if not text.strip()] == []


def test_key_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zh.toml").write_text('"x.y" = "1"')
    (tmp_path / "b.zh.toml").write_text('x.y = "2"')

    with pytest.raises(DuplicateKey):
        read_catalogues(tmp_path, "zh")


def test_unknown_key_shows_itself() -> None:
    assert sentence("zh", "no.such-key") == "no.such-key"


def test_folder_is_read_whole() -> None:
    assert {file.name for file in FOLDER.glob("*.toml")} >= {"web.zh.toml", "errors.en.toml"}


def test_pages_are_chinese_unless_asked(browser: Browser) -> None:
    assert 'lang="zh-CN"' in browser.get("/", **{"accept-language": "en"}).text
    assert 'lang="en"' in browser.get("/?lang=en").text


def test_language_switch_lasts_for_the_browser_session(browser: Browser) -> None:
    browser.post("/language", {"lang": "en", "back": "/"})

    assert 'lang="en"' in browser.get("/").text


def test_unknown_language_changes_nothing(browser: Browser) -> None:
    assert browser.post("/language", {"lang": "xx"}).status_code == 303
    assert 'lang="zh-CN"' in browser.get("/").text


@pytest.mark.parametrize(
    "here, back",
    [
        ("/signin?next=%2Fstaff", "/signin?next=%2Fstaff"),
        ("/?a=1&lang=en&b=%E9%A5%AD", "/?a=1&amp;b=%E9%A5%AD"),
        ("/?lang=en", "/"),
        ("/?a=%22%3E%3Cb%3E", "/?a=%22%3E%3Cb%3E"),
    ],
)
def test_language_switch_comes_back_to_the_same_page_with_its_query(browser: Browser, here: str, back: str) -> None:
    """All but `lang`, which would undo the switch."""
    assert f'name="back" value="{back}"' in browser.get(here).text


def test_language_switch_leads_nowhere_else(browser: Browser) -> None:
    for away in ("//elsewhere.example/?a=1", "https://elsewhere.example", "/\\elsewhere.example"):
        assert browser.post("/language", {"lang": "en", "back": away}).headers["location"] == "/"
    assert browser.post("/language", {"lang": "en", "back": "/?a=1"}).headers["location"] == "/?a=1"
