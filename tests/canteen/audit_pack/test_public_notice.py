"""What hangs on the wall: groups of five at the least, nothing that leads to one person."""

import csv
import io
from dataclasses import fields
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from canteen.audit_pack.public_notice import (
    HEADER,
    LEAST,
    Got,
    NoticeGroup,
    PublicNotice,
    grouped,
    public_notice,
    write_notice,
)
from subsidies.months import Month
from tests.canteen.audit_pack.conftest import MONTH
from tests.support.world import World

people = st.lists(
    st.builds(
        Got,
        age=st.none() | st.integers(18, 110),
        meals=st.integers(0, 90),
        fen=st.integers(1, 900_000),
    ),
    max_size=60,
)


@given(people)
def test_no_group_is_smaller_than_five_and_nothing_is_left_out(month: list[Got]) -> None:
    """All or nothing: a figure that is missing from a sum could be worked out from the others."""
    groups = grouped(month)
    eaters = sum(one.meals > 0 for one in month)
    if not groups:
        assert eaters < LEAST
        return
    assert min(group.people for group in groups) >= LEAST
    assert sum(group.people for group in groups) == eaters
    assert sum(group.meals for group in groups) == sum(one.meals for one in month)
    assert sum(group.fen for group in groups) == sum(one.fen for one in month)
    assert len({group.ages for group in groups}) == len(groups)


def test_the_notice_has_no_field_for_a_person() -> None:
    """By its schema: what is not here cannot be printed."""
    assert {field.name for field in fields(NoticeGroup)} == {"ages", "people", "meals", "fen"}
    assert {field.name for field in fields(PublicNotice)} == {"canteen", "month", "groups"}
    assert HEADER == ("助餐点", "月份", "年龄段", "享受补贴人数", "补贴份数", "补贴金额（元）")


@given(people)
def test_the_file_holds_the_groups_and_not_one_cell_more(tmp_path_factory: object, month: list[Got]) -> None:
    groups = grouped(month)
    path = Path(tmp_path_factory.mktemp("notice")) / "notice.csv"  # type: ignore[attr-defined]
    write_notice(path, PublicNotice("食堂", Month(2026, 11), groups))
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert rows[1:] == [
        [
            "食堂",
            "2026-11",
            group.ages,
            str(group.people),
            str(group.meals),
            f"{group.fen // 100}.{group.fen % 100:02d}",
        ]
        for group in groups
    ]


def test_bands_are_told_in_words_and_small_ones_join_the_smaller_neighbour() -> None:
    def of(age: int | None, count: int) -> list[Got]:
        return [Got(age, 2, 1_000)] * count

    assert [(one.ages, one.people) for one in grouped(of(65, 6) + of(72, 9) + of(85, 3) + of(93, 4))] == [
        ("60—69岁", 6),
        ("70—79岁", 9),
        ("80—99岁", 7),
    ]
    assert [one.ages for one in grouped(of(40, 5) + of(101, 5))] == ["60岁以下", "100岁及以上"]
    assert [one.ages for one in grouped(of(66, 5) + of(None, 2))] == ["60—69岁（含年龄不详）"]
    assert grouped(of(66, 4)) == ()


def test_a_canteen_of_few_says_nothing_and_one_of_many_comes_to_its_claim(world: World) -> None:
    elders = world.add_elders(6)
    first = world.place_all(elders[:4], world.items["longcheng"]["light"])
    for code in first:
        world.collect(code, take_cash=True)
    assert world.database.read_sync(public_notice, "longcheng", "龙城", MONTH).groups == ()

    for code in world.place_all(elders[4:], world.items["longcheng"]["light"]):
        world.collect(code, take_cash=True)
    (group,) = world.database.read_sync(public_notice, "longcheng", "龙城", MONTH).groups
    assert (group.ages, group.people, group.meals) == ("80—89岁", 6, 6)
    assert group.fen > 0
