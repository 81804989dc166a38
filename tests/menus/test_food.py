"""The kitchen's book: prices and how they changed, what is retired, and what a correction does to planned menus."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from menus import food, food_facts, planning
from menus.dishes import put_dish, put_set_meal
from menus.errors import DishNameTaken, DishRetired, DishUnknown
from menus.food import Food, FoodKind, PriceNote
from menus.models import Dish, FoodPrice, Menu, MenuItem, MenuItemPart, MenuStatus, SetMeal
from menus.planning import PlannedLine
from tests.canteen.building import DISHES, LINES, NOW, SETS, TODAY, plan_lunch, stock_kitchen

NOTE = PriceNote(NOW, "account:1", "肉涨价")


def _find(session: Session, kind: FoodKind, key: str, kitchen: str = "longcheng") -> Food:
    table: type[Dish] | type[SetMeal] = Dish if kind == "dish" else SetMeal
    found = session.exec(select(table.id).where(table.kitchen_id == kitchen, table.key == key)).one()
    assert found is not None
    return Food(kitchen, kind, found)


def _line(session: Session, name: str) -> MenuItem:
    return session.exec(select(MenuItem).where(MenuItem.name == name)).one()


def _history(session: Session) -> list[tuple[int | None, int, int | None, int | None, str]]:
    rows = session.exec(select(FoodPrice).order_by(FoodPrice.id)).all()  # type: ignore[arg-type]
    return [(row.from_fen, row.to_fen, row.from_half_fen, row.to_half_fen, row.reason) for row in rows]


def test_every_change_of_price_is_remembered(database: Database) -> None:
    """The first price, the whole, the half alone; saving the same price again adds nothing."""
    ribs = DISHES[0]
    for spec in (ribs, replace(ribs, price_fen=1300), replace(ribs, price_fen=1300, half_price_fen=None)):
        database.write_sync(put_dish, "longcheng", spec, note=NOTE)
    database.write_sync(put_dish, "longcheng", replace(ribs, price_fen=1300, half_price_fen=None), note=NOTE)
    database.write_sync(put_set_meal, "longcheng", SETS[0], note=NOTE)

    assert database.read_sync(_history) == [
        (None, 1200, None, 700, "肉涨价"),
        (1200, 1300, 700, 700, "肉涨价"),
        (1300, 1300, 700, None, "肉涨价"),
        (None, 1500, None, None, "肉涨价"),
    ]


def test_planned_menus_keep_their_price_and_drafts_take_the_new_one_when_asked(database: Database) -> None:
    plan_lunch(database)
    tomorrow = TODAY + timedelta(days=1)
    plan_lunch(database, day=tomorrow, publish=False)
    database.write_sync(put_dish, "longcheng", replace(DISHES[0], price_fen=1400, half_price_fen=800), note=NOTE)
    prices = select(MenuItem.price_fen, MenuItem.half_price_fen).join(Menu).where(MenuItem.name == "红烧肉炖豆角")

    def of(status: MenuStatus) -> list[tuple[int, int | None]]:
        found = database.read_sync(lambda s: s.exec(prices.where(Menu.status == status.value)).all())
        return [(price, half) for price, half in found]

    assert of(MenuStatus.DRAFT) == of(MenuStatus.PUBLISHED) == [(1200, 700)]

    changed = database.write_sync(food.reprice_drafts, database.read_sync(_find, "dish", "ribs"))

    assert changed == 1
    assert of(MenuStatus.DRAFT) == [(1400, 800)]
    assert of(MenuStatus.PUBLISHED) == [(1200, 700)]


def test_a_line_with_its_own_price_keeps_its_half_price_under_it(database: Database) -> None:
    """Half a portion never costs more than a whole one."""
    lines = (PlannedLine("dish", "ribs", 5, price_fen=600),)
    plan_lunch(database, lines=lines, recommended=None, publish=False)

    assert database.read_sync(_line, "红烧肉炖豆角").half_price_fen is None


def test_what_is_retired_can_come_back_unless_its_name_is_taken(database: Database) -> None:
    database.write_sync(stock_kitchen)
    rice = database.read_sync(_find, "dish", "rice")

    assert database.write_sync(food.retire, rice, now=NOW)
    assert not database.write_sync(food.retire, rice, now=NOW)
    assert database.write_sync(food.bring_back, rice)
    assert not database.write_sync(food.bring_back, rice)
    database.write_sync(food.retire, rice, now=NOW)
    database.write_sync(put_dish, "longcheng", replace(DISHES[4], key="rice-2"))
    with pytest.raises(DishNameTaken):
        database.write_sync(food.bring_back, rice)


def test_another_kitchens_food_is_unknown(database: Database) -> None:
    database.write_sync(stock_kitchen)
    rice = database.read_sync(_find, "dish", "rice")

    with pytest.raises(DishUnknown):
        database.write_sync(food.retire, Food("shuiyun", "dish", rice.id), now=NOW)


def test_a_draft_with_something_retired_is_not_published(database: Database) -> None:
    """Neither a line of its own nor a dish inside a set meal; the refusal names it."""
    menu_id = plan_lunch(database, lines=LINES[:1], recommended=None, publish=False)
    database.write_sync(food.retire, database.read_sync(_find, "dish", "mackerel"), now=NOW)

    with pytest.raises(DishRetired) as refused:
        database.write_sync(planning.publish, menu_id, now=NOW)

    assert refused.value.data["name"] == "清炖鲅鱼"
    assert database.read_sync(planning.retired_on, menu_id) == (("mackerel", "清炖鲅鱼"),)


def test_a_published_menu_still_follows_the_day_when_a_dish_is_retired(database: Database) -> None:
    """Retiring is for new plans: today's portions can be changed all the same."""
    plan_lunch(database)
    database.write_sync(food.retire, database.read_sync(_find, "dish", "ribs"), now=NOW)
    lines = tuple(replace(line, portions=line.portions + 1) for line in LINES)

    database.write_sync(planning.plan, "longcheng", TODAY, "lunch", lines=lines)

    assert database.read_sync(_line, "红烧肉炖豆角").planned_halves == 22


def test_a_corrected_allergen_reaches_menus_people_order_from(database: Database) -> None:
    """The dish's own line, every set with it, and their version, so that kiosks fetch again; the price stays."""
    menu_id = plan_lunch(database)
    version = database.read_sync(lambda s: s.exec(select(Menu.version).where(Menu.id == menu_id)).one())
    corrected = replace(DISHES[0], allergens=("soy", "peanut"), diet_tags=("low_salt",), price_fen=9900)
    database.write_sync(put_dish, "longcheng", corrected)

    def correct(session: Session) -> int:
        ribs = session.get(Dish, _find(session, "dish", "ribs").id)
        assert ribs is not None
        return food_facts.spread(session, ribs)

    assert database.write_sync(correct) == 1

    alone, in_set = (database.read_sync(_line, name) for name in ("红烧肉炖豆角", "软烂两荤一素"))
    assert (alone.allergens, alone.price_fen) == (["soy", "peanut"], 1200)
    assert in_set.allergens == ["fish", "peanut", "soy"]
    tags = select(MenuItemPart.diet_tags).where(MenuItemPart.name == "红烧肉炖豆角")
    assert database.read_sync(lambda s: s.exec(tags).all()) == [["low_salt"]]
    assert database.read_sync(lambda s: s.exec(select(Menu.version).where(Menu.id == menu_id)).one()) > version
    assert database.write_sync(correct) == 0


def test_a_closed_menu_is_a_record_nobody_corrects(database: Database) -> None:
    menu_id = plan_lunch(database)
    database.write_sync(planning.close, menu_id, now=NOW)
    database.write_sync(put_dish, "longcheng", replace(DISHES[0], allergens=("peanut",)))

    def correct(session: Session) -> int:
        ribs = session.get(Dish, _find(session, "dish", "ribs").id)
        assert ribs is not None
        return food_facts.spread(session, ribs)

    assert database.write_sync(correct) == 0
    assert database.read_sync(_line, "红烧肉炖豆角").allergens == ["soy"]
