"""The kitchen through HTTP: the prep sheet, its reminder, what was made and left, and what is kept of corrections."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text
from sqlmodel import Session, select

from canteen.audit.models import AuditEntry
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.models import Account, Role
from canteen.people.tokens import hash_secret
from canteen.people.web_sessions import lifetime_of, open_session
from canteen.readmodels.kitchen_counts import DishKitchen, kitchen_day
from canteen.readmodels.prep_sheet import PrepSheet, prep_sheet
from canteen.usecases.count_dishes import DishesCounted, count_dishes
from canteen.usecases.enrol_resident import ConsentGiven, Enrolment, enrol_resident
from menus.errors import CountTooLate, NotOnMenu, PortionsRefused
from menus.kitchen_counts import Count, Counted
from menus.models import Dish, MenuItem
from menus.service_days import MealPeriod
from tests.canteen.building import collected_meal, plan_lunch
from tests.support.tablet import Tablet
from tests.support.world import ACTOR, World

BEFORE = timedelta(hours=1, minutes=20)
"""09:30: before the cut-off of phones at 10:00."""


@pytest.fixture
def tablet(world: World) -> Iterator[Tablet]:
    """Staff of Longcheng, at 10:50."""
    world.database.write_sync(_add_staff)
    with world.client() as client:
        yield _tablet(client)


def _tablet(client: TestClient[Litestar]) -> Tablet:
    return Tablet(client, "longcheng-staff")


def _add_staff(session: Session) -> None:
    now = datetime.now(UTC)
    session.add(
        Account(
            id="longcheng-staff",
            username="longcheng-staff",
            name="李师傅",
            role=Role.STAFF,
            canteen_id="longcheng",
            password_hash="",
            created_at=now,
        )
    )
    session.flush()
    open_session(
        session,
        hash_secret("longcheng-staff"),
        account_id="longcheng-staff",
        data={},
        lifetime=lifetime_of(Role.STAFF),
        now=now,
    )


def _sheet(world: World) -> PrepSheet:
    return world.database.read_sync(prep_sheet, "longcheng", world.day, "lunch", now=world.now, sealer=world.sealer)


def _dishes(world: World) -> dict[str, DishKitchen]:
    [meal] = world.database.read_sync(kitchen_day, "longcheng", world.day)
    return {dish.name: dish for dish in meal.dishes}


def _dish_id(world: World, name: str) -> int:
    return _dishes(world)[name].dish_id


def _wants(world: World, name: str, born_day: int, diet: DietNotes) -> str:
    person = Enrolment(
        name=name,
        community_id="longcheng",
        born=datetime(1945, 1, born_day, tzinfo=UTC).date(),
        diet=diet,
        consents=(ConsentGiven(ConsentKind.SERVICE), ConsentGiven(ConsentKind.HEALTH)),
    )
    return world.database.write_sync(enrol_resident, person, now=world.now, actor=ACTOR, sealer=world.sealer)


def _past_lunch(world: World, weeks: int, walk_ins: int) -> None:
    """A lunch so many weeks ago: as many light sets as walked in at eleven."""
    day = world.day - timedelta(weeks=weeks)
    menu_id = plan_lunch(world.database, "longcheng", day=day)
    world.database.write_sync(_eaten, world, menu_id, day, walk_ins)


def _eaten(session: Session, world: World, menu_id: int, day: date, walk_ins: int) -> None:
    item = session.exec(select(MenuItem).where(MenuItem.menu_id == menu_id, MenuItem.name == "清淡套餐")).one()
    for number in range(walk_ins):
        resident = world.people["elder82"]
        collected_meal(session, resident, menu_id, item.id or 0, item.set_meal_id, day=day, number=number + 1)


def test_prep_sheet_counts_dishes_and_instructions_without_a_name(tablet: Tablet, world: World) -> None:
    """Ordered by the cut-off apart from what came since; 少盐 by the number of portions; words for the cook by number."""
    salt = _wants(world, "周桂兰", 5, DietNotes(instructions=("low_salt", "boneless"), note="饭煮软一点"))
    world.people["salt"] = salt
    early = world.place("salt", "seafood", now=world.now - BEFORE, clashes_seen=True, quantity=2)
    world.place("elder82", "light", now=world.now - BEFORE)
    world.place("elder92", "light")

    sheet = _sheet(world)
    text = tablet.get("/staff/prep").text

    dishes = {dish.name: dish for dish in sheet.dishes}
    assert (dishes["醋溜白菜"].ordered, dishes["醋溜白菜"].since, dishes["醋溜白菜"].total) == (3, 1, 4)
    # cabbage is low in salt anyway, shrimp have no bones to take out
    assert list(dishes["虾仁豆腐"].wishes) == [("low_salt", 2)]
    assert "少盐 ×2" in text
    assert re.search(rf"{early.pickup_number}</th>.*?饭煮软一点", text)
    assert "周" not in text.split("备餐单", 1)[1].split("<footer")[0]
    assert "没有数，估不出来" in text


def test_half_a_portion_is_half(world: World) -> None:
    order = world.place("elder82", "ribs", now=world.now - BEFORE)
    world.database.write_sync(_halve, order.id)

    dishes = {dish.name: dish for dish in _sheet(world).dishes}

    assert dishes["红烧肉炖豆角"].ordered == 0.5


def _halve(session: Session, order_id: str) -> None:
    session.execute(text("DROP TRIGGER order_line_no_update"))
    session.execute(text("UPDATE order_line SET portion = 'half' WHERE order_id = :id"), {"id": order_id})


def test_walk_ins_are_the_median_of_the_last_same_weekdays_and_say_so(tablet: Tablet, world: World) -> None:
    for weeks, walk_ins in ((1, 3), (2, 6), (3, 1), (4, 4), (5, 40)):
        _past_lunch(world, weeks, walk_ins)

    sheet = _sheet(world)
    text = tablet.get("/staff/prep").text

    light = next(line for line in sheet.lines if line.name == "清淡套餐")
    assert light.forecast is not None
    assert (light.forecast.portions, light.forecast.median) == (4, 3.5)  # 1 3 4 6; the fifth week back does not count
    assert all(number in text for number in ("11/16: 3", "11/9: 6", "11/2: 1", "10/26: 4"))
    cabbage = next(dish for dish in sheet.dishes if dish.name == "醋溜白菜")
    assert (cabbage.expected, cabbage.total) == (4, 4)


def test_window_and_board_remind_until_the_sheet_is_printed(tablet: Tablet, world: World) -> None:
    """Pre-orders closed at 10:00; it is 10:50."""
    reminded = [("备餐单还没打印" in tablet.get(path).text) for path in ("/staff", "/staff/side", "/staff/board")]

    printed = tablet.post("/staff/prep/printed")

    assert reminded == [True, True, True]
    assert "打印过" in printed.text
    assert not any("备餐单还没打印" in tablet.get(path).text for path in ("/staff", "/staff/side", "/staff/board"))
    actions = world.database.read_sync(lambda s: s.exec(select(AuditEntry.action)).all())
    assert actions.count("menu.prep-printed") == 1


def test_cook_types_made_and_left_and_corrections_are_kept(tablet: Tablet, world: World) -> None:
    world.collect(world.place("elder82", "soft", method="wallet").pickup_code)
    ribs, rice = _dish_id(world, "红烧肉炖豆角"), _dish_id(world, "米饭")
    fields = {"day": "today", "meal": "lunch", f"made-{ribs}": "12", f"left-{ribs}": "2.5", f"made-{rice}": "30"}

    saved = tablet.post("/staff/kitchen", **fields)
    again = tablet.post("/staff/kitchen", **fields)
    corrected = tablet.post("/staff/kitchen", **{**fields, f"left-{ribs}": "3"})

    dishes = _dishes(world)
    assert "存好了" in saved.text
    assert "没有改" in again.text
    assert "2.5 → 3" in corrected.text
    assert "李师傅" in corrected.text
    found = dishes["红烧肉炖豆角"]
    assert (found.made, found.served, found.left, found.missing) == (12, 1, 3, 8)
    assert (dishes["米饭"].made, dishes["米饭"].left, dishes["米饭"].missing) == (30, None, None)
    assert [(change.portions, change.before) for change in found.changes if change.what is Counted.LEFT] == [
        (2.5, None),
        (3, 2.5),
    ]
    actions = world.database.read_sync(lambda s: s.exec(select(AuditEntry.action)).all())
    assert actions.count("menu.counted") == 2


def test_more_served_than_made_is_shown_first_of_all(tablet: Tablet, world: World) -> None:
    world.collect(world.place("elder82", "soft", method="wallet", quantity=2).pickup_code)
    ribs = _dish_id(world, "红烧肉炖豆角")

    answer = tablet.post("/staff/kitchen", **{"day": "today", "meal": "lunch", f"made-{ribs}": "1"})

    assert "取走的比做的多" in answer.text
    assert _dishes(world)["红烧肉炖豆角"].served_over_made


@pytest.mark.parametrize("typed", ["abc", "1.25", "-1", "99999", "1e3", "１２"])
def test_a_number_nobody_can_cook_is_refused_and_stays_in_its_field(tablet: Tablet, world: World, typed: str) -> None:
    ribs = _dish_id(world, "红烧肉炖豆角")

    answer = tablet.post("/staff/kitchen", **{"day": "today", "meal": "lunch", f"made-{ribs}": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert _dishes(world)["红烧肉炖豆角"].made is None


def test_counts_are_typed_until_the_day_after_and_only_for_that_menu(either_world: World) -> None:
    ribs = _dish_id(either_world, "红烧肉炖豆角")
    counted = DishesCounted("longcheng", either_world.day, MealPeriod.LUNCH, [Count(ribs, Counted.MADE, 24)])

    def store(request: DishesCounted, days: int) -> int:
        now = either_world.now + timedelta(days=days)
        return either_world.database.write_sync(count_dishes, request, now=now, actor=ACTOR, actor_name="李师傅")

    assert store(counted, 1) == 1
    assert store(counted, 1) == 0
    with pytest.raises(CountTooLate):
        store(counted, 2)
    stranger = either_world.database.read_sync(
        lambda s: s.exec(select(Dish.id).where(Dish.kitchen_id == "shuiyun")).first()
    )
    with pytest.raises(NotOnMenu):
        store(
            DishesCounted("longcheng", either_world.day, MealPeriod.LUNCH, [Count(stranger or 0, Counted.LEFT, 1)]), 0
        )
    with pytest.raises(PortionsRefused):
        store(DishesCounted("longcheng", either_world.day, MealPeriod.LUNCH, [Count(ribs, Counted.LEFT, 10_001)]), 0)


def test_english_staff_read_english_dishes(tablet: Tablet, world: World) -> None:
    world.database.write_sync(_name_in_english)

    pages = [tablet.get(f"{path}?lang=en").text for path in ("/staff/board", "/staff/prep", "/staff/kitchen", "/staff")]

    assert ["Light set" in pages[0], "Cabbage" in pages[1], "Cabbage" in pages[2], "Light set" in pages[3]] == [
        True
    ] * 4
    assert not any("清淡套餐" in page for page in pages)


def _name_in_english(session: Session) -> None:
    for item in session.exec(select(MenuItem).where(MenuItem.name == "清淡套餐")).all():
        item.name_en = "Light set"
    for dish in session.exec(select(Dish).where(Dish.name == "醋溜白菜")).all():
        dish.name_en = "Cabbage"
    session.flush()
