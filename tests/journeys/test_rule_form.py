"""Places, days, groups and grants of a rule set written in the form, without a script; nothing typed is lost."""

from collections.abc import Iterator

import pytest

from subsidies.rules.library import shipped_text
from tests.journeys.office_browser import words
from tests.journeys.test_rule_drafts import Desk, filled, upload
from tests.support.world import World


@pytest.fixture
def lin(world: World) -> Iterator[Desk]:
    with world.client() as client:
        yield Desk(client, world, "officer")


def test_where_when_and_beside_the_meal_are_written_without_a_script(lin: Desk) -> None:
    """Every field shows again what it wrote, and the draft says it in words."""
    lin.start(how="version", **{"from": "2"})
    lin.change("scope", canteens=["longcheng"])
    lin.change(
        "rule", 2, lives_within=[], lives_same="community", registered_within=["jilin/fengman/jianhua"], need="either",
        confirmed="1", days=["workday", "makeup_workday"], weekdays=["1", "5"], clock_from="10:30", clock_to="13:00",
        canteens=["longcheng"],
    )  # fmt: skip
    lin.change("group", 1, key="extras", combine="add", members=["operator-breakfast", "care-charity"])
    page = lin.change(
        "grant", 0, key="courier", title_zh="送餐补贴", title_en="Delivery", to="courier", amount="4", paid_for="delivery",
        categories=["disabled_frail"],
    )  # fmt: skip

    said = words(page)
    assert "户籍在建华街道 或 居住与食堂同社区" in said.replace("或", " 或 ").replace("  ", " ")
    assert "住址须经社区确认" in said
    assert "工作日、调休上班日；周一、周五；10:30 到 13:00 之间点的" in said
    assert "每次送餐给送餐人 4 元，不算餐价" in said
    assert "extras" in said
    again = filled(lin.get(f"{lin.draft}/edit/rule?n=2"))
    assert (again["registered_within"], again["weekdays"], again["clock_from"]) == (
        ["jilin/fengman/jianhua"],
        ["1", "5"],
        "10:30",
    )
    assert filled(lin.get(f"{lin.draft}/edit/group?n=1"))["members"] == ["operator-breakfast", "care-charity"]
    assert f"{lin.draft}/edit/grant?n=0" in page.text
    lin.change("group", 1, do="remove")
    assert "extras" not in words(lin.change("grant", 0, do="remove"))


def test_what_is_wrong_stands_at_its_field_with_all_that_was_typed(lin: Desk) -> None:
    """By the form itself, and by the reader of the document."""
    lin.start(how="version", **{"from": "2"})

    unread = lin.change("rule", 2, clock_from="半夜", lives_same="district", weekdays=["7"], title_zh="新名字")
    looped = lin.change("group", 0, parent="government", combine="first")

    assert unread.status_code == 422
    assert "时间写成 10:30" in words(unread)
    assert "开始和结束都要写" in words(unread)
    typed = filled(unread)
    assert (typed["clock_from"], typed["lives_same"], typed["weekdays"], typed["title_zh"]) == (
        "半夜",
        "district",
        ["7"],
        "新名字",
    )
    assert "组套在自己里面" in words(looped)
    assert filled(looped)["combine"] == "first"
    assert "新名字" not in words(lin.get(lin.draft))


def test_what_the_form_has_no_field_for_is_told_and_stays(lin: Desk) -> None:
    lin.draft = upload(lin, shipped_text("guangzhou-2025")).url.path

    page = lin.get(f"{lin.draft}/edit/rule?n=0")
    after = lin.change("rule", 0, weekdays=["1"])

    assert "表里没有的，原样保留" in words(page)
    assert "benefit.rounding = &#34;half_up&#34;" in page.text
    assert "rounding = &#34;half_up&#34;" in after.text
    assert "只在几个食堂" in words(lin.get(f"{lin.draft}/edit/grant?n=3"))
