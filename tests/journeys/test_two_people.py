"""Nobody puts a category on a file alone: entered by hand or brought in, it waits for a second person."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, col, select

from canteen.usecases.staff_leaves import staff_leaves
from subsidies.models import CategoryProposal
from tests.journeys.office_browser import OfficeBrowser, words
from tests.support.world import World

WANTED = {"category": "low_income", "valid_from": "2026-11-01", "evidence": "低保证 尾号 0007"}


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


def sign_in(client: TestClient[Litestar], world: World, who: str) -> OfficeBrowser:
    """Somebody else sits down."""
    client.cookies.clear()
    return OfficeBrowser(client, world, who)


def waiting(world: World) -> list[tuple[str, str | None]]:
    """Key and decision of everything entered here, oldest first."""

    def read(session: Session) -> list[tuple[str, str | None]]:
        rows = session.exec(select(CategoryProposal).order_by(col(CategoryProposal.id)))
        return [(one.id, one.decision) for one in rows if "0007" in one.evidence]

    return world.database.read_sync(read)


def test_what_an_officer_enters_counts_when_another_has_approved_it(world: World, client: TestClient[Litestar]) -> None:
    """The next meal is priced with it. Whoever entered it is told who approves, also when the form is forged."""
    officer = sign_in(client, world, "officer")
    officer.post(f"/office/residents/{world.people['elder82']}/categories", **WANTED)
    [(key, _)] = waiting(world)
    own = officer.get("/office/categories").text
    forged = officer.post("/office/categories", proposal=key, do="approve")
    community = sign_in(client, world, "community")
    seen = words(community.get("/office/categories"))
    refused = community.post("/office/categories", proposal=key, do="approve")
    subdistrict = sign_in(client, world, "subdistrict")
    todo = words(subdistrict.get("/office"))
    speechless = subdistrict.post("/office/categories", proposal=key, do="decline")
    approved = words(subdistrict.post("/office/categories", proposal=key, do="approve"))
    again = subdistrict.post("/office/categories", proposal=key, do="decline", reason="看错了")

    assert "这些是您录入的" in own
    assert f'value="{key}"' not in own
    assert (forged.status_code, refused.status_code) == (403, 403)
    assert "录入的人不能自己批准" in words(forged)
    assert "低保" in seen
    assert "1 个类别待第二人批准" in todo
    assert speechless.status_code == 422
    assert "批准了" in approved
    assert again.status_code == 409
    assert waiting(world) == [(key, "approved")]
    assert world.place("elder82", "soft", method="cash").self_pay_fen == 300


def test_sent_back_it_never_counts(world: World, client: TestClient[Litestar]) -> None:
    """It may be entered again then."""
    at = f"/office/residents/{world.people['elder82']}/categories"
    sign_in(client, world, "officer").post(at, **WANTED)
    [(key, _)] = waiting(world)
    twice = OfficeBrowser(client, world, "officer").post(at, **WANTED)
    subdistrict = sign_in(client, world, "subdistrict")
    nothing = subdistrict.post("/office/categories", do="approve")
    done = words(subdistrict.post("/office/categories", proposal=key, do="decline", reason="证件过期"))
    sign_in(client, world, "officer-2").post(at, **WANTED)
    told = words(OfficeBrowser(client, world, "community").get("/office/categories"))

    assert twice.status_code == 409
    assert nothing.status_code == 422
    assert "退回了" in done
    assert "证件过期" in told
    assert [decision for _, decision in waiting(world)] == ["declined", None]
    assert world.place("elder82", "soft", method="cash").self_pay_fen == 600


def test_another_subdistrict_neither_sees_nor_decides(world: World, client: TestClient[Litestar]) -> None:
    """One answer for what is out of reach and what never was."""
    sign_in(client, world, "officer").post(f"/office/residents/{world.people['elder75']}/categories", **WANTED)
    [(key, _)] = waiting(world)
    jianhua = sign_in(client, world, "subdistrict")

    page = jianhua.get("/office/categories").text
    answers = [jianhua.post("/office/categories", proposal=one, do="approve").status_code for one in (key, "x")]

    assert not re.search(key, page)
    assert answers == [403, 403]
    assert waiting(world) == [(key, None)]


def test_whoever_files_is_told_who_verifies(world: World, client: TestClient[Litestar]) -> None:
    """By name; the only account of a community hears beforehand that nobody could, and what to do."""
    community = sign_in(client, world, "community")
    named = words(community.get("/office/applications/new"))
    world.database.write_sync(staff_leaves, "community-2", now=world.now, actor="cli")
    alone = words(community.get("/office/applications/new"))

    assert "本社区可以核实的：小刘（演示）" in named
    assert "您填了就没有人能核实" not in named
    assert "您填了就没有人能核实" in alone
    assert "请本人或家人在手机上申请，由您核实" in alone
