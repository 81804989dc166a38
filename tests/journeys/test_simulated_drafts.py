"""A draft is tried on past meals from its page, and figures tried become a draft."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.journeys.test_rule_drafts import Desk, second
from tests.support.world import World

PAGE = "/office/simulation"
MONTH = {"from": "2026-11", "to": "2026-11"}
SIX = "figure-rules[3].benefit.price"


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def lin(client: TestClient[Litestar], world: World) -> Desk:
    """With a draft of the next version."""
    desk = Desk(client, world, "officer")
    desk.start(how="version", **{"from": "2"})
    return desk


def key_of(desk: Desk) -> str:
    return desk.draft.rpartition("/")[2]


def revision_on(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_draft_is_tried_from_its_page(lin: Desk, world: World) -> None:
    """Its ages begin at 85: the one of 82 would pay nine yuan more, and lint says what is missing before and after."""
    world.collect(world.place("elder82", "soft").pickup_code, take_cash=True)
    lin.change("rule", 3, age_from="85")

    (there,) = links(lin.get(lin.draft), PAGE)
    chosen = words(lin.get(there))
    tried = words(lin.post(PAGE, page=there, rules=key_of(lin), **MONTH))

    assert "草稿 fengman-example@2" in chosen
    for said in (chosen, tried):
        assert "能测算，但这样还不能发布" in said
        assert "80-84岁没有规则" in said
        assert "怎么改" in said
    assert "多付 1 人，共 9.00 元" in tried


def test_a_draft_is_simulated_only_by_those_who_may_read_it(lin: Desk, world: World) -> None:
    """The auditor may, and keeps nothing; the subdistrict, which simulates versions, is not told that there is one."""
    auditor = OfficeBrowser(TestClient(lin.client.app), world, "auditor")
    subdistrict = OfficeBrowser(TestClient(lin.client.app), world, "subdistrict")

    assert "草稿 fengman-example@2" in words(auditor.get(f"{PAGE}?rules={key_of(lin)}"))
    assert "存成新版本草稿" not in words(auditor.get(PAGE))
    assert auditor.post(f"{PAGE}/draft", page=PAGE, rules="2", **MONTH).status_code == 403
    assert "草稿 fengman-example@2" not in words(subdistrict.get(PAGE))
    assert subdistrict.client.get(f"{PAGE}?rules={key_of(lin)}").status_code in {403, 404}


def test_figures_tried_become_a_draft_of_the_next_version(lin: Desk) -> None:
    """From the version in force, beginning on the first of next month; comments and all else stay."""
    kept = lin.post(f"{PAGE}/draft", page=PAGE, rules="2", **MONTH, **{SIX: "6.5"})
    text = kept.text.partition('<pre class="document">')[2]

    assert kept.url.path.startswith("/office/rules/drafts/")
    assert kept.url.path != lin.draft
    assert "测算的数字写进了草稿" in words(kept)
    assert "自付应为 6，算出 6.5" in words(kept)
    assert "fengman-example@2" in words(kept)
    assert "# One helped meal per meal period" in text
    assert "effective_from = 2026-12-01" in text


def test_ones_own_draft_takes_the_figures_itself_and_a_colleague_gets_their_own(lin: Desk, world: World) -> None:
    page = lin.get(f"{PAGE}?rules={key_of(lin)}").text
    fields = {"rules": key_of(lin), "revision": revision_on(page), **MONTH, SIX: "7"}
    assert "存进这份草稿" in page

    own = lin.post(f"{PAGE}/draft", page=PAGE, **fields)
    stale = lin.post(f"{PAGE}/draft", page=PAGE, **{**fields, SIX: "9"})
    other = second(lin, world).post(f"{PAGE}/draft", page=PAGE, **{**fields, SIX: "8"})

    assert own.url.path == lin.draft
    assert "只付 7 元" in words(own)
    assert "这份草稿刚才有了变化" in words(stale)
    assert other.url.path != lin.draft
    assert "沈副科长" in words(other)
    assert "只付 8 元" in words(other)
    assert "只付 7 元" in words(lin.get(lin.draft))


def test_a_figure_that_cannot_be_used_says_why_and_keeps_nothing(lin: Desk) -> None:
    """In the language of the page."""
    chinese = lin.post(f"{PAGE}/draft", page=PAGE, rules="2", **MONTH, **{SIX: "六"})
    english = lin.post(f"{PAGE}/draft?lang=en", page=PAGE, rules="2", **MONTH, **{SIX: "六"})

    assert chinese.status_code == english.status_code == 422
    assert "金额要写成" in words(chinese)
    assert "write yuan as" in words(english)
    assert words(lin.get("/office/rules")).count("fengman-example@2") == words(lin.get("/office/rules")).count("@2")
