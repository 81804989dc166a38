"""The demo's dishes, set meals and four-week cycle: enough of everything, and never a set that breaks its promise."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from canteen.demo import catalogue
from canteen.demo.catalogue import dishes, set_meals
from canteen.demo.cycle import FIRST_MONDAY, DayPlan, cycle_day, plan
from menus.diet import ALLERGENS, COURSES, DIET_TAGS
from menus.service_days import MealPeriod

CANTEENS = ("longcheng", "shuiyun")
MEALS = tuple(MealPeriod)
FORMS = frozenset(
    """stew_bowl whole_fish fish_chunks leafy_stirfry egg_tomato cold_plate clear_soup thick_soup porridge rice mantou
    huajuan corn_bread dumplings buns noodles tofu meat_slices fried_pieces ribs potato eggplant mushroom egg milk_soy
    flatbread pickles fruit""".split()
)
COLOURS = frozenset(
    """pork beef chicken fish egg tofu green cabbage tomato eggplant potato corn rice wheat bean mushroom
    pumpkin""".split()
)
PRICES_FEN = {"meat": (900, 1600), "veg": (400, 700), "soup": (100, 300)}
STAPLE_FEN = (50, 200)
MAINS = frozenset({"meat", "half_meat", "veg", "cold"})
NOT_VEGETARIAN = frozenset({"egg", "milk", "fish", "shellfish"})


def every_plan() -> Iterator[tuple[str, date, str, DayPlan]]:
    for canteen in CANTEENS:
        for offset in range(28):
            day = FIRST_MONDAY + timedelta(days=offset)
            for meal in MEALS:
                yield canteen, day, meal, plan(canteen, day, meal)


def parts_of(day_plan: DayPlan) -> set[str]:
    return {part for planned in day_plan.sets for part in planned.parts}


def test_there_are_enough_dishes_and_kinds_of_set_meal() -> None:
    """A little more than the demo asks for: 80 dishes and 12 sets."""
    assert len(dishes()) >= 90
    assert len(set_meals()) >= 14


def test_dishes_use_only_the_words_menus_know() -> None:
    for dish in dishes().values():
        assert dish.course in COURSES, dish.key
        assert dish.form in FORMS, dish.key
        assert dish.colour in COLOURS, dish.key
        assert set(dish.diet_tags) <= set(DIET_TAGS), dish.key
        assert set(dish.allergens) <= set(ALLERGENS), dish.key
        assert dish.meals, dish.key
        assert set(dish.meals) <= set(MEALS), dish.key
        assert dish.name, dish.key
        assert dish.name_en.isascii(), dish.key


def test_no_key_and_no_name_stands_twice() -> None:
    """A second dish under one key would silently hide the first."""
    folder = Path(catalogue.__file__).parent
    keys = re.findall(r'\bkey = "(\w+)"', (folder / "dishes.toml").read_text(encoding="utf-8"))
    names = {dish.name for dish in dishes().values()}

    assert sorted(keys) == sorted(dishes())
    assert len(names) == len(keys)


def test_every_form_of_picture_and_every_diet_tag_is_used() -> None:
    assert {dish.form for dish in dishes().values()} == FORMS
    assert {tag for dish in dishes().values() for tag in dish.diet_tags} == set(DIET_TAGS)


def test_prices_are_those_of_a_community_canteen() -> None:
    for dish in dishes().values():
        least, most = PRICES_FEN.get(dish.course, (0, 1600))
        if dish.course == "staple" and dish.form not in {"dumplings", "noodles"}:
            least, most = STAPLE_FEN
        assert least <= dish.price_fen <= most, dish.key


def test_half_a_portion_costs_less_than_a_whole_and_not_less_than_half() -> None:
    halves = [dish for dish in dishes().values() if dish.half_price_fen is not None]

    assert len(halves) >= 90
    assert all(dish.price_fen <= 2 * (dish.half_price_fen or 0) < 2 * dish.price_fen for dish in halves)


@pytest.mark.parametrize(
    "ingredient, allergen",
    [("鸡蛋", "egg"), ("虾", "shellfish"), ("花生", "peanut"), ("面粉", "wheat"), ("豆腐", "soy"), ("鱼片", "fish")],
)
def test_an_ingredient_that_is_an_allergen_is_declared(ingredient: str, allergen: str) -> None:
    with_it = [dish for dish in dishes().values() if ingredient in dish.ingredients]

    assert with_it
    assert [dish.key for dish in with_it if allergen not in dish.allergens] == []


def test_vegetarian_dishes_hold_no_animal_product() -> None:
    meatless = [dish for dish in dishes().values() if "vegetarian" in dish.diet_tags]
    assert meatless
    for dish in meatless:
        assert dish.course not in {"meat", "half_meat"}, dish.key
        assert not NOT_VEGETARIAN & set(dish.allergens), dish.key
        assert "肉" not in dish.ingredients, dish.key


def test_no_pork_is_called_halal_and_halal_meat_names_its_own_stove() -> None:
    halal = [dish for dish in dishes().values() if "halal" in dish.diet_tags]
    assert halal
    for dish in halal:
        assert dish.colour != "pork", dish.key
        assert "猪" not in dish.ingredients, dish.key
        meat = any(word in dish.ingredients for word in ("牛肉", "牛腩", "牛腱", "羊肉", "鸡腿", "鸡胸"))
        assert meat == ("清真专灶" in dish.ingredients), dish.key


def test_the_flagship_set_costs_fifteen_yuan_and_is_soft_and_low_in_salt() -> None:
    flagship = set_meals()["soft_two_meat"]

    assert flagship.name == "软烂两荤一素"
    assert flagship.price_fen == 1500
    assert set(flagship.diet_tags) == {"soft", "low_salt"}
    assert flagship.courses == ("meat", "meat", "veg", "staple", "soup")
    assert set(flagship.canteens) == set(CANTEENS)


def test_lunch_sets_cost_elders_ten_to_eighteen_yuan() -> None:
    for kind in set_meals().values():
        if "lunch" in kind.meals and "longcheng" in kind.canteens:
            assert 1000 <= kind.price_fen <= 1800, kind.key


def test_sets_use_only_the_words_menus_know() -> None:
    for kind in set_meals().values():
        assert set(kind.diet_tags) <= set(DIET_TAGS), kind.key
        assert set(kind.courses) <= set(COURSES), kind.key
        assert set(kind.meals) <= set(MEALS), kind.key
        assert set(kind.canteens) <= set(CANTEENS), kind.key


def test_every_dish_and_every_kind_is_planned_somewhere_in_four_weeks() -> None:
    planned_dishes: set[str] = set()
    planned_sets: set[str] = set()
    for _, _, _, day_plan in every_plan():
        planned_dishes |= {item.dish_key for item in day_plan.items} | parts_of(day_plan)
        planned_sets |= {planned.set_key for planned in day_plan.sets}

    assert planned_dishes == set(dishes())
    assert planned_sets == set(set_meals())


def test_a_set_fills_its_slots_with_different_dishes_that_keep_its_promise() -> None:
    """A soft set holds only soft dishes, a halal one only halal ones, on every day."""
    for canteen, day, meal, day_plan in every_plan():
        for planned in day_plan.sets:
            kind = set_meals()[planned.set_key]
            place = (canteen, day, meal, planned.set_key)
            assert canteen in kind.canteens, place
            assert meal in kind.meals, place
            assert len(set(planned.parts)) == len(kind.slots), place
            for slot, part in zip(kind.places, planned.parts, strict=True):
                dish = dishes()[part]
                assert slot.takes(dish), (place, part)
                assert set(kind.diet_tags) <= set(dish.diet_tags), (place, part)
                assert meal in dish.meals, (place, part)


def test_a_set_has_the_allergens_of_all_its_parts() -> None:
    for *_, day_plan in every_plan():
        for planned in day_plan.sets:
            expected: set[str] = set()
            for part in planned.parts:
                expected.update(dishes()[part].allergens)
            assert planned.allergens == expected


def test_lunch_fills_the_first_screen_of_the_kiosk() -> None:
    """Three sets for the first screen, 6 to 14 dishes for the menu."""
    for canteen, day, meal, day_plan in every_plan():
        if meal == "lunch":
            assert len(day_plan.sets) >= 3, (canteen, day)
            assert 6 <= len(day_plan.items) <= 14, (canteen, day)


def test_breakfast_and_dinner_are_smaller() -> None:
    for canteen, day, meal, day_plan in every_plan():
        if meal != "lunch":
            assert 2 <= len(day_plan.sets) <= 3, (canteen, day, meal)
            assert 4 <= len(day_plan.items) <= 11, (canteen, day, meal)


def test_portions_are_what_a_kitchen_cooks() -> None:
    for *_, day_plan in every_plan():
        assert all(40 <= planned.portions <= 80 for planned in day_plan.sets)
        assert all(20 <= item.portions <= 150 for item in day_plan.items)


def test_the_recommended_set_is_planned_that_day() -> None:
    for canteen, day, meal, day_plan in every_plan():
        assert day_plan.recommended in {planned.set_key for planned in day_plan.sets}, (canteen, day, meal)
        if meal == "lunch":
            assert day_plan.recommended == "soft_two_meat", (canteen, day)


def test_nothing_is_planned_twice_in_one_meal() -> None:
    for *_, day_plan in every_plan():
        keys = [item.dish_key for item in day_plan.items] + [planned.set_key for planned in day_plan.sets]
        assert len(keys) == len(set(keys))


def test_no_main_dish_comes_back_at_another_meal_of_the_day() -> None:
    served: dict[tuple[str, date], set[str]] = {}
    for canteen, day, meal, day_plan in every_plan():
        cooked = parts_of(day_plan) | {item.dish_key for item in day_plan.items}
        mains = {key for key in cooked if dishes()[key].course in MAINS}
        earlier = served.setdefault((canteen, day), set())
        assert not mains & earlier, (canteen, day, meal, mains & earlier)
        earlier |= mains


def test_the_flagship_meats_differ_from_yesterdays() -> None:
    for canteen in CANTEENS:
        for offset in range(27):
            today, tomorrow = (
                set(plan(canteen, FIRST_MONDAY + timedelta(days=offset + more), "lunch").sets[0].parts[:2])
                for more in (0, 1)
            )
            assert not today & tomorrow, (canteen, offset)


def test_the_first_monday_serves_the_lunch_the_documentation_shows() -> None:
    """红烧肉炖豆角, 清炖鲅鱼, 醋溜白菜, 米饭, 小米粥."""
    first = plan("longcheng", date(2026, 11, 23), "lunch").sets[0]

    assert first.set_key == "soft_two_meat"
    assert [dishes()[part].name for part in first.parts] == ["红烧肉炖豆角", "清炖鲅鱼", "醋溜白菜", "米饭", "小米粥"]


def test_the_cycle_repeats_after_four_weeks_in_both_directions() -> None:
    for offset in (-28, 28, 280):
        assert plan("shuiyun", FIRST_MONDAY + timedelta(days=offset + 3), "dinner") == plan(
            "shuiyun", FIRST_MONDAY + timedelta(days=3), "dinner"
        )
    assert plan("shuiyun", FIRST_MONDAY, "lunch") != plan("shuiyun", FIRST_MONDAY + timedelta(days=7), "lunch")


def test_the_cycle_counts_its_days_from_monday() -> None:
    assert cycle_day(FIRST_MONDAY) == 1
    assert cycle_day(FIRST_MONDAY - timedelta(days=1)) == 28


def test_the_canteens_cook_different_menus() -> None:
    assert plan("longcheng", FIRST_MONDAY, "lunch") != plan("shuiyun", FIRST_MONDAY, "lunch")


def test_an_unknown_canteen_or_meal_is_refused() -> None:
    with pytest.raises(KeyError):
        plan("nowhere", FIRST_MONDAY, "lunch")
    with pytest.raises(KeyError):
        plan("longcheng", FIRST_MONDAY, "supper")
