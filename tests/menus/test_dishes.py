"""What a kitchen may put into its book."""

from dataclasses import replace

import pytest

from canteen.db.database import Database
from menus.dishes import DishSpec, SetMealSpec, dishes_by_key, put_dish, put_set_meal
from menus.errors import DishRefused
from tests.canteen.building import DISHES, SETS


@pytest.mark.parametrize(
    "spec,field",
    [
        (replace(DISHES[0], name=" "), "name"),
        (replace(DISHES[0], name="菜" * 41), "name"),
        (replace(DISHES[0], price_fen=0), "price_fen"),
        (replace(DISHES[0], price_fen=100_001), "price_fen"),
        (replace(DISHES[0], half_price_fen=1201), "half_price_fen"),
        (replace(DISHES[0], half_price_fen=0), "half_price_fen"),
        (replace(DISHES[0], course="dessert"), "course"),
        (replace(DISHES[0], diet_tags=("keto",)), "diet_tags"),
        (replace(DISHES[0], allergens=("dust",)), "allergens"),
    ],
)
def test_a_dish_nobody_could_sell_is_refused(database: Database, spec: DishSpec, field: str) -> None:
    with pytest.raises(DishRefused) as refused:
        database.write_sync(put_dish, "longcheng", spec)

    assert refused.value.data["field"] == field


@pytest.mark.parametrize(
    "spec,field",
    [
        (replace(SETS[0], slots=("dessert",)), "slots"),
        (replace(SETS[0], price_fen=-1), "price_fen"),
        (replace(SETS[0], diet_tags=("keto",)), "diet_tags"),
    ],
)
def test_a_set_meal_nobody_could_sell_is_refused(database: Database, spec: SetMealSpec, field: str) -> None:
    with pytest.raises(DishRefused) as refused:
        database.write_sync(put_set_meal, "longcheng", spec)

    assert refused.value.data["field"] == field


def test_the_same_key_changes_the_dish(database: Database) -> None:
    first = database.write_sync(put_dish, "longcheng", DISHES[0])
    again = database.write_sync(put_dish, "longcheng", replace(DISHES[0], price_fen=1300))
    elsewhere = database.write_sync(put_dish, "shuiyun", DISHES[0])

    assert first == again != elsewhere
    assert database.read_sync(lambda s: dishes_by_key(s, "longcheng", ["ribs"])["ribs"].price_fen) == 1300
