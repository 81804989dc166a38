"""What everybody sees of a menu."""

from datetime import UTC, date, datetime

import pytest

from canteen.db.database import Database
from canteen.readmodels.day_menu import DayMenu, day_menu, menu_now
from canteen.sites.errors import CanteenShut, CanteenUnknown, MealNotServed
from menus.models import MenuStatus
from menus.portions import reserve, set_sold_out
from menus.service_days import MealPeriod
from tests.canteen.building import NOW, TODAY, plan_lunch

AT = ("longcheng", TODAY, "lunch")


def menu(database: Database) -> DayMenu:
    """Today's lunch at Longcheng."""
    return database.read_sync(day_menu, *AT)


def test_a_menu_in_the_managers_order_with_its_hours(database: Database) -> None:
    plan_lunch(database)

    seen = menu(database)

    assert [item.key for item in seen.sets] == ["soft", "light", "seafood"]
    assert [item.key for item in seen.dishes] == ["ribs", "rice"]
    assert (seen.status, seen.canteen.id, seen.meal) == (MenuStatus.PUBLISHED, "longcheng", MealPeriod.LUNCH)
    assert (seen.opens_at, seen.closes_at) == (
        datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
    )
    recommended = seen.item(seen.recommended_id)
    assert recommended is not None
    assert recommended.key == "light"


def test_a_set_shows_its_dishes(database: Database) -> None:
    plan_lunch(database)

    soft = menu(database).sets[0]

    assert [part.name for part in soft.parts] == ["红烧肉炖豆角", "清炖鲅鱼", "醋溜白菜", "米饭"]
    assert (soft.price_fen, soft.left, soft.allergens) == (1500, 40, ("fish", "soy"))


def test_left_counts_whole_portions_and_half_a_portion_still_sells(database: Database) -> None:
    plan_lunch(database)
    ribs = menu(database).dishes[0]
    database.write_sync(reserve, [(ribs.id, 19)])

    ribs = menu(database).dishes[0]

    assert (ribs.left, ribs.left_halves, ribs.sold_out) == (0, 1, False)
    database.write_sync(reserve, [(ribs.id, 1)])
    assert menu(database).dishes[0].sold_out


def test_a_dish_without_half_portions_is_sold_out_at_half_a_portion(database: Database) -> None:
    plan_lunch(database)
    rice = menu(database).dishes[1]
    database.write_sync(reserve, [(rice.id, 199)])

    assert menu(database).dishes[1].sold_out


def test_taken_off_by_hand_is_sold_out_with_nothing_left(database: Database) -> None:
    plan_lunch(database)
    rice = menu(database).dishes[1]
    database.write_sync(set_sold_out, rice.id, sold_out=True)

    rice = menu(database).dishes[1]

    assert (rice.sold_out, rice.off_sale, rice.left, rice.left_halves) == (True, True, 0, 200)


def test_a_draft_is_for_the_manager_only(database: Database) -> None:
    plan_lunch(database, publish=False)

    assert menu(database).items == ()
    assert menu(database).status is MenuStatus.DRAFT
    assert len(database.read_sync(day_menu, *AT, with_draft=True).items) == 5


def test_nothing_planned_is_an_empty_menu(database: Database) -> None:
    seen = menu(database)

    assert (seen.id, seen.status, seen.items, seen.version) == (None, None, (), 0)
    assert seen.item(1) is None


def test_the_menu_of_the_moment(database: Database) -> None:
    plan_lunch(database)

    assert len(database.read_sync(menu_now, "longcheng", NOW).items) == 5
    assert database.read_sync(menu_now, "longcheng", NOW, by_phone=True).meal is MealPeriod.DINNER


@pytest.mark.parametrize(
    "canteen,day,meal,refusal",
    [
        ("moon", TODAY, "lunch", CanteenUnknown),
        ("longcheng", date(2027, 2, 6), "lunch", CanteenShut),
        ("longcheng", TODAY, "brunch", MealNotServed),
    ],
)
def test_where_and_when_nothing_is_served(
    database: Database, canteen: str, day: date, meal: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        database.read_sync(day_menu, canteen, day, meal)
