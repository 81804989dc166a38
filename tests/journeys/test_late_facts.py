"""A fact learned late, through the office's pages: told, listed, proposed by one, approved by another, seen in the month."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.world import World


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def ate(world: World, who: str = "elder82", key: str = "soft") -> str:
    """A meal handed over before anybody knew better."""
    order = world.place(who, key, method="cash")
    world.collect(order.pickup_code, take_cash=order.self_pay_fen > 0)
    return order.id


def test_a_death_from_the_letter_to_the_month(world: World, client: TestClient[Litestar]) -> None:
    """The community tells it; the officer sees meal and amounts and proposes; the subdistrict approves; the month says so."""
    order = ate(world)
    at = f"/office/residents/{world.people['elder82']}"
    told = OfficeBrowser(client, world, "community").post(f"{at}/status", status="deceased", since="2026-11-20")
    assert "事后知道" in words(told)
    assert "该收回的餐" not in words(told)  # the community reads no books

    officer = OfficeBrowser(client, world, "officer")
    file = officer.get(at)
    for figure in ("那天已去世", "9.00", "0.00", "−7.65", "区级财政 −4.50"):
        assert figure in words(file)
    assert f"/office/orders/{order}" in links(file, "/office/orders/")
    assert "1 个人有该收回或补给的餐" in words(officer.get("/office/"))
    proposed = officer.post(f"{at}/adjustment", reason="派出所来函")
    assert "您提出的，等另一个人批准" in words(proposed)
    case = _case(proposed.text)
    assert officer.post(f"/office/recoverable/{case}", do="approve").status_code == 403

    approved = OfficeBrowser(client, world, "subdistrict").post(f"/office/recoverable/{case}", do="approve")

    assert "批准了，已记入本月的账" in words(approved)
    assert "现在没有该收回的餐" in words(approved)
    officer = OfficeBrowser(client, world, "officer")
    month = words(officer.get("/office/months/2026-11"))
    assert "账表相符" in month
    assert "本月账面 9.00 元，调整 −7.65 元，合计 1.35 元" in month
    trace = words(officer.get(f"/office/orders/{order}"))
    assert "红字调整" in trace
    assert f"earn:{order}" in trace


@pytest.mark.parametrize(
    "path, fields, says",
    [
        ("place", {"which": "living", "area": "jilin", "since": "2026-11-23"}, ("那天住处或户籍变了", "−7.65")),
        ("born", {"born": "1934-03-12"}, ("生日更正了", "6.00")),
    ],
)
def test_each_form_that_tells_of_the_past_lists_the_meals(
    world: World, client: TestClient[Litestar], path: str, fields: dict[str, str], says: tuple[str, ...]
) -> None:
    """A move since that day; a birthday that was wrong."""
    ate(world)
    at = f"/office/residents/{world.people['elder82']}"

    page = OfficeBrowser(client, world, "officer").post(f"{at}/{path}", **fields)

    assert page.status_code == 200
    assert all(one in words(page) for one in says)


@pytest.mark.parametrize(
    "path, fields, status",
    [
        ("place", {"which": "living", "area": "atlantis", "since": "2026-11-23"}, 422),
        ("place", {"which": "living", "area": "jilin", "since": "2026-11-24"}, 422),
        ("born", {"born": "2031-01-01"}, 422),
        ("adjustment", {"reason": "派出所来函"}, 409),
    ],
)
def test_what_cannot_be_told_is_said_kindly(
    world: World, client: TestClient[Litestar], path: str, fields: dict[str, str], status: int
) -> None:
    """An unknown place, a day to come, an impossible birthday, nothing to adjust."""
    at = f"/office/residents/{world.people['elder82']}"

    assert OfficeBrowser(client, world, "officer").post(f"{at}/{path}", **fields).status_code == status


def test_a_declined_adjustment_says_why(world: World, client: TestClient[Litestar]) -> None:
    """Nothing is booked, and it may be proposed anew."""
    ate(world)
    at = f"/office/residents/{world.people['elder82']}"
    officer = OfficeBrowser(client, world, "officer")
    officer.post(f"{at}/status", status="deceased", since="2026-11-20")
    case = _case(officer.post(f"{at}/adjustment", reason="派出所来函").text)
    subdistrict = OfficeBrowser(client, world, "subdistrict")
    assert subdistrict.post(f"/office/recoverable/{case}", do="decline", why="").status_code == 422

    declined = subdistrict.post(f"/office/recoverable/{case}", do="decline", why="日期不对")

    assert "日期不对" in words(declined)
    assert "提出调整" in words(subdistrict.get(at))


def test_a_subdistrict_decides_for_its_own_people_only(world: World, client: TestClient[Litestar]) -> None:
    """Somebody of another subdistrict is neither listed nor decided there."""
    ate(world, "elder75")
    at = f"/office/residents/{world.people['elder75']}"
    officer = OfficeBrowser(client, world, "officer")
    officer.post(f"{at}/status", status="deceased", since="2026-11-20")
    case = _case(officer.post(f"{at}/adjustment", reason="派出所来函").text)
    subdistrict = OfficeBrowser(client, world, "subdistrict")

    assert "孙淑琴" not in words(subdistrict.get("/office/recoverable"))
    assert subdistrict.post(f"/office/recoverable/{case}", do="approve").status_code == 403


def _case(page: str) -> str:
    """The key of the first proposal on a page."""
    found = re.search(r'id="case-([^"]+)"', page)
    assert found is not None
    return found[1]
