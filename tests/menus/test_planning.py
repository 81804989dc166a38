"""A day's menu from plan to close."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from menus import food, planning
from menus.dishes import dishes_by_key, put_dish
from menus.errors import (
    DishRetired,
    DishUnknown,
    LineTwice,
    MenuAlreadyPublished,
    MenuClosed,
    MenuEmpty,
    PortionsRefused,
    PriceNotPositive,
)
from menus.food import Food
from menus.models import Menu, MenuItem, MenuItemPart, MenuStatus
from menus.planning import PlannedLine
from menus.portions import FULL, reserve
from menus.queries import menu_head
from tests.canteen.building import DISHES, LINES, NOW, TODAY, plan_lunch, stock_kitchen


def _items(session: Session) -> list[MenuItem]:
    return list(session.exec(select(MenuItem).order_by(MenuItem.position)).all())  # type: ignore[arg-type]


def _parts(session: Session) -> list[str]:
    return [part.name for part in session.exec(select(MenuItemPart)).all()]


def plan(database: Database, *lines: PlannedLine, recommended: str | None = None) -> int:
    """Plan today's lunch at Longcheng."""
    return database.write_sync(planning.plan, "longcheng", TODAY, "lunch", lines=lines, recommended=recommended)


def test_a_plan_copies_names_prices_and_tags(database: Database) -> None:
    plan_lunch(database, publish=False)

    first, *_, ribs, rice = database.read_sync(_items)

    assert (first.name, first.price_fen, first.planned_halves, first.left_halves) == ("软烂两荤一素", 1500, 80, 80)
    assert (ribs.name, ribs.half_price_fen, ribs.course) == ("红烧肉炖豆角", 700, "meat")
    assert rice.left_halves == 200


def test_a_set_carries_the_allergens_of_all_its_dishes(database: Database) -> None:
    plan_lunch(database)

    allergens = {item.name: item.allergens for item in database.read_sync(_items)}

    assert allergens["软烂两荤一素"] == ["fish", "soy"]
    assert allergens["鲜味套餐"] == ["shellfish", "soy"]


def test_a_set_has_the_tags_all_its_dishes_share_but_never_halal(database: Database) -> None:
    """清真 is promised by a kitchen, not inferred from an accident of the day."""
    plan_lunch(database, lines=(PlannedLine("set", "light", 5, parts=("mackerel", "rice")),), recommended=None)

    (light,) = database.read_sync(_items)

    assert light.diet_tags == ["low_salt", "soft", "boneless"]


def test_a_draft_is_replaced_whole(database: Database) -> None:
    plan_lunch(database, publish=False)
    plan(database, PlannedLine("dish", "rice", 3), recommended="rice")

    (rice,) = database.read_sync(_items)
    head = database.read_sync(menu_head, "longcheng", TODAY, "lunch")

    assert rice.name == "米饭"
    assert database.read_sync(_parts) == []
    assert head is not None
    assert head.recommended_item_id == rice.id


def test_a_price_of_the_day_replaces_the_usual_one(database: Database) -> None:
    plan_lunch(database, lines=(PlannedLine("dish", "ribs", 3, price_fen=990),), recommended=None)

    assert database.read_sync(_items)[0].price_fen == 990


def test_a_published_menu_takes_new_portions_and_new_lines(database: Database) -> None:
    plan_lunch(database, lines=LINES[:2])
    soft = database.read_sync(_items)[0]
    assert soft.id is not None
    database.write_sync(reserve, [(soft.id, FULL)])

    plan(database, replace(LINES[0], portions=50), LINES[4])

    soft, light, rice = database.read_sync(_items)
    head = database.read_sync(menu_head, "longcheng", TODAY, "lunch")
    assert (soft.planned_halves, soft.left_halves, light.planned_halves) == (100, 98, 60)
    assert rice.name == "米饭"
    assert head is not None
    assert (head.status, head.recommended_item_id) == (MenuStatus.PUBLISHED, light.id)


def test_a_published_price_stays(database: Database) -> None:
    plan_lunch(database)

    with pytest.raises(MenuAlreadyPublished):
        plan(database, replace(LINES[0], price_fen=1400))


def test_a_published_line_keeps_what_is_ordered(database: Database) -> None:
    plan_lunch(database)
    item_id = database.read_sync(_items)[0].id
    assert item_id is not None
    database.write_sync(reserve, [(item_id, 5 * FULL)])

    with pytest.raises(PortionsRefused):
        plan(database, replace(LINES[0], portions=4))


def test_a_closed_menu_never_changes(database: Database) -> None:
    menu_id = plan_lunch(database)
    database.write_sync(planning.close, menu_id, now=NOW)

    with pytest.raises(MenuClosed):
        plan(database, *LINES)
    with pytest.raises(MenuClosed):
        database.write_sync(planning.publish, menu_id, now=NOW)


def test_publishing_and_closing_twice_is_harmless(database: Database) -> None:
    menu_id = plan_lunch(database)

    assert not database.write_sync(planning.publish, menu_id, now=NOW)
    assert database.write_sync(planning.close, menu_id, now=NOW)
    assert not database.write_sync(planning.close, menu_id, now=NOW)


def test_an_empty_menu_is_not_published(database: Database) -> None:
    menu_id = plan(database)

    with pytest.raises(MenuEmpty):
        database.write_sync(planning.publish, menu_id, now=NOW)


def test_a_free_line_is_not_published(database: Database) -> None:
    menu_id = plan_lunch(database, publish=False)

    def give_away(session: Session) -> None:
        session.exec(select(MenuItem)).first().price_fen = 0  # type: ignore[union-attr]

    database.write_sync(give_away)

    with pytest.raises(PriceNotPositive):
        database.write_sync(planning.publish, menu_id, now=NOW)


@pytest.mark.parametrize(
    "lines,recommended,refusal",
    [
        ([PlannedLine("dish", "caviar", 1)], None, DishUnknown),
        ([PlannedLine("set", "soft", 1, parts=("caviar",))], None, DishUnknown),
        ([PlannedLine("dish", "rice", 1)], "soft", DishUnknown),
        ([PlannedLine("dish", "rice", 1), PlannedLine("dish", "rice", 2)], None, LineTwice),
        ([PlannedLine("dish", "rice", -1)], None, PortionsRefused),
        ([PlannedLine("dish", "rice", 10**6)], None, PortionsRefused),
        ([PlannedLine("dish", "rice", 1, price_fen=0)], None, PriceNotPositive),
        ([PlannedLine("dish", "rice", 1, price_fen=-5)], None, PriceNotPositive),
    ],
)
def test_a_plan_that_cannot_be_cooked_is_refused_and_leaves_nothing(
    database: Database, lines: list[PlannedLine], recommended: str | None, refusal: type[Exception]
) -> None:
    database.write_sync(stock_kitchen)

    with pytest.raises(refusal):
        plan(database, *lines, recommended=recommended)

    assert database.read_sync(lambda session: session.exec(select(Menu)).all()) == []


def test_dishes_of_another_kitchen_are_unknown(database: Database) -> None:
    database.write_sync(stock_kitchen, "shuiyun")

    with pytest.raises(DishUnknown):
        plan(database, PlannedLine("dish", "rice", 1))


def test_a_retired_dish_is_not_planned_until_it_is_back(database: Database) -> None:
    database.write_sync(stock_kitchen)
    rice = database.read_sync(dishes_by_key, "longcheng", ["rice"])["rice"]
    database.write_sync(food.retire, Food("longcheng", "dish", rice.id or 0), now=NOW)

    with pytest.raises(DishRetired):
        plan(database, PlannedLine("dish", "rice", 1))

    database.write_sync(put_dish, "longcheng", DISHES[4])
    plan(database, PlannedLine("dish", "rice", 1))
