"""Tables in and out, by HTTP: the manager's dishes and menus, the community's residents, what is taken away."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from canteen.app import create_app
from canteen.audit.models import AuditEntry
from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from canteen.people import cards
from menus.models import Dish, FoodPrice, Menu, MenuItem
from tests.canteen.imports.files import csv_bytes, id_number, people
from tests.support.world import World

SIGNED_IN: dict[tuple[int, str], dict[str, str]] = {}


class Browser:
    """Somebody signed in, with the forms of pages."""

    def __init__(self, client: TestClient[Litestar], username: str) -> None:
        self.client = client
        client.cookies.clear()
        known = SIGNED_IN.get((id(client), username))
        if known is not None:  # checking a password takes a third of a second, on purpose
            client.cookies.update(known)
            return
        fields = {"username": username, "password": DEMO_PASSWORD, "_csrf_token": self._token("/")}
        assert client.post("/signin", data=fields, follow_redirects=False).status_code == 303
        SIGNED_IN[id(client), username] = dict(client.cookies)

    def _token(self, path: str) -> str:
        found = re.search(r'name="_csrf_token" value="([0-9a-f]+)"', self.client.get(path).text)
        assert found is not None
        return found[1]

    def get(self, path: str) -> Response:
        """A page."""
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> Response:
        """A form of the page before."""
        token = self._token(path.rsplit("/", 2)[0] if path.endswith(("/apply", "/drop")) else path)
        return self.client.post(path, data={**fields, "_csrf_token": token})

    def upload(self, path: str, name: str, data: bytes, **fields: str) -> Response:
        """A file."""
        token = self._token(path)
        return self.client.post(path, data={**fields, "_csrf_token": token}, files={"file": (name, data)})


@pytest.fixture(scope="module")
def client(shared_world: World) -> Iterator[TestClient[Litestar]]:
    """One world for all: making the accounts takes longer than most of what is tried with them."""
    add_demo_accounts(shared_world.database, datetime.now(UTC))
    app = create_app(shared_world.settings())
    with TestClient(app, raise_server_exceptions=False, base_url="http://canteen.test") as opened:
        opened.headers["accept"] = "text/html"
        yield opened


def _dishes(world: World) -> dict[str, Dish]:
    rows = world.database.read_sync(lambda s: s.exec(select(Dish).where(Dish.kitchen_id == "longcheng")).all())
    return {row.name: row for row in rows}


def test_a_manager_brings_in_dishes(shared_world: World, client: TestClient[Litestar]) -> None:
    """Dry run, what changes old → new, yes; the price history remembers."""
    browser = Browser(client, "longcheng-manager")
    known = next(iter(_dishes(shared_world).values()))
    data = csv_bytes(
        [
            ("菜名", "种类", "价格", "饮食标签", "菜品编号"),
            ("红烧豆腐新", "素", "6.50", "软烂、素食", ""),
            (known.name, "荤", "99", "", known.key),
        ]
    )

    checked = browser.upload("/staff/import", "菜.csv", data, kind="dishes")
    before = _dishes(shared_world)
    page = browser.post(f"{checked.url.path}/apply")

    assert "红烧豆腐新" in checked.text
    assert "→ 99" in checked.text
    assert "红烧豆腐新" not in before
    assert "导入完成：新增 1，修改 1" in page.text
    now = _dishes(shared_world)
    assert (now["红烧豆腐新"].price_fen, now["红烧豆腐新"].diet_tags) == (650, ["soft", "vegetarian"])
    assert now[known.name].price_fen == 9_900
    history = shared_world.database.read_sync(lambda s: s.exec(select(FoodPrice)).all())
    assert (known.price_fen, 9_900) in {(row.from_fen, row.to_fen) for row in history}


def test_wrong_lines_are_named_and_nothing_comes_in(shared_world: World, client: TestClient[Litestar]) -> None:
    """Line, column, reason in words; no button to import."""
    browser = Browser(client, "longcheng-manager")

    page = browser.upload(
        "/staff/import",
        "菜.csv",
        csv_bytes([("菜名", "种类", "价格"), ("新菜", "素", "贵"), ("x", "荤", "1")]),
        kind="dishes",
    )
    applied = client.post(
        f"{page.url.path}/apply",
        data={"_csrf_token": re.search(r'_csrf_token" value="([0-9a-f]+)"', page.text)[1]},  # type: ignore[index]
    )

    assert "第 2 行" in page.text
    assert "C 列「价格」" in page.text
    assert "「贵」不是金额" in page.text
    assert applied.status_code == 422
    assert "新菜" not in _dishes(shared_world)


def test_a_file_that_is_no_table_is_refused_on_the_page(client: TestClient[Litestar]) -> None:
    """In words, with the form again."""
    page = Browser(client, "longcheng-manager").upload("/staff/import", "旧.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 99)

    assert page.status_code == 422
    assert "旧的 .xls 格式" in page.text


def test_a_manager_brings_in_menus_as_drafts(shared_world: World, client: TestClient[Litestar]) -> None:
    """A day to come; today's published menu is never touched."""
    browser = Browser(client, "longcheng-manager")
    header = ("日期", "餐次", "菜品或套餐", "份数", "推荐")
    row = shared_world.database.read_sync(
        lambda s: s.exec(
            select(MenuItem)
            .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
            .where(Menu.kitchen_id == "longcheng", MenuItem.kind == "dish")
        ).first()
    )
    assert row is not None
    today = browser.upload(
        "/staff/import", "m.csv", csv_bytes([header, ("2026-11-23", "午餐", row.name, "50", "")]), kind="menus"
    )
    draft = browser.upload(
        "/staff/import", "m.csv", csv_bytes([header, ("2026/12/1", "午餐", row.name, "50", "是")]), kind="menus"
    )

    browser.post(f"{draft.url.path}/apply")

    assert "已经发布" in today.text
    menus = shared_world.database.read_sync(lambda s: s.exec(select(Menu).where(Menu.kitchen_id == "longcheng")).all())
    made = [menu for menu in menus if menu.day.isoformat() == "2026-12-01"]
    assert [(menu.meal, menu.status) for menu in made] == [("lunch", "draft")]
    assert made[0].recommended_item_id is not None


def test_a_community_worker_brings_in_residents(shared_world: World, client: TestClient[Litestar]) -> None:
    """Masked where it is private; another's file is nobody's business."""
    browser = Browser(client, "community")

    checked = browser.upload("/office/import", "名单.csv", people(("张三丰", id_number(5), "19900000005", "22005")))
    page = browser.post(f"{checked.url.path}/apply")

    assert "张三丰" in checked.text
    assert id_number(5) not in checked.text
    assert "导入完成：新增 1" in page.text
    assert shared_world.database.read_sync(cards.find, "22005") is not None
    officer = Browser(client, "officer")
    assert officer.get(checked.url.path).status_code == 404


def test_somebody_of_another_community_is_not_changed(shared_world: World, client: TestClient[Litestar]) -> None:
    """The worker of Longcheng cannot reach into Shuiyun by a list."""
    number = id_number(7)
    officer = Browser(client, "officer")
    data = people(("李水韵", number, "", "22007"))
    checked = officer.upload("/office/import", "x.csv", data, home="shuiyun")
    officer.post(f"{checked.url.path}/apply")

    page = Browser(client, "community").upload("/office/import", "x.csv", people(("李改名", number, "", "")))

    assert "在别的社区的名单上" in page.text


@pytest.mark.parametrize("path", ["/staff/import/template/dishes", "/staff/import/template/menus"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_can_be_brought_back(client: TestClient[Litestar], path: str, kind: str) -> None:
    """Its example line is left out, so an untouched one is empty; XLSX explains itself."""
    browser = Browser(client, "longcheng-manager")

    file = browser.get(f"{path}?kind={kind}")
    page = browser.upload("/staff/import", f"t.{kind}", file.content, kind=path.rsplit("/", 1)[1])

    assert file.headers["content-disposition"].startswith("attachment")
    assert "没有可以导入的行" in page.text
    if kind == "xlsx":
        assert CalamineWorkbook.from_filelike(io.BytesIO(file.content)).sheet_names == ["填写", "填写说明"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_taken_away_can_be_brought_back_unchanged(
    shared_world: World, client: TestClient[Litestar], kind: str, lang: str
) -> None:
    """Dishes and residents: every line is the same."""
    manager = Browser(client, "longcheng-manager")
    dishes = manager.get(f"/staff/export/dishes?kind={kind}&lang={lang}")
    page = manager.upload("/staff/import", f"d.{kind}", dishes.content, kind="dishes")
    worker = Browser(client, "community")
    roll = worker.get(f"/office/import/current?kind={kind}&lang={lang}")
    roll_page = worker.upload("/office/import", f"r.{kind}", roll.content)

    for shown in (page, roll_page):
        assert "完全一样" in shown.text or "says what is there already" in shown.text, shown.text


def test_menus_taken_away_come_back_as_they_were(shared_world: World, client: TestClient[Litestar]) -> None:
    """Drafts only: make one, take it away, bring it back."""
    browser = Browser(client, "longcheng-manager")
    dishes = list(_dishes(shared_world))[:2]
    header = ("日期", "餐次", "菜品或套餐", "单菜还是套餐", "份数", "价格")
    rows = [("2026-12-02", "晚餐", name, "菜品", "30", "7.50") for name in dishes]
    made = browser.upload("/staff/import", "m.csv", csv_bytes([header, *rows]), kind="menus")
    browser.post(f"{made.url.path}/apply")

    taken = browser.get("/staff/export/menus?first=2026-12-02&last=2026-12-02&kind=xlsx")
    page = browser.upload("/staff/import", "m.xlsx", taken.content, kind="menus")

    assert "完全一样" in page.text


ALL = ("dishes", "menus", "orders", "order-lines", "prep", "served", "dues", "payments", "wallets", "devices")


@pytest.mark.parametrize("name", ALL)
def test_every_table_is_taken_away_and_written_down(
    shared_world: World, client: TestClient[Litestar], name: str
) -> None:
    """Both kinds of file; one audit entry each."""
    order = shared_world.place("elder82", "soft", method="cash")
    shared_world.collect(order.pickup_code, take_cash=True)
    browser = Browser(client, "longcheng-manager")

    before = len(_exports(shared_world, name))
    as_csv = browser.get(f"/staff/export/{name}?kind=csv")
    as_xlsx = browser.get(f"/staff/export/{name}?kind=xlsx")

    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"), newline="")))
    assert CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx.content)).get_sheet_by_index(0).height == len(rows)
    assert len(rows) > 1 or name in {"dues", "wallets", "devices"}
    assert len(_exports(shared_world, name)) == before + 2


def _exports(world: World, name: str) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(AuditEntry.action == "table.exported", AuditEntry.subject == f"table:{name}")
    return list(world.database.read_sync(lambda s: s.exec(wanted).all()))


def test_tables_of_orders_name_no_subsidy_and_no_whole_name(shared_world: World, client: TestClient[Litestar]) -> None:
    """Staff see what is to be paid; neither list price, category nor the name in full."""
    shared_world.place("elder82", "soft", method="cash")

    text = Browser(client, "longcheng-staff").get("/staff/export/orders").content.decode("utf-8-sig")

    header = text.split("\r\n")[0]
    assert "应付（元）" in header
    for word in ("原价", "补贴", "类别"):
        assert word not in header
    assert "*" in text.split("\r\n")[1]


def test_staff_cannot_take_money_tables_and_days_are_bounded(client: TestClient[Litestar]) -> None:
    """Nor a hundred days at once."""
    browser = Browser(client, "longcheng-staff")

    assert browser.get("/staff/export/payments").status_code == 404
    assert "收款明细" not in browser.get("/staff/export").text
    assert browser.get("/staff/export/orders?first=2026-01-01&last=2026-11-23").status_code == 422
    assert browser.get("/staff/export?first=2026-11-23&last=2026-11-01").status_code == 422
