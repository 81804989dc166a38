"""The roll and one resident's file, through HTTP: scope, masks, reasons, what each form changes."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import select

from canteen.audit.models import AuditEntry
from canteen.people.models import Resident
from subsidies.models import EligibilityFile
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.world import CARDS, World

NEW = {
    "name": "𬭊䶮堃",
    "national_id": "11010519491231002x",
    "card": "622299990001",
    "phone": "13912346688",
    "community": "longcheng",
    "register_here": "1",
    "consent": "1",
}


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def community(world: World, client: TestClient[Litestar]) -> OfficeBrowser:
    """The worker of Longcheng."""
    return OfficeBrowser(client, world, "community")


def actions(world: World) -> list[str]:
    """Every action on residents so far."""
    return world.database.read_sync(
        lambda s: list(s.exec(select(AuditEntry.action).where(AuditEntry.subject.startswith("resident:"))))
    )


def test_enrolment_needs_name_number_card_and_consent(world: World, community: OfficeBrowser) -> None:
    """In 30 seconds: a person with a rare name is on the roll, found by ID number, card and telephone."""
    answer = community.post("/office/residents/enrol", **NEW)

    assert "已登记入册" in words(answer)
    assert "𬭊䶮堃" in words(answer)
    for text in ("11010519491231002X", "622299990001", "6688 1231", "䶮"):
        assert "𬭊䶮堃" in words(community.get(f"/office/residents?q={text}"))


def test_enrolment_says_what_to_mend(world: World, community: OfficeBrowser) -> None:
    """Errors at the top, each a link to its field; nothing typed is lost."""
    answer = community.post("/office/residents/enrol", **{**NEW, "name": " ", "consent": ""})

    assert answer.status_code == 422
    assert links(answer, "#name") == ["#name"]
    assert links(answer, "#consent") == ["#consent"]
    assert "622299990001" in answer.text


def test_somebody_on_the_roll_is_found_not_enrolled_twice(world: World, community: OfficeBrowser) -> None:
    """The file that exists is one link away."""
    community.post("/office/residents/enrol", **NEW)
    answer = community.post("/office/residents/enrol", **{**NEW, "card": "622299990002"})

    assert answer.status_code == 409
    assert "打开已有的档案" in words(answer)


def test_community_sees_its_own_residents_only(world: World, community: OfficeBrowser) -> None:
    """Neither in the list nor by address nor by form."""
    listed = words(community.get("/office/residents"))
    stranger = f"/office/residents/{world.people['elder75']}"

    assert "张玉兰" in listed
    assert "孙淑琴" not in listed
    refused = community.get(stranger, status=403)
    assert {"/office", "/office/residents", "/office/rules"} <= set(links(refused, "/office"))  # the menu stays
    assert community.post(f"{stranger}/residence").status_code == 403
    assert community.post(f"{stranger}/reveal", field="phone", reason="要打电话").status_code == 403
    assert community.post("/office/residents/enrol", **{**NEW, "community": "shuiyun"}).status_code == 403


def test_private_fields_show_for_a_reason_that_is_kept(world: World, community: OfficeBrowser) -> None:
    """Masked; without a reason refused; with one shown once and logged without what was seen."""
    community.post("/office/residents/enrol", **NEW)
    resident = world.database.read_sync(
        lambda s: s.exec(select(Resident.id).where(Resident.name == NEW["name"])).all()[-1]
    )
    at = f"/office/residents/{resident}"
    assert "13912346688" not in community.get(at).text

    refused = community.post(f"{at}/reveal", field="phone", reason="")
    shown = community.post(f"{at}/reveal", field="phone", reason="没来取餐，打电话问问")

    assert refused.status_code == 422
    assert "13912346688" not in refused.text
    assert "13912346688" in shown.text
    assert "11010519491231002X" not in shown.text
    assert "13912346688" not in community.get(at).text
    entry = world.database.read_sync(
        lambda s: s.exec(select(AuditEntry).where(AuditEntry.action == "resident.revealed")).one().details
    )
    assert entry == {"field": "phone", "reason": "没来取餐，打电话问问"}


def test_each_form_changes_the_file_and_is_logged(world: World, community: OfficeBrowser) -> None:
    """Residence, card bound and lost, consent given and taken back, status."""
    at = f"/office/residents/{world.people['elder82']}"

    done = [
        community.post(f"{at}/residence"),
        community.post(f"{at}/cards", number="622288880001", kind="transit"),
        community.post(f"{at}/cards/report", number=CARDS["elder82"], state="lost"),
        community.post(f"{at}/consents", kind="health", given="1"),
        community.post(f"{at}/diet", diet="soft", allergen="fish"),
        community.post(f"{at}/status", status="moved", since="2026-11-20"),
    ]
    told = words(done[-1])

    assert [answer.status_code for answer in done] == [200] * 6
    for word in ("…0001", "已挂失", "软烂", "鱼", "已迁走", "从 2026-11-20 起"):
        assert word in told
    for action in ("residence.confirmed", "card.bound", "card.lost", "consent.given"):
        assert action in actions(world)
    file = world.database.read_sync(lambda s: s.get(EligibilityFile, world.people["elder82"]))
    assert file is not None
    assert file.status == "moved"


def test_only_civil_affairs_enters_a_category_and_it_waits(world: World, client: TestClient[Litestar]) -> None:
    """The community applies for it, and two other offices look; what an officer enters waits for another person."""
    at = f"/office/residents/{world.people['elder82']}"
    wanted = {"category": "living_alone", "valid_from": "2026-11-01"}
    community = OfficeBrowser(client, world, "community")
    page = community.get(at).text
    refused = community.post(f"{at}/categories", **wanted, evidence="入户看过")
    client.cookies.clear()
    officer = OfficeBrowser(client, world, "officer")

    bare = officer.post(f"{at}/categories", **wanted, evidence="")
    told = words(officer.post(f"{at}/categories", **wanted, evidence="入户看过"))

    assert f"{at}/categories" not in page
    assert f"/office/applications/new?resident={world.people['elder82']}" in page
    assert (refused.status_code, bare.status_code) == (403, 422)
    assert "独居" in told
    assert "待第二人批准" in told
    assert "category.proposed" in actions(world)


def test_consent_taken_back_hides_the_notes_at_once(world: World, client: TestClient[Litestar]) -> None:
    """What was known about the diet is forgotten, not only hidden."""
    officer = OfficeBrowser(client, world, "officer")
    at = f"/office/residents/{world.people['allergic']}"
    assert "不能吃" in words(officer.get(at))

    told = words(officer.post(f"{at}/consents", kind="health", given="0"))

    assert "本人没有同意登记健康饮食信息" in told
    officer.post(f"{at}/diet", allergen="fish")
    assert "本人没有同意登记健康饮食信息" in words(officer.get(at))


def test_a_refused_form_says_why_on_the_file(world: World, community: OfficeBrowser) -> None:
    """Somebody else's card, a date that is none."""
    at = f"/office/residents/{world.people['elder82']}"

    taken = community.post(f"{at}/cards", number=CARDS["elder75"])
    undated = community.post(f"{at}/status", status="moved", since="昨天")
    foreign = community.post(f"{at}/cards/report", number=CARDS["elder92"], state="lost")

    assert [answer.status_code for answer in (taken, undated, foreign)] == [409, 422, 403]
    assert "张玉兰" in words(taken)
    assert 'role="alert"' in taken.text


def test_those_who_only_read_get_no_forms(world: World, client: TestClient[Litestar]) -> None:
    """An auditor reads every file and may look at a field for a reason; a form sent anyway is refused."""
    auditor = OfficeBrowser(client, world, "auditor")
    at = f"/office/residents/{world.people['elder75']}"

    page = auditor.get(at)

    assert f"{at}/residence" not in page.text
    assert f"{at}/categories" not in page.text
    assert f"{at}/reveal" in page.text
    assert auditor.post(f"{at}/residence").status_code == 403
    assert auditor.post("/office/residents/enrol", **NEW).status_code == 403


def test_audit_log_is_read_with_filters(world: World, client: TestClient[Litestar]) -> None:
    """By action, subject and day; residents are keys, never names."""
    auditor = OfficeBrowser(client, world, "auditor")
    subject = f"resident:{world.people['elder82']}"

    told = words(auditor.get(f"/office/audit?subject={subject}&action=resident"))

    assert "登记入册" in told
    assert "张玉兰" not in words(auditor.get("/office/audit"))
    assert "没有符合条件的记录" in words(auditor.get("/office/audit?day=2020-01-01"))
