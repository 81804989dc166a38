"""A notice published late, through the office's pages: listed, proposed by one officer, approved by another, booked."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from canteen.clock import move_demo_clock
from canteen.payments import wallets
from canteen.readmodels.invariants import check
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.late_notice import publish_late
from tests.support.world import World


@pytest.fixture
def late(world: World) -> str:
    """Three meals, then the notice about them, then the next morning: the address of its page."""
    for who, canteen in (("elder82", "longcheng"), ("elder75", "longcheng"), ("young", "shuiyun")):
        order = world.place(who, "soft", canteen, method="cash")
        world.collect(order.pickup_code, canteen, take_cash=True)
    notice = publish_late(world)
    world.database.write_sync(move_demo_clock, world.now + timedelta(days=1), real_at=datetime.now(UTC))
    return f"/office/rules/{notice}/late"


@pytest.fixture
def client(world: World, late: str) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def _batch(page: str, late: str) -> str:
    found = re.search(rf'action="({late}/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_late_notice_from_its_banner_to_the_books(world: World, client: TestClient[Litestar], late: str) -> None:
    """The officer reads and proposes, cannot approve; the other approves; card, ledger, month and `canteen check` agree."""
    officer = OfficeBrowser(client, world, "officer")
    assert links(officer.get(late.removesuffix("/late")), late) == [late]
    page = words(officer.get(late))
    for figure in ("这些天取走 3 餐，其中 2 人的 2 餐结果不同", "张*兰", "孙*琴", "区级财政 +5.50", "2 餐一次提出"):
        assert figure in page
    assert "张玉兰" not in page
    proposed = officer.post(late, reason="丰民〔2026〕9号")
    assert "您提出的，等另一个人批准" in words(proposed)
    other = OfficeBrowser(client, world, "officer-2")
    assert "一份晚到公告的调整等批准" in words(other.get("/office/"))
    batch = _batch(other.get(late).text, late)
    before = world.database.read_sync(wallets.find, world.people["elder82"], "longcheng")
    assert OfficeBrowser(client, world, "officer").post(batch, do="approve").status_code == 403

    approved = OfficeBrowser(client, world, "officer-2").post(batch, do="approve")

    assert "批准了，已记入本月的账" in words(approved)
    assert "调整了 2 餐" in words(approved)
    after = world.database.read_sync(wallets.find, world.people["elder82"], "longcheng")
    assert before is not None
    assert after is not None
    assert after.balance_fen - before.balance_fen == 100
    reader = OfficeBrowser(client, world, "auditor")
    assert "账表相符" in words(reader.get("/office/months/2026-11"))
    trace = words(reader.get(links(reader.get(late), "/office/orders/")[0]))
    assert "公告晚发布" in trace
    assert "批准调整以前的餐" in words(reader.get("/office/audit"))
    assert [one.name for one in world.database.read_sync(check) if not one.ok] == []


def test_a_batch_is_declined_with_a_reason_and_proposed_anew(
    world: World, client: TestClient[Litestar], late: str
) -> None:
    """Without a reason it is refused kindly; afterwards the page says why and offers it again."""
    OfficeBrowser(client, world, "officer").post(late, reason="丰民〔2026〕9号")
    other = OfficeBrowser(client, world, "officer-2")
    batch = _batch(other.get(late).text, late)
    assert other.post(batch, do="decline", why="").status_code == 422

    declined = words(other.post(batch, do="decline", why="日期不对"))

    assert "日期不对" in declined
    assert "2 餐一次提出" in declined
    assert other.post(late, reason="").status_code == 422


def test_a_set_that_was_published_in_time_has_no_such_page(
    world: World, client: TestClient[Litestar], late: str
) -> None:
    officer = OfficeBrowser(client, world, "officer")

    officer.get("/office/rules/1/late", status=404)
    assert officer.post("/office/rules/1/late", reason="文号").status_code == 404
    assert officer.post(f"{late}/01ARZ3NDEKTSV4RRFFQ69G5FAV", do="approve").status_code == 403
