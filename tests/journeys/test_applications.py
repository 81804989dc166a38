"""Applying for a category by the pages: on a phone, at the community's desk, through three offices, to the price of a meal."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from PIL import Image
from sqlmodel import Session, select

from canteen.applications.models import Application, Evidence
from canteen.audit.models import AuditEntry
from canteen.people.consents import ConsentKind
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.record_consent import ConsentRecord, record_consent
from subsidies.models import CategoryGrant
from subsidies.proposals import ProposedCategory
from tests.journeys.office_browser import OfficeBrowser, links, words
from tests.support.granting import grant_category
from tests.support.phone import Phone, give_pin
from tests.support.world import CARDS, World

SECRET_PLACE = b"N43.8 E126.5 taken by a neighbour"


def paper(kind: str = "JPEG") -> bytes:
    """A photo of a certificate with what a phone adds to it."""
    image = Image.new("RGB", (1200, 1600), "white")
    image.paste("black", (100, 100, 1100, 160))
    out = BytesIO()
    image.save(out, kind, comment=SECRET_PLACE)
    return out.getvalue()


def phone_of(client: TestClient[Litestar], world: World, who: str) -> Phone:
    """Signed in."""
    give_pin(world, who)
    phone = Phone(client)
    phone.sign_in(who)
    return phone


def send_files(phone: Phone, path: str, *files: bytes, name: str = "paper.jpg", **fields: str) -> Response:
    """As the page's own form with its file fields does."""
    token = re.search(r'name="_csrf_token" value="([^"]+)"', phone.page.text)
    assert token is not None
    phone.page = phone.client.post(
        f"{phone.home}{path}",
        data={"_csrf_token": token[1], **fields},
        files=[("photo", (name, one, "image/jpeg")) for one in files],
        headers={"accept": "text/html"},
    )
    return phone.page


def apply_by_phone(phone: Phone, category: str = "low_income", **said: str) -> str:
    """All questions to the end; returns the key."""
    phone.go("/apply/new")
    phone.press("/apply/new", category=category)
    key = phone.where.split("/")[2]
    for question in ("paper", "about", "phone"):
        phone.press(f"/apply/{key}/{question}", **{question: said.get(question, ""), "do": "next"})
    send_files(phone, f"/apply/{key}/photos", paper(), do="next")
    phone.press(f"/apply/{key}/send", agreed="1")
    return key


def decide(office: OfficeBrowser, key: str, decision: str, **fields: str) -> Response:
    """Press the button of the page as it stands."""
    page = office.get(f"/office/applications/{key}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    return office.post(
        f"/office/applications/{key}", decision=decision, version=version[1] if version else "1", **fields
    )


def approve(office: OfficeBrowser, key: str) -> Response:
    """From today, for a year, on the card."""
    return decide(
        office,
        key,
        "approve",
        valid_from="2026-11-23",
        valid_until="2027-11-01",
        evidence="低保证 尾号 1234",
    )


def row(world: World, key: str) -> Application:
    """As stored."""

    def read(session: Session) -> Application:
        return session.exec(select(Application).where(Application.id == key)).one()

    return world.database.read_sync(read)


def grants(world: World, who: str) -> list[str]:
    """Categories that stand."""

    def read(session: Session) -> list[str]:
        found = select(CategoryGrant).where(CategoryGrant.resident_id == world.people[who])
        return [one.category for one in session.exec(found) if one.withdrawn_at is None]

    return world.database.read_sync(read)


def audited(world: World, key: str) -> list[str]:
    """What the log says of one application, in order."""

    def read(session: Session) -> list[str]:
        rows = session.exec(select(AuditEntry).where(AuditEntry.subject == f"application:{key}"))
        return [one.action.partition(".")[2] for one in sorted(rows, key=lambda one: one.id)]

    return world.database.read_sync(read)


def test_an_elder_applies_and_the_next_meal_costs_less(world: World) -> None:
    """One question a page; three offices, three people; each step one line of the log; the category counts at once."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        key = apply_by_phone(phone, paper="低保证 1234", about="一个人住，女儿在外地")
        sent = phone.text
        phone.client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        waiting = words(community.get("/office/applications"))
        case = words(community.get(f"/office/applications/{key}"))
        decide(community, key, "verify", reason="上门看过")
        client.cookies.clear()
        decide(OfficeBrowser(client, world, "subdistrict"), key, "review")
        client.cookies.clear()
        officer = OfficeBrowser(client, world, "officer")
        shown = words(officer.get(f"/office/applications/{key}"))
        done = words(approve(officer, key))
        client.cookies.clear()
        phone.sign_in("elder82")
        told = phone.go(f"/apply/{key}").text

    assert "送出了" in sent
    assert "编号 2026-0001" in sent
    assert "最晚到11月30日" in sent
    assert "等本级办理 1 件，超期 0 件" in waiting
    assert "2026-0001" in waiting
    assert "一个人住，女儿在外地" in case
    assert "上门看过" in shown
    assert "15 元的午餐由自付 6 元变为 3 元" in shown
    assert "已批准" in done
    assert "批准了" in told
    assert grants(world, "elder82") == ["low_income"]
    assert audited(world, key) == ["begun", "submitted", "verified", "reviewed", "approved"]
    assert world.place("elder82", "soft", method="cash").self_pay_fen == 300


def test_what_is_filled_in_stays_until_one_comes_back(world: World) -> None:
    """Saved page by page; the list leads back; going back shows what was said; leaving is a button."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        phone.go("/apply/new")
        phone.press("/apply/new", category="living_alone")
        key = phone.where.split("/")[2]
        phone.press(f"/apply/{key}/paper", paper="户口本 5566", do="later")
        saved, where = phone.text, phone.where
        client.cookies.clear()
        phone.sign_in("elder82")
        listed = phone.go("/apply").text
        again = phone.go(f"/apply/{key}/paper").text
        begun_again = phone.go("/apply/new").text
        phone.press("/apply/new", category="living_alone")

    assert where == "/apply"
    assert "存好了" in saved
    assert "没填完" in listed
    assert 'value="户口本 5566"' in again
    assert "我一个人住" not in begun_again
    assert phone.where == f"/apply/{key}"
    assert row(world, key).state == "draft"


def test_a_photo_loses_what_the_phone_wrote_into_it_and_is_kept_sealed(world: World) -> None:
    """Nobody else sees it; a fourth is refused, a PDF kindly too; one is taken away again."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        phone.go("/apply/new")
        phone.press("/apply/new", category="severe_disability")
        key = phone.where.split("/")[2]
        phone.go(f"/apply/{key}/photos")
        send_files(phone, f"/apply/{key}/photos", paper(), paper("PNG"), do="add")
        shown = re.findall(rf'src="(/m/longcheng/apply/{key}/photos/[^"]+)"', phone.text)
        picture = client.get(shown[0])
        send_files(phone, f"/apply/{key}/photos", paper(), paper(), do="add")
        too_many = phone.page
        send_files(phone, f"/apply/{key}/photos", b"%PDF-1.7 something", name="a.pdf", do="add")
        pdf = phone.page
        phone.go(f"/apply/{key}/photos")
        phone.post(f"/apply/{key}/photos", remove=shown[0].rsplit("/", 1)[1])
        client.cookies.clear()
        stranger = phone_of(client, world, "elder92")
        refused = [stranger.go(f"/apply/{key}").status_code, client.get(shown[1]).status_code]
        client.cookies.clear()
        guest = client.get(shown[1], follow_redirects=False).status_code

    def kept(session: Session) -> list[bytes]:
        return [one.sealed for one in session.exec(select(Evidence))]

    assert len(shown) == 2
    assert picture.headers["content-type"] == "image/webp"
    assert picture.headers["cache-control"] == "no-store"
    assert SECRET_PLACE not in picture.content
    assert Image.open(BytesIO(picture.content)).size == (1200, 1600)
    assert (too_many.status_code, pdf.status_code) == (422, 422)
    assert "最多 3 张照片" in too_many.text
    assert "用手机拍张照就行" in pdf.text
    assert refused == [404, 404]
    assert guest == 303
    sealed = world.database.read_sync(kept)
    assert len(sealed) == 1
    assert b"WEBP" not in sealed[0]


def test_returned_for_completion_then_refused_with_words_the_applicant_reads(world: World) -> None:
    """Sending back asks for a reason; completed it starts again at the community; a refusal says why."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        key = apply_by_phone(phone)
        client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        speechless = decide(community, key, "return")
        decide(community, key, "return", reason="还差残疾证背面")
        client.cookies.clear()
        phone.sign_in("elder82")
        missing = phone.go("/apply").text
        phone.go(f"/apply/{key}/paper")
        phone.press(f"/apply/{key}/paper", paper="背面补上了", do="next")
        phone.go(f"/apply/{key}/check")
        unticked = phone.press(f"/apply/{key}/send", agreed="")
        phone.press(f"/apply/{key}/send", agreed="1")
        client.cookies.clear()
        decide(OfficeBrowser(client, world, "community"), key, "verify")
        client.cookies.clear()
        decide(OfficeBrowser(client, world, "subdistrict"), key, "review")
        client.cookies.clear()
        decide(OfficeBrowser(client, world, "officer"), key, "refuse", reason="收入高于标准，按本市办法第 5 条")
        client.cookies.clear()
        phone.sign_in("elder82")
        told = phone.go(f"/apply/{key}").text

    assert speechless.status_code == 422
    assert "还差残疾证背面" in missing
    assert unticked.status_code == 422
    assert "收入高于标准，按本市办法第 5 条" in told
    assert (row(world, key).state, row(world, key).number) == ("refused", "2026-0001")
    assert grants(world, "elder82") == []


def test_whoever_files_does_not_verify(world: World) -> None:
    """A worker applies for somebody beside them; a colleague verifies; returned, it is completed at the desk."""
    with world.client() as client:
        community = OfficeBrowser(client, world, "community")
        filed = community.post(
            "/office/applications/new",
            who=CARDS["elder82"],
            category="disabled_frail",
            paper="能力评估 2026-10",
            about="",
            phone="",
            agreed="1",
        )
        key = (
            links(filed, "/office/applications/")[0].split("/")[3] if "/new" in str(filed.url) else filed.url.path[21:]
        )
        own = decide(community, key, "verify")
        client.cookies.clear()
        colleague = OfficeBrowser(client, world, "community-2")
        decide(colleague, key, "return", reason="缺签字页")
        client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        completed = community.post(
            f"/office/applications/{key}/complete", paper="能力评估 2026-10，签字页", about="", phone="", agreed="1"
        )
        client.cookies.clear()
        after = decide(OfficeBrowser(client, world, "community-2"), key, "verify")

    assert "由社区另一位核实" in words(filed)
    assert own.status_code == 403
    assert "这一步要由另一位办" in words(own)
    assert completed.status_code == 200
    assert "已核实" in words(after)
    assert row(world, key).filed_how == "worker"


@pytest.mark.parametrize("agreed", [True, False], ids=["agreed", "not-agreed"])
def test_a_child_applies_for_a_parent_who_named_them(world: World, agreed: bool) -> None:
    """Named as fetcher and consent to family links; without the consent nobody is offered. Withdrawn, the child sees nothing."""
    mother, child = world.people["elder82"], world.people["young"]
    world.database.write_sync(name_fetcher, FetcherNamed(mother, child), now=world.now, actor="account:x")
    if agreed:
        consent = ConsentRecord(mother, ConsentKind.FAMILY, given=True)
        world.database.write_sync(record_consent, consent, now=world.now, actor="account:x")
    with world.client() as client:
        phone = phone_of(client, world, "young")
        start = phone.go("/apply").text
        phone.go(f"/apply/new?for={mother}")
        phone.post("/apply/new", **{"for": mother, "category": "living_alone"})
        if not agreed:
            assert "帮张玉兰申请" not in start
            assert phone.page.status_code == 403
            return
        key = phone.where.split("/")[2]
        phone.go(f"/apply/{key}/check")
        phone.press(f"/apply/{key}/send", agreed="1")
        sent = phone.text
        back = ConsentRecord(mother, ConsentKind.FAMILY, given=False)
        world.database.write_sync(record_consent, back, now=world.now, actor="account:x")
        gone = phone.go(f"/apply/{key}").status_code
        client.cookies.clear()
        parent = phone_of(client, world, "elder82").go(f"/apply/{key}").text

    assert "帮张玉兰申请" in start
    assert "替张玉兰填" in sent
    assert row(world, key).filed_how == "family"
    assert gone == 404
    assert "社区在核实" in parent


def test_withdrawn_what_was_written_and_photographed_is_gone(world: World) -> None:
    """Asked once more first; offices see that it was withdrawn, and nothing else of it."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        key = apply_by_phone(phone, about="女儿在外地")
        phone.go(f"/apply/{key}")
        asked = phone.press(f"/apply/{key}/withdraw").text
        before = row(world, key).state
        phone.press(f"/apply/{key}/withdraw")
        client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        seen = words(community.get(f"/office/applications/{key}"))
        late = decide(community, key, "verify")

    assert "要撤回这份申请吗" in asked
    assert before == "submitted"
    assert (row(world, key).state, row(world, key).answers_sealed) == ("withdrawn", None)
    assert world.database.read_sync(lambda session: session.exec(select(Evidence)).all()) == []
    assert "女儿在外地" not in seen
    assert late.status_code == 409


def test_what_one_has_or_what_comes_with_age_is_not_applied_for(world: World) -> None:
    """A forged form hears a sentence, not a crash."""
    with world.client() as client:
        phone = phone_of(client, world, "elder82")
        phone.go("/apply/new")
        answers = [phone.post("/apply/new", category=category).status_code for category in ("very_old", "", "x" * 40)]
        forged = phone.post("/apply/new", **{"for": world.people["elder92"], "category": "low_income"}).status_code

    assert answers == [422, 422, 422]
    assert forged == 403


def test_another_community_sees_neither_case_nor_photo(world: World) -> None:
    """One answer for what is out of scope, what is a draft and what never was."""
    with world.client() as client:
        phone = phone_of(client, world, "elder75")
        key = apply_by_phone(phone)
        photo = re.search(rf"/apply/{key}/photos/([\w-]+)", phone.text)
        assert photo is not None
        phone.go("/apply/new")
        phone.press("/apply/new", category="living_alone")
        draft = phone.where.split("/")[2]
        client.cookies.clear()
        community = OfficeBrowser(client, world, "community")
        addresses = (key, draft, "x", f"{key}/photos/{photo[1]}")
        answers = [
            client.get(f"/office/applications/{address}", headers={"accept": "text/html"}).status_code
            for address in addresses
        ]
        listed = words(community.get("/office/applications"))

    assert answers == [403, 403, 403, 403]
    assert "2026-0001" not in listed


def test_the_yearly_look_confirms_prolongs_or_ends(world: World) -> None:
    """What ends within 60 days or was seen over a year ago is listed until somebody has looked."""
    lapsing = world.people["elder82"]
    with world.client() as client:
        officer = OfficeBrowser(client, world, "officer")
        for category, start, until in (
            ("low_income", "2025-01-01", "2026-12-20"),
            ("empty_nest", "2025-01-01", "2027-01-10"),
        ):
            held = ProposedCategory(lapsing, category, date.fromisoformat(start), date.fromisoformat(until), "证 01")
            world.database.write_sync(grant_category, held, now=datetime(2025, 1, 1, tzinfo=UTC), actor="account:old")
        listed = officer.get("/office/reverify")
        first, second = (href.split("grant=")[1].split("#")[0] for href in links(listed, "/office/reverify?grant="))
        todo = words(officer.get("/office"))
        unsaid = officer.post("/office/reverify", resident=lapsing, grant=first, do="seen", evidence="", until="")
        officer.post("/office/reverify", resident=lapsing, grant=first, do="seen", evidence="证 02", until="2027-12-01")
        officer.post("/office/reverify", resident=lapsing, grant=second, do="end", reason="女儿搬回来了")
        after = words(officer.get("/office/reverify"))
        waiting = words(officer.get("/office/categories"))

    assert "2 个类别要复核" in todo
    assert unsaid.status_code == 422
    assert "没有要复核的类别" in after
    assert "没有待批准" not in waiting
    assert "2027-12-01" in waiting
    assert grants(world, "elder82") == ["low_income"]
