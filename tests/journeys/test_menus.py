"""A manager runs the menus through HTTP: the kitchen's book, photos, a week, the cycle, top-ups, paper and files."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from PIL import Image
from sqlmodel import select

from menus import cycle, top_ups
from menus.models import Dish, FoodPrice, Menu, MenuItem, MenuItemPart, SetMeal
from tests.menus.test_photos import phone_photo
from tests.support.tablet import Tablet
from tests.support.world import World

NEXT_MONDAY = date(2026, 11, 30)
DISH = {
    "name": "酸菜炖粉条",
    "price": "9.50",
    "half_price": "5",
    "course": "veg",
    "form": "stew_bowl",
    "colour": "cabbage",
}


class Browser(Tablet):
    """A manager's tablet that also sends photos and several ticks of one name."""

    def post(self, path: str, **fields: object) -> Response:
        return self._send(path, fields)

    def put_up(self, path: str, photo: bytes) -> Response:
        return self._send(path, {}, {"photo": ("IMG_0001.jpg", photo, "image/jpeg")})

    def _send(
        self, path: str, fields: dict[str, object], files: dict[str, tuple[str, bytes, str]] | None = None
    ) -> Response:
        data = {"_csrf_token": self._token, **fields}
        answer = self.client.post(path, data=data, files=files, headers=self._headers, follow_redirects=False)
        return self.get(answer.headers["location"]) if answer.status_code == 303 else answer


@pytest.fixture
def browser(world_open: TestClient[Litestar]) -> Browser:
    """The manager of Longcheng; the books hold whatever was done."""
    return Browser(world_open, "longcheng-manager")


def _id(world: World, key: str, table: type[Dish] | type[SetMeal] = Dish) -> int:
    query = select(table.id).where(table.kitchen_id == "longcheng", table.key == key)
    found = world.database.read_sync(lambda s: s.exec(query).one())
    assert found is not None
    return found


def _text(answer: Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))


def _menus(world: World, day: date) -> dict[str, str]:
    query = select(Menu.meal, Menu.status).where(Menu.kitchen_id == "longcheng", Menu.day == day)
    return {str(meal): str(status) for meal, status in world.database.read_sync(lambda s: s.exec(query).all())}


def _planned(world: World, day: date, name: str) -> int:
    query = (
        select(MenuItem.planned_halves)
        .join(Menu)
        .where(Menu.day == day, MenuItem.name == name, Menu.kitchen_id == "longcheng")
    )
    return world.database.read_sync(lambda s: s.exec(query).one()) // 2


def test_a_new_dish_is_written_corrected_and_found(browser: Browser, world: World) -> None:
    """Its price history has who, when, from, to and why; the search finds it by an ingredient."""
    added = browser.post(
        "/staff/dishes", **DISH, ingredients="酸菜、粉条", diet_tags=["warm", "low_sugar"], allergens=["soy"]
    )
    assert "加好了" in added.text
    page = re.search(r'action="(/staff/dishes/\d+)"', added.text)
    assert page is not None

    saved = browser.post(page[1], **DISH | {"price": "10"}, reason="酸菜涨价", allergens="soy")

    assert "9.50 元改为 10 元" in saved.text
    assert "李师傅" in saved.text
    assert "酸菜涨价" in saved.text
    assert "定价 9.50 元" in saved.text
    assert "酸菜炖粉条" in browser.get("/staff/dishes?q=酸菜炖").text
    assert "没有找到" in browser.get("/staff/dishes?q=燕窝").text
    assert "酸菜炖粉条" not in browser.get("/staff/dishes?course=meat").text
    history = world.database.read_sync(lambda s: s.exec(select(FoodPrice.from_fen, FoodPrice.to_fen)).all())
    assert [tuple(row) for row in history] == [(None, 950), (950, 1000)]


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"name": ""}, "请填写这一项"),
        ({"price": "九块"}, "请写成 6 或 6.50 这样"),
        ({"price": "0"}, "价格要大于 0"),
        ({"price": "1000.01"}, "价格要大于 0"),
        ({"half_price": "12"}, "半份要大于 0"),
        ({"course": ""}, "请从列出的里面选一个"),
        ({"form": "pizza"}, "请从列出的里面选一个"),
        ({"name": "红烧肉炖豆角"}, "已经有一样叫"),
    ],
)
def test_errors_are_kind_and_nothing_typed_is_lost(browser: Browser, wrong: dict[str, str], told: str) -> None:
    answer = browser.post(
        "/staff/dishes", **DISH | wrong, ingredients="酸菜、粉条", allergens=["soy", "wheat"], name_en="Noodle stew"
    )

    assert answer.status_code in {409, 422}
    assert told in answer.text
    assert len(re.findall(r'class="field-error"', answer.text)) <= 1
    assert "酸菜、粉条" in answer.text
    assert 'value="Noodle stew"' in answer.text
    assert len(re.findall(r'name="allergens" value="(?:soy|wheat)" checked', answer.text)) == 2


def test_a_set_meal_is_written_and_put_on_a_meal_with_its_dishes(browser: Browser, world: World) -> None:
    """From nothing to a published lunch next Monday, on the phone with its dishes."""
    fields = {"name": "一荤一素", "price": "11", "slot-1": "meat", "slot-2": "veg", "slot-4": "staple"}
    assert "加好了" in browser.post("/staff/sets", **fields, diet_tags="low_salt").text
    kind = world.database.read_sync(lambda s: s.exec(select(SetMeal).where(SetMeal.name == "一荤一素")).one())
    assert kind.slots == ["meat", "veg", "staple"]
    plan = "/staff/menus/2026-11-30/lunch"

    assert "第 2 道 · 素菜" in _text(browser.get(f"{plan}/set?key={kind.key}"))
    parts = {"part-1": "ribs", "part-2": "cabbage", "part-3": "rice"}
    browser.post(f"{plan}/set", key=kind.key, portions="30", **parts)
    browser.post(f"{plan}/set", key=kind.key, portions="35", **parts | {"part-1": "mackerel"})
    published = browser.post(plan, do="publish")

    assert "发布了" in published.text
    assert _menus(world, NEXT_MONDAY) == {"lunch": "published"}
    query = select(MenuItemPart.name).join(MenuItem).join(Menu).where(Menu.day == NEXT_MONDAY)
    names = world.database.read_sync(lambda s: s.exec(query).all())
    assert names == ["清炖鲅鱼", "醋溜白菜", "米饭"]
    assert browser.get(f"{plan}/set?key={kind.key}").status_code == 404  # what people order keeps its dishes


def test_price_is_told_to_stay_on_planned_menus_and_drafts_can_follow(browser: Browser, world: World) -> None:
    browser.post("/staff/menus/2026-11-30/lunch", do="copy")
    ribs = _id(world, "ribs")
    page = browser.get(f"/staff/dishes/{ribs}")
    assert "已经排好的菜单仍是原来的价格" in page.text
    assert "1 餐草稿也改成新价" in page.text
    fields = {"name": "红烧肉炖豆角", "price": "13", "course": "meat", "form": "stew_bowl", "colour": "pork"}

    saved = browser.post(f"/staff/dishes/{ribs}", **fields, allergens="soy", reprice="1")

    assert "1 餐草稿改成了新价" in saved.text
    query = select(Menu.status, MenuItem.price_fen).join(MenuItem).where(MenuItem.dish_id == ribs)
    found = world.database.read_sync(lambda s: s.exec(query).all())
    assert dict(found) == {"draft": 1300, "published": 1200}


def test_a_retired_dish_leaves_new_plans_and_comes_back(browser: Browser, world: World) -> None:
    rice = _id(world, "rice")

    retired = browser.post(f"/staff/dishes/{rice}/offer", offered="0")
    assert "要改内容，先恢复" in retired.text
    assert "米饭" not in browser.get("/staff/dishes").text
    assert "米饭" in browser.get("/staff/dishes?retired=1").text
    refused = browser.post(f"/staff/dishes/{rice}", **DISH)
    assert refused.status_code == 409
    back = browser.post(f"/staff/dishes/{rice}/offer", offered="1")

    assert "恢复了" in back.text
    assert "米饭" in browser.get("/staff/dishes").text


def test_a_photo_takes_the_place_of_the_drawing_with_its_date(browser: Browser, world: World) -> None:
    """On the kiosk, the phone and the counter; re-encoded, kept for a year by browsers, and gone when taken down."""
    soft = _id(world, "soft", SetMeal)

    shown = browser.put_up(f"/staff/sets/{soft}/photo", phone_photo())

    assert "照片放上了" in shown.text
    assert "照片 11月23日" in shown.text
    address = re.search(r'src="(/photos/[\w-]+)"', shown.text)
    assert address is not None
    for path in ("/kiosk/longcheng/menu", f"/staff/counter?who={world.people['elder82']}"):
        page = browser.get(path)
        assert f"{address[1]}/small" in page.text, path
        assert "照片 11月23日" in page.text
    guest = world.client()
    for path, size in ((address[1], (800, 600)), (f"{address[1]}/small", (400, 300))):
        answer = guest.get(path)
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert Image.open(BytesIO(answer.content)).size == size
    gone = browser.post(f"/staff/sets/{soft}/photo", do="remove")
    assert "照片撤下了" in gone.text
    assert guest.get(address[1]).status_code == 404


@pytest.mark.parametrize(
    "sent, status, told",
    [
        (b"<html>no photo</html>", 422, "不是能用的照片"),
        (b"", 422, "不是能用的照片"),
        (b"\xff\xd8" + b"\0" * 8_500_000, 413, "照片太大了"),
        (b"\xff\xd8" + b"\0" * 9_500_000, 413, "太大了"),
    ],
    ids=["page", "empty", "8.5 MB", "9.5 MB"],
)
def test_what_is_no_photo_is_refused_in_words(
    browser: Browser, world: World, sent: bytes, status: int, told: str
) -> None:
    answer = browser.put_up(f"/staff/dishes/{_id(world, 'rice')}/photo", sent)

    assert answer.status_code == status
    assert told in answer.text


def test_other_routes_keep_their_small_limit(browser: Browser) -> None:
    """Only the photo's own route takes more than a megabyte."""
    assert browser.put_up("/staff/dishes", b"\0" * 1_100_000).status_code == 413


def test_a_week_is_copied_published_and_never_written_over(browser: Browser, world: World) -> None:
    """Monday's lunch goes one week on as a draft; once published, copying leaves it and says so."""
    week = browser.get("/staff/week?from=2026-12-02")
    assert "11月30日 星期一 到 12月6日 星期日" in week.text
    fields = {"from": "2026-11-30", "source": "2026-11-23"}

    copied = browser.post("/staff/week", do="copy", **fields)

    assert "抄好了 1 餐" in copied.text
    assert _menus(world, NEXT_MONDAY) == {"lunch": "draft"}
    published = browser.post("/staff/week", do="publish", **fields)
    assert "发布了 1 餐" in published.text
    again = _text(browser.post("/staff/week", do="copy", **fields))
    assert "抄好了 0 餐" in again
    assert "已经发布：11月30日 星期一 午餐" in again
    assert _menus(world, NEXT_MONDAY) == {"lunch": "published"}


def test_what_is_retired_is_left_out_of_a_copy_and_named(browser: Browser, world: World) -> None:
    """The dish by itself, and inside the sets, which keep their other dishes."""
    browser.post(f"/staff/dishes/{_id(world, 'ribs')}/offer", offered="0")

    copied = _text(browser.post("/staff/week", do="copy", **{"from": "2026-11-30", "source": "2026-11-23"}))

    assert "这些菜已停用，没有抄进来：11月30日 星期一 午餐：红烧肉炖豆角" in copied
    query = select(MenuItem.name).join(Menu).where(Menu.day == NEXT_MONDAY)
    assert "红烧肉炖豆角" not in world.database.read_sync(lambda s: s.exec(query).all())
    parts = select(MenuItemPart.name).join(MenuItem).join(Menu).where(Menu.day == NEXT_MONDAY)
    assert set(world.database.read_sync(lambda s: s.exec(parts).all())) == {"清炖鲅鱼", "醋溜白菜", "米饭", "虾仁豆腐"}


def test_a_week_is_kept_and_planned_from_the_cycle(browser: Browser, world: World) -> None:
    """This week becomes week 1; four weeks later it is proposed again and fills the week."""
    kept = browser.post("/staff/week", do="keep", week="1", **{"from": "2026-11-23"})
    assert "循环的这一周有 5 行" in kept.text
    later = (NEXT_MONDAY + timedelta(weeks=3)).isoformat()
    assert "按循环，这一周是第 1 周" in browser.get(f"/staff/week?from={later}").text

    filled = browser.post("/staff/week", do="cycle", week="1", **{"from": later})

    assert "按循环排好了 1 餐" in filled.text
    assert _menus(world, date.fromisoformat(later)) == {"lunch": "draft"}


def test_portions_for_later_come_along_and_what_cannot_is_told(browser: Browser, world: World) -> None:
    """On the same time of the new day; those that came already are planned again, not added twice."""
    today, ribs = "/staff/menus/2026-11-23/lunch", "红烧肉炖豆角"
    first = _planned(world, date(2026, 11, 23), ribs)
    for line, at, more in (("dish:ribs", "11:30", "40"), ("dish:ribs", "12:45", "7"), ("dish:rice", "11:40", "5")):
        browser.post(f"{today}/more", line=line, at=at, more=more)
    half_past = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    for one in world.database.read_sync(top_ups.due, half_past):
        world.database.write_sync(top_ups.apply, one, now=half_past)
    assert _planned(world, date(2026, 11, 23), ribs) == first + 40
    browser.post(f"/staff/dishes/{_id(world, 'rice')}/offer", offered="0")

    copied = _text(browser.post("/staff/week", do="copy", source="2026-11-23", **{"from": "2026-11-30"}))

    assert "中途加份数，这几次没有抄进来：" in copied
    assert "11:40 米饭 再加 5 份（这样没有抄进来）" in copied
    assert "中途再加 47 份" in copied
    assert _planned(world, NEXT_MONDAY, ribs) == first
    plan = browser.get("/staff/menus/2026-11-30/lunch").text
    assert "11:30 红烧肉炖豆角 再加 40 份" in plan
    assert "12:45 红烧肉炖豆角 再加 7 份" in plan
    browser.post("/staff/week", do="keep", week="2", **{"from": "2026-11-30"})
    cycled = _text(browser.post("/staff/week", do="cycle", week="2", **{"from": "2026-12-07"}))
    assert "中途再加 47 份" in cycled
    again = _text(browser.post("/staff/week", do="cycle", week="2", **{"from": "2026-12-07"}))
    assert "中途再加 47 份" in again


def test_an_empty_week_does_not_empty_the_cycle(browser: Browser, world: World) -> None:
    browser.post("/staff/week", do="keep", week="1", **{"from": "2026-11-23"})

    refused = browser.post("/staff/week", do="keep", week="1", **{"from": "2026-12-14"})

    assert refused.status_code == 422
    assert "菜单上一道菜都没有" in refused.text
    assert world.database.read_sync(cycle.kept_weeks, "longcheng") == {1}


def test_a_past_week_is_not_written(browser: Browser, world: World) -> None:
    browser.post("/staff/week", do="keep", week="1", **{"from": "2026-11-23"})

    answer = _text(browser.post("/staff/week", do="cycle", week="1", **{"from": "2026-11-16"}))

    assert "按循环排好了 0 餐" in answer
    assert "这餐的时间过了" in answer
    assert _menus(world, date(2026, 11, 16)) == {}


def test_a_draft_takes_prices_and_a_retired_line_stops_publishing(browser: Browser, world: World) -> None:
    plan = "/staff/menus/2026-11-30/lunch"
    copied = browser.post(plan, do="copy")
    field = re.search(r'name="(price-\d+)"[^>]*value="12"', copied.text)
    assert field is not None
    assert "手机订到 10:00" in copied.text

    saved = browser.post(plan, do="save", **{field[1]: "11.50"})
    assert 'value="11.50"' in saved.text
    again = re.search(r'name="(price-\d+)"[^>]*value="11.50"', saved.text)
    assert again is not None
    wrong = browser.post(plan, do="save", **{again[1]: "x"})
    assert (wrong.status_code, "请写成 6 或 6.50 这样" in wrong.text) == (422, True)
    browser.post(f"/staff/dishes/{_id(world, 'cabbage')}/offer", offered="0")
    refused = browser.post(plan, do="publish")

    assert refused.status_code == 409
    assert "醋溜白菜" in refused.text
    assert _menus(world, NEXT_MONDAY) == {"lunch": "draft"}


def test_portions_are_planned_for_later_and_dropped(browser: Browser, world: World) -> None:
    """What is due is there for the job; what has passed is refused where it was typed."""
    plan = "/staff/menus/2026-11-23/lunch"
    noted = browser.post(f"{plan}/more", line="dish:ribs", at="11:30", more="40")
    assert "11:30 红烧肉炖豆角 再加 40 份" in noted.text
    at = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    assert len(world.database.read_sync(top_ups.due, at)) == 1

    for at_time in ("10:00", "13:00", "x"):
        refused = browser.post(f"{plan}/more", line="dish:ribs", at=at_time, more="40").text
        assert "要比现在晚" in refused
        assert 'name="more" value="40"' in re.sub(r' (?:type|class|inputmode|id)="[^"]*"', "", refused)
    number = re.search(r'name="drop" value="(\d+)"', noted.text)
    assert number is not None
    dropped = browser.post(f"{plan}/more", drop=number[1])

    assert "再加 40 份" not in dropped.text
    assert world.database.read_sync(top_ups.due, at) == ()


def test_the_week_sheet_shows_what_is_published_and_nothing_else(browser: Browser, world: World) -> None:
    """Public, with prices and allergens; no portions, no draft, no names of people."""
    browser.post("/staff/menus/2026-11-24/lunch", do="copy")

    assert 'href="/m/longcheng/week"' in world.client().get("/m/longcheng").text
    sheet = world.client().get("/m/longcheng/week?from=2026-11-23")

    text = _text(sheet)
    assert sheet.status_code == 200
    assert "软烂两荤一素 15 元" in text
    assert "鱼" in text
    assert "过敏原记号" in text
    assert text.count("软烂两荤一素") == 1
    assert "40" not in re.sub(r"\d+:\d+", "", text)
    assert "这一周的菜单还没有发布" in world.client().get("/m/longcheng/week?from=2026-12-07").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["/staff/dishes/table", "/staff/sets/table", "/staff/week/table"])
def test_tables_are_files(browser: Browser, path: str, kind: str) -> None:
    answer = browser.get(f"{path}?kind={kind}&from=2026-11-23")

    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert "软烂两荤一素" in answer.text or "红烧肉炖豆角" in answer.text


def test_another_kitchens_book_stays_shut(browser: Browser, world: World) -> None:
    """Shuiyun's dishes are none of Longcheng's: seen, changed, photographed or retired."""
    query = select(Dish.id).where(Dish.kitchen_id == "shuiyun", Dish.key == "rice")
    theirs = world.database.read_sync(lambda s: s.exec(query).one())

    answers = [
        browser.get(f"/staff/dishes/{theirs}"),
        browser.post(f"/staff/dishes/{theirs}", **DISH),
        browser.post(f"/staff/dishes/{theirs}/offer", offered="0"),
        browser.put_up(f"/staff/dishes/{theirs}/photo", phone_photo()),
        browser.get("/staff/dishes/99999999999999"),
    ]

    assert {answer.status_code for answer in answers} == {404}
