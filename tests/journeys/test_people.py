"""People through HTTP: enrolled at the counter, found, their cards and consents, two files made one, addresses, lists."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, col, select, update

from canteen.audit.models import AuditEntry
from canteen.people import cards, diet_notes, slips
from canteen.people.consents import ConsentKind, stands
from canteen.people.fetchers import fetchers_of
from canteen.people.models import Account, Consent, Resident, Role
from canteen.people.tokens import hash_secret
from canteen.people.web_sessions import lifetime_of, open_session
from canteen.readmodels.invariants import check
from subsidies import eligibility
from subsidies.models import EligibilityFile
from tests.canteen.building import EXAMPLE_ID
from tests.support.phone import Phone, give_pin
from tests.support.tablet import Tablet
from tests.support.world import CARDS, World

ROLES: dict[str, tuple[Role, str | None, str | None]] = {
    "staff": (Role.STAFF, "longcheng", None),
    "manager": (Role.MANAGER, "longcheng", None),
    "shuiyun": (Role.STAFF, "shuiyun", None),
    "community": (Role.COMMUNITY, None, "longcheng"),
    "officer": (Role.OFFICER, None, None),
    "auditor": (Role.AUDITOR, None, None),
}
ENROL: dict[str, object] = {"name": "李秀英", "national_id": EXAMPLE_ID, "consent": "1", "register_here": "1"}


def _add_accounts(session: Session) -> None:
    now = datetime.now(UTC)
    for name, (role, canteen, community) in ROLES.items():
        account = Account(
            id=name,
            username=name,
            name=name,
            role=role,
            canteen_id=canteen,
            community_id=community,
            password_hash="",
            created_at=now,
        )
        session.add(account)
        session.flush()
        open_session(session, hash_secret(name), account_id=name, data={}, lifetime=lifetime_of(role), now=now)


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    world.database.write_sync(_add_accounts)
    with world.client() as opened:
        yield opened


def enrolled(tablet: Tablet, **fields: object) -> str:
    """Enrol somebody; returns the id."""
    answer = tablet.post("/staff/people/enrol", **(ENROL | fields))
    found = re.search(r"/staff/people/([0-9A-Z]{26})", str(answer.url) + answer.text)
    assert found is not None, answer.text
    return found[1]


def actions(world: World, subject: str) -> list[str]:
    """What the audit log holds about it."""

    def read(session: Session) -> list[str]:
        return list(session.exec(select(AuditEntry.action).where(col(AuditEntry.subject) == subject)))

    return world.database.read_sync(read)


def count_of(world: World, action: str) -> int:
    """How often something was written down."""

    def read(session: Session) -> int:
        return len(session.exec(select(AuditEntry.id).where(col(AuditEntry.action) == action)).all())

    return world.database.read_sync(read)


def test_somebody_enrolled_at_the_counter_is_helped_at_once(world: World, client: TestClient[Litestar]) -> None:
    tablet = Tablet(client, "staff")

    who = enrolled(tablet, phone="139 0431 6688", **{"card-0": "7000 0000 0000 2222", "kind-0": "transit"})

    file = world.database.read_sync(eligibility.eligibility_file, who)
    assert file is not None
    assert (str(file.born), file.living_area, file.residence_confirmed_at) == (
        "1949-12-31",
        "jilin/fengman/jianhua/longcheng",
        None,
    )

    def consent(session: Session) -> list[tuple[str, str, str, str]]:
        rows = session.exec(select(Consent).where(col(Consent.resident_id) == who))
        return [(row.kind, row.text_version, row.how, row.recorded_by) for row in rows]

    assert world.database.read_sync(consent) == [("service", "2026-11", "signed", "account:staff")]
    world.people["new"] = who
    order = world.place("new", "soft", method="cash")
    assert order.self_pay_fen < order.list_fen
    page = tablet.get(f"/staff/people/{who}").text
    assert "李*英" in page
    assert "李秀英" not in page
    assert EXAMPLE_ID not in page
    assert actions(world, f"resident:{who}") == ["resident.enrolled"]


def test_the_same_id_number_finds_the_person_instead_of_refusing(world: World, client: TestClient[Litestar]) -> None:
    who = enrolled(Tablet(client, "shuiyun"), community="shuiyun")

    answer = Tablet(client, "staff").post("/staff/people/enrol", **(ENROL | {"national_id": EXAMPLE_ID.lower()}))

    assert str(answer.url).endswith(f"/staff/people/{who}?done=already")
    assert "resident.looked-up" in actions(world, f"resident:{who}")


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"national_id": "110105194912310020"}, "有一位输错了"),
        ({"national_id": "1101051949"}, "18 位"),
        ({"national_id": "11010519490230002X"}, "出生日期不对"),
        ({"national_id": ""}, "没有身份证就填出生日期"),
        ({"consent": ""}, "念给本人听"),
        ({"name": "  "}, "请填"),
        ({"phone": "12"}, "电话号码不对"),
        ({"card-0": CARDS["elder82"]}, "已经绑给别人"),
        ({"card-0": "12"}, "卡号不对"),
        ({"community": "nowhere"}, "选"),
    ],
)
def test_what_is_wrong_is_said_kindly_and_nothing_typed_is_lost(
    client: TestClient[Litestar], fields: dict[str, object], words: str
) -> None:
    answer = Tablet(client, "staff").post("/staff/people/enrol", **(ENROL | {"name": "李秀英"} | fields))

    assert answer.status_code in {409, 422}
    assert words in answer.text
    if "name" not in fields:
        assert 'value="李秀英"' in answer.text


def test_without_an_id_card_the_birthday_is_typed(world: World, client: TestClient[Litestar]) -> None:
    who = enrolled(Tablet(client, "staff"), national_id="", born="1940-02-29", sex="f", community="-")

    file = world.database.read_sync(eligibility.eligibility_file, who)
    assert file is not None
    assert (str(file.born), file.living_area) == ("1940-02-29", "")


def test_staff_see_their_own_people_and_those_who_show_a_card_or_an_id(
    world: World, client: TestClient[Litestar]
) -> None:
    tablet, stranger = Tablet(client, "staff"), world.people["elder75"]
    assert tablet.get(f"/staff/people/{stranger}").status_code == 403
    assert "孙*琴" not in tablet.post("/staff/people", text="ssq").text
    assert "张*兰" in tablet.post("/staff/people", text="zyl").text

    opened = tablet.post("/staff/people", text=CARDS["elder75"])

    assert str(opened.url).endswith(stranger)
    assert tablet.get(f"/staff/people/{stranger}").status_code == 200
    assert actions(world, f"resident:{stranger}")[-1] == "resident.looked-up"


def test_a_name_and_a_number_are_shown_once_for_a_reason(world: World, client: TestClient[Litestar]) -> None:
    tablet = Tablet(client, "staff")
    who = enrolled(tablet, phone="13904316688")
    at = f"/staff/people/{who}/reveal"

    assert tablet.post(at, field="phone", reason="").status_code == 422
    assert tablet.post(at, field="national_id", reason="receipt").status_code == 422
    assert "13904316688" in tablet.post(at, field="phone", reason="call-about-meal").text
    assert "李秀英" in tablet.post(at, field="name", reason="check-identity").text
    assert actions(world, f"resident:{who}").count("resident.revealed") == 2


def test_a_lost_card_works_nowhere_from_that_moment(world: World, client: TestClient[Litestar]) -> None:
    tablet, number, who = Tablet(client, "staff"), CARDS["elder82"], world.people["elder82"]
    wish: dict[str, object] = {
        "canteen": "longcheng",
        "date": "2026-11-23",
        "meal": "lunch",
        "card": number,
        "payment": "cash",
    }
    wish |= {"lines": [{"item": world.items["longcheng"]["soft"], "quantity": 1}]}

    tablet.post(f"/staff/people/{who}/cards/report", number=number, state="lost")

    assert "这张卡" in tablet.post("/staff/tap", text=number).text
    answer = client.post("/api/v1/orders", json=wish, headers=world.bearer("kiosk") | {"Idempotency-Key": "lost-1"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "people.card-stopped"
    with pytest.raises(Exception, match="card-stopped"):
        world.database.read_sync(cards.find_active, number)
    tablet.post(f"/staff/people/{who}/cards/report", number=number, state="active")
    assert world.database.read_sync(cards.find_active, number).resident_id == who


def test_a_replaced_card_stops_with_the_new_one_and_is_printed(world: World, client: TestClient[Litestar]) -> None:
    tablet, number, who = Tablet(client, "staff"), CARDS["elder82"], world.people["elder82"]

    tablet.post(f"/staff/people/{who}/cards", old=number, print="1")

    lines = world.database.read_sync(cards.of_resident, who)
    (new,) = (line.number for line in lines if line.state == "active")
    assert [line.state for line in lines if line.number == number] == ["lost"]
    sheet = tablet.get(f"/staff/people/{who}/cards").text
    assert cards.grouped(new) in sheet
    assert number not in sheet
    assert "张玉兰" not in sheet


def test_nobody_reports_somebody_elses_card(client: TestClient[Litestar], world: World) -> None:
    at = f"/staff/people/{world.people['elder82']}/cards/report"

    assert Tablet(client, "staff").post(at, number=CARDS["elder92"], state="lost").status_code == 403


def test_consents_are_given_and_taken_back_each_by_itself(world: World, client: TestClient[Litestar]) -> None:
    tablet, who = Tablet(client, "staff"), world.people["elder82"]
    at = f"/staff/people/{who}"
    assert tablet.post(f"{at}/diet", diet="soft").status_code == 409
    for kind in ("health", "family"):
        tablet.post(f"{at}/consents", kind=kind, given="1", how="spoken")
    tablet.post(f"{at}/diet", diet="soft", allergen="fish", note="少放油")
    tablet.post(f"{at}/fetchers", number=CARDS["elder92"])
    assert world.database.read_sync(fetchers_of, who) == (world.people["elder92"],)

    tablet.post(f"{at}/consents", kind="health", given="0")

    assert world.database.read_sync(diet_notes.read, world.sealer, who) == diet_notes.NOTHING
    assert world.database.read_sync(stands, who, ConsentKind.FAMILY)
    tablet.post(f"{at}/consents", kind="family", given="0")
    assert world.database.read_sync(fetchers_of, who) == ()
    assert tablet.post(f"{at}/consents", kind="service", given="0").status_code == 422


def test_a_slip_is_printed_with_what_to_do_and_no_private_number(world: World, client: TestClient[Litestar]) -> None:
    tablet = Tablet(client, "staff")
    who = enrolled(tablet, phone="13904316688")

    sheet = tablet.post(f"/staff/people/{who}/slip", cards="1")

    found = re.search(r"\d{4} \d{4} \d{4}(?=</p></div></div>)", sheet.text)
    assert found is not None
    now = datetime.now(UTC)
    assert world.database.read_sync(slips.find, slips.code_hash(world.sealer, found[0]), now) == who
    assert sheet.headers["cache-control"] == "no-store"
    assert "李*英" in sheet.text
    for private in ("李秀英", EXAMPLE_ID, "13904316688", "0431"):
        assert private not in sheet.text
    tablet.post(f"/staff/people/{who}/slip", do="revoke")
    with pytest.raises(Exception, match="slip-ended"):
        world.database.read_sync(slips.find, slips.code_hash(world.sealer, found[0]), now)


def _duplicate(world: World, client: TestClient[Litestar]) -> str:
    return enrolled(Tablet(client, "manager"), name="张玉兰", **{"card-0": "7000000000003333"})


def _propose(client: TestClient[Litestar], world: World) -> Response:
    at = f"/staff/people/{world.people['elder82']}/merge"
    return Tablet(client, "manager").post(at, other="7000000000003333", why="同一张社保卡")


def _case(page: str) -> str:
    found = re.search(r"/office/merges/([0-9A-Z]{26})", page)
    assert found is not None
    return found[0]


def test_a_merge_needs_two_people(world: World, client: TestClient[Litestar]) -> None:
    gone = _duplicate(world, client)
    assert "等另一个人确认" in _propose(client, world).text
    worker = Tablet(client, "community")
    at = _case(worker.get("/office/merges").text)

    assert Tablet(client, "auditor").post(at, do="merge").status_code == 403
    assert "合并好了" in worker.post(at, do="merge").text
    assert worker.post(at, do="merge").status_code == 409

    signed_in = {"accept": "text/html", "cookie": "session=staff"}
    onward = client.get(f"/staff/people/{gone}", headers=signed_in, follow_redirects=False)
    assert onward.headers["location"] == f"/staff/people/{world.people['elder82']}?done=merged"
    assert all(one.ok for one in world.database.read_sync(check))
    assert count_of(world, "merge.confirmed") == 1


def test_whoever_proposed_a_merge_cannot_confirm_it(world: World, client: TestClient[Litestar]) -> None:
    _duplicate(world, client)
    worker = Tablet(client, "community")
    kept = world.people["elder82"]
    worker.post("/office/merges", kept=kept, other="7000000000003333", why="一个人")
    page = Tablet(client, "officer").get("/office/merges").text
    at = _case(page)

    refused = worker.post(at, do="merge")

    assert refused.status_code == 403
    assert "换一个人" in refused.text
    assert Tablet(client, "officer").post(at, do="decline", why="").status_code == 422
    assert "不是一个人" in Tablet(client, "officer").post(at, do="decline", why="照片不像").text


def test_an_unsafe_merge_says_what_to_do_first(world: World, client: TestClient[Litestar]) -> None:
    world.people["twin"] = _duplicate(world, client)
    _propose(client, world)
    for who in ("elder82", "twin"):
        world.place(who, "soft", method="cash")
    officer = Tablet(client, "officer")
    page = officer.get("/office/merges").text
    assert "先取消一份" in page
    assert "是一个人，合并" not in page

    found = re.search(r"/office/merges/[0-9A-Z]{26}", page)
    assert found is not None
    assert officer.post(found[0], do="merge").status_code == 409


def _enrolled_long_ago(session: Session, resident_id: str, days: int, now: datetime) -> None:
    opened = now - timedelta(days=days)
    session.execute(
        update(EligibilityFile).where(col(EligibilityFile.resident_id) == resident_id).values(opened_at=opened)
    )


def test_addresses_are_confirmed_within_thirty_days_or_listed(world: World, client: TestClient[Litestar]) -> None:
    late, fresh = world.people["elder82"], world.people["elder92"]
    world.database.write_sync(_enrolled_long_ago, late, 40, world.now)
    world.database.write_sync(_enrolled_long_ago, fresh, 25, world.now)
    world.collect(world.place("elder82", "soft", method="cash").pickup_code, take_cash=True)
    worker = Tablet(client, "community")

    page = worker.get("/office/residence").text

    assert "超期 10 天" in page
    assert "还有 5 天" in page
    assert page.index("张玉兰") < page.index("王福顺")
    assert "1 份" in page
    month = Tablet(client, "officer").get("/office/months/2026-11").text
    assert "住址还没核实" in month
    assert "住在这里" in worker.post("/office/residence", resident=late, do="confirm").text
    assert "住址还没核实" not in Tablet(client, "officer").get("/office/months/2026-11").text
    assert "已搬走" in worker.post("/office/residence", resident=fresh, do="moved", since="2026-11-20").text
    file = world.database.read_sync(eligibility.eligibility_file, fresh)
    assert file is not None
    assert str(file.status_since) == "2026-11-20"
    assert worker.post("/office/residence", resident=world.people["elder75"], do="confirm").status_code == 403


def test_a_list_is_masked_and_written_down(world: World, client: TestClient[Litestar]) -> None:
    enrolled(Tablet(client, "manager"), phone="13904316688")

    canteen = Tablet(client, "manager").post("/staff/people/export", kind="csv")
    office = Tablet(client, "community").post("/office/residents/export", kind="csv")

    assert canteen.text.startswith("\ufeff")
    assert "李*英" in canteen.text
    for private in ("李秀英", EXAMPLE_ID, "13904316688", "孙*琴"):
        assert private not in canteen.text
    assert "李秀英" in office.text
    assert EXAMPLE_ID not in office.text
    assert Tablet(client, "community").post("/office/residents/export", clear="1", reason="").status_code == 422
    clear = Tablet(client, "community").post("/office/residents/export", clear="1", reason="核对名册")
    assert EXAMPLE_ID in clear.text
    assert EXAMPLE_ID not in Tablet(client, "auditor").post("/office/residents/export", clear="1", reason="x y").text
    assert count_of(world, "people.exported") == 4
    sheet = Tablet(client, "manager").post("/staff/people/export", kind="xlsx")
    assert sheet.content[:2] == b"PK"


def test_the_counter_finds_people_by_initials_and_phone_end(world: World, client: TestClient[Litestar]) -> None:
    tablet = Tablet(client, "staff")
    enrolled(tablet, name="单丽华", phone="13904316688")

    for typed in ("slh", "dlh", "6688"):
        assert "单*华" in tablet.post("/staff/tap", text=typed).text
    assert "单丽华" in Tablet(client, "officer").get("/office/residents?q=slh").text


def test_no_name_of_the_roll_is_without_a_spelling(world: World) -> None:
    def blank(session: Session) -> list[str]:
        return list(session.exec(select(Resident.id).where(col(Resident.initials) == "")))

    assert world.database.read_sync(blank) == []


def test_lost_phone_is_signed_out_at_the_counter(world: World, client: TestClient[Litestar]) -> None:
    """Whoever holds it must sign in again; at the counter it takes one press."""
    give_pin(world, "elder82")
    lost = Phone(client)
    lost.sign_in("elder82")
    lost.go("")
    greeted = lost.text
    visit = dict(client.cookies)
    client.cookies.clear()
    tablet = Tablet(client, "staff")
    done = tablet.post(f"/staff/people/{world.people['elder82']}/phones")
    client.cookies.clear()
    client.cookies.update(visit)

    assert "张奶奶" in greeted
    assert "手机都退出了" in done.text
    lost.go("")
    assert "张奶奶" not in lost.text
