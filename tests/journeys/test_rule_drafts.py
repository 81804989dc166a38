"""A rule set from its first word to its first meal, through HTTP: drafted by one officer, published by another."""

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from subsidies.rules.library import shipped_text
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.world import World

NEW = "/office/rules/drafts/new"


class Desk(OfficeBrowser):
    """One of the two officers, with a draft open."""

    draft = ""

    def start(self, **fields: str) -> Response:
        """Begin a draft; stays on its page."""
        answer = self.post("/office/rules/drafts", page=NEW, **fields)
        self.draft = answer.url.path
        return answer

    def change(self, part: str, n: int = 0, **fields: str | list[str]) -> Response:
        """Send the form of a part as it is shown, with these fields otherwise."""
        page = self.get(f"{self.draft}/edit/{part}?n={n}")
        return self.send(f"{self.draft}/edit/{part}", {**filled(page), "do": "save", **fields})

    def send(self, path: str, fields: dict[str, str | list[str]]) -> Response:
        """A form with its boxes."""
        return self.client.post(path, data=fields, headers={"accept": "text/html"}, follow_redirects=True)

    def step(self, name: str, **fields: str) -> Response:
        """Submit, withdraw, return or publish what the page shows."""
        revision = re.search(r'name="revision" value="(\d+)"', self.get(self.draft).text)
        return self.post(f"{self.draft}/{name}", revision=revision[1] if revision else "1", **fields)


def filled(page: Response) -> dict[str, str | list[str]]:
    """The fields of the form of a part as a browser would send them."""
    form = html.unescape(page.text[page.text.index('<form method="post" action="/office/rules/drafts') :])
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") != "checkbox":
            found[attributes["name"]] = attributes.get("value", "")
        elif " checked" in tag:
            found[attributes["name"]] = [*found.get(attributes["name"], []), attributes["value"]]
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else (re.findall(r'value="([^"]*)"', options) or [""])[0]
    found.pop("do", None)
    return found


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def lin(client: TestClient[Litestar], world: World) -> Desk:
    return Desk(client, world, "officer")


def second(lin: Desk, world: World) -> Desk:
    """The other officer, at the same draft."""
    with_cookies = TestClient(lin.client.app)
    shen = Desk(with_cookies, world, "officer-2")
    shen.draft = lin.draft
    return shen


def test_a_new_price_is_drafted_by_one_and_published_by_another(lin: Desk, world: World) -> None:
    """From the version in force: 6 yuan become 7, the examples with them; from the first of next month it decides."""
    started = lin.start(how="version", **{"from": "2"})
    assert "fengman-example@2" in words(started)
    assert "2026-12-01 起按它核定" in words(started)

    lin.change("rule", 3, title_zh="80–89岁7元一餐", amount="7")
    wrong = lin.get(lin.draft)
    assert "自付应为 6，算出 7" in words(wrong)
    assert f"{lin.draft}/submit" not in wrong.text
    lin.change("rule", 3, amount="6")
    lin.change("rule", 3, title_en="80–89: a meal for 6 yuan, as before")
    ready = lin.get(lin.draft)
    assert "检查通过" in words(ready)
    assert "80–89岁7元一餐" in words(ready)

    waiting = lin.step("submit")
    assert "等人审" in words(waiting)
    assert "换一个人" in words(lin.step("publish"))
    shen = second(lin, world)
    published = shen.step("publish")
    assert "已发布" in words(published)
    assert "未到日期" in words(published)
    listed = words(shen.get("/office/rules"))
    assert "fengman-example@2" in listed
    assert "2026-12-01" in listed
    assert "起草人 林科长（演示）" in words(published)


def test_what_is_returned_says_why(lin: Desk, world: World) -> None:
    lin.start(how="version", **{"from": "2"})
    lin.step("submit")
    shen = second(lin, world)

    assert "没有写退回的理由" in words(shen.step("return", reason=""))
    shen.step("return", reason="日期要和公告一致")
    again = lin.get(lin.draft)

    assert "日期要和公告一致" in words(again)
    assert f"{lin.draft}/edit/head" in links(again, lin.draft)
    assert "web.not-yours" in shen.client.get(f"{lin.draft}/edit/head", headers={"accept": "application/json"}).text


def test_a_set_is_written_from_nothing_with_the_form_alone(lin: Desk) -> None:
    """Title, dates, two bands, a counter, an example; what is unfinished is kept and said in words."""
    lin.start(how="blank", title="我区助餐（2027）", code="fengman-2027")
    lin.change("head", title_en="Our meals", source="区政府公告 2026-11-20", effective_from="2027-01-01")
    lin.change("counter", 0, name="meal", per="meal", limit="1")
    lin.change("rule", 0, title_zh="60–69岁减2元", age_to="69", amount="2", counters=["meal"])
    page = lin.change(
        "rule", 1, key="age-75", title_zh="75岁及以上六折", title_en="75 and over", age_from="75", kind="percent_off",
        amount="40", cap="6", meals=["lunch", "dinner"], **{"split-district": "60", "split-operator": "40"},
    )  # fmt: skip

    said = words(page)
    assert "70-74岁没有规则" in said
    assert "怎么改" in said
    lin.change("rule", 1, age_from="70")
    lin.change("example", 0, name="66岁，12元", age="66", self_pay="10")
    text = lin.change("example", 1, name="75岁，20元", date="2027-01-04", age="75", spend="20", self_pay="14")
    assert "自付应为" not in words(text)
    assert "减餐价的 40%；最多减 6 元" in words(text)
    assert "企业让利 40%；区级财政 60%" in words(text)


def test_checks_run_while_typing_and_keep_nothing(lin: Desk) -> None:
    """The piece of page a script asks for."""
    lin.start(how="version", **{"from": "2"})
    fields = filled(lin.get(f"{lin.draft}/edit/rule?n=3"))

    tried = lin.send(f"{lin.draft}/try/rule", {**fields, "amount": "7.5"})
    unfinished = lin.send(f"{lin.draft}/try/rule", {**fields, "amount": "7.555"})

    assert "自付应为 6，算出 7.5" in words(tried)
    assert "<html" not in tried.text
    assert "还没填完" in words(unfinished)
    assert "只付 6 元" in words(lin.get(lin.draft))


def test_what_the_form_cannot_show_stays(lin: Desk) -> None:
    """Comments, residence, rounding: every form sent as it is shown changes nothing but the version."""
    lin.start(how="version", **{"from": "2"})
    before = lin.get(lin.draft).text.partition('<pre class="document">')[2]

    for part, n in (("head", 0), ("limits", 0), ("counter", 1), ("rule", 0), ("rule", 2), ("rule", 5), ("rule", 7)):
        lin.change(part, n)

    after = lin.get(lin.draft).text.partition('<pre class="document">')[2]
    assert "# One helped meal per meal period" in after
    assert after == before


def upload(lin: Desk, text: str) -> Response:
    """Send a file as the page does."""
    token = re.search(r'name="_csrf_token" value="([0-9a-f]+)"', lin.get(NEW).text)
    assert token is not None
    return lin.client.post(
        "/office/rules/drafts",
        data={"_csrf_token": token[1], "how": "file"},
        files={"file": ("a.toml", text.encode(), "text/plain")},
        headers={"accept": "text/html"},
    )


def test_a_file_becomes_a_draft_in_words(lin: Desk) -> None:
    """Another city's notice: who, how much and who pays, in both languages."""
    answer = upload(lin, shipped_text("putuo-2025"))
    english = words(lin.client.get(f"{answer.url.path}?lang=en", headers={"accept": "text/html"}))

    assert "依次计算，后一条按前一条减后的价钱" in words(answer)
    assert "减 5 元" in words(answer)
    assert "one after the other, each on what the one before left" in english
    assert "5 yuan off" in english


def test_a_file_that_cannot_be_read_says_where(lin: Desk) -> None:
    answer = upload(lin, shipped_text("jilin-2024").replace("per = ", "par = "))

    assert answer.status_code == 422
    assert re.search(r"第 \d+ 行", words(answer))


def test_two_versions_are_compared_in_words(lin: Desk) -> None:
    page = words(lin.get("/office/rules/2?with=1"))

    assert "新增" in page
    assert "60–69岁九折" in page
    assert date(2024, 6, 13).isoformat() in page
