"""Lists of dishes and menus: in groups of small transactions, drafts only, nobody's edit lost."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import Session, col, select

from canteen.readmodels.file_checks.checked import FileCheck
from canteen.tables.errors import ChangedMeanwhile
from canteen.tables.kinds import ImportKind
from canteen.tables.models import Verdict
from menus.dishes import DishSpec, put_dish
from menus.models import Dish, FoodPrice, Menu, MenuItem, MenuItemPart
from tests.canteen.imports.files import bring_in, csv_bytes, importer, kitchen, xlsx_bytes
from tests.support.world import World

DISHES = kitchen(ImportKind.DISHES)
MENUS = kitchen(ImportKind.MENUS)
MENU_HEADER = ("日期", "餐次", "菜品或套餐", "单菜还是套餐", "份数", "价格", "套餐里的菜", "推荐")


def _dishes(session: Session) -> dict[str, Dish]:
    return {d.name: d for d in session.exec(select(Dish).where(Dish.kitchen_id == "longcheng"))}


def _names(world: World) -> list[str]:
    return sorted(world.database.read_sync(_dishes))


def _check(world: World, rows: Sequence[Sequence[str]], header: Sequence[str] = MENU_HEADER) -> FileCheck:
    return importer(world).check(csv_bytes([header, *rows]), MENUS)


def test_forty_dishes_come_in_with_their_price_history(either_world: World) -> None:
    """More than one transaction takes; amounts as a spreadsheet keeps them."""
    world = either_world
    rows = [(f"新菜{n:02d}", "素", 6.5 + n, "软烂、少盐", "大豆") for n in range(40)]

    bring_in(world, xlsx_bytes([("菜名", "种类", "价格（元）", "饮食标签", "过敏原"), *rows]), DISHES)

    dishes = world.database.read_sync(_dishes)
    assert [dishes[f"新菜{n:02d}"].price_fen for n in range(40)] == [650 + 100 * n for n in range(40)]
    assert (dishes["新菜00"].diet_tags, dishes["新菜00"].allergens) == (["soft", "low_salt"], ["soy"])
    history = world.database.read_sync(
        lambda s: s.exec(select(FoodPrice).where(col(FoodPrice.dish_id) == dishes["新菜03"].id)).all()
    )
    assert [(row.from_fen, row.to_fen) for row in history] == [(None, 950)]


def test_empty_cells_keep_what_stands(world: World) -> None:
    """Only the price was in the list."""
    bring_in(world, csv_bytes([("菜名", "种类", "价格", "过敏原"), ("新菜", "素", "6", "大豆")]), DISHES)

    bring_in(world, csv_bytes([("菜名", "种类", "价格"), ("新菜", "素", "7")]), DISHES)

    dish = world.database.read_sync(_dishes)["新菜"]
    assert (dish.price_fen, dish.allergens) == (700, ["soy"])


@pytest.mark.parametrize(
    "row, key",
    [
        (("新菜", "晕", "6", ""), "word"),
        (("新菜", "素", "6.555", ""), "money"),
        (("新菜", "素", "0", ""), "price-range"),
        (("新菜", "素", "2000", ""), "price-range"),
        (("新菜", "素", "6", "7"), "half-price"),
        (("", "素", "6", ""), "required"),
    ],
)
def test_a_dish_nobody_could_sell_is_named(world: World, row: tuple[str, ...], key: str) -> None:
    """With its line and column."""
    check = importer(world).check(csv_bytes([("菜名", "种类", "价格", "半份价格"), row]), DISHES)

    assert [(fault.line, fault.key) for fault in check.faults] == [(2, key)]


def test_a_dish_changed_in_the_editor_meanwhile_stops_the_list(either_world: World) -> None:
    """Its new price would be lost."""
    world = either_world
    bring_in(world, csv_bytes([("菜名", "种类", "价格"), ("新菜", "素", "6")]), DISHES)
    working = importer(world)
    key = working.stage(working.check(csv_bytes([("菜名", "种类", "价格"), ("新菜", "素", "7")]), DISHES), DISHES, "x")
    dish = world.database.read_sync(_dishes)["新菜"]
    world.database.write_sync(put_dish, "longcheng", DishSpec(dish.key, "新菜", "veg", 900, "tofu"))

    with pytest.raises(ChangedMeanwhile):
        working.apply(key, DISHES)

    assert world.database.read_sync(_dishes)["新菜"].price_fen == 900


def test_a_month_of_menus_comes_in_as_drafts(either_world: World) -> None:
    """Twenty lunches, each with a set meal and what is in it."""
    world = either_world
    first, second = _names(world)[:2]
    meal = _sets(world)[0]
    rows = []
    for day in range(1, 21):
        on = f"2026-12-{day:02d}"
        rows += [
            (on, "午餐", first, "菜品", "80", "7.5", "", ""),
            (
                on,
                "午餐",
                meal,
                "套餐",
                "120",
                "",
                f"{first}、{second}",
                "是",
            ),
        ]

    bring_in(world, csv_bytes([MENU_HEADER, *rows]), MENUS)

    def look(session: Session) -> list[tuple[str, int, int, int]]:
        menus = session.exec(select(Menu).where(col(Menu.day) >= date(2026, 12, 1)).order_by(col(Menu.day))).all()
        found = []
        for menu in menus:
            items = session.exec(select(MenuItem).where(MenuItem.menu_id == menu.id)).all()
            parts = session.exec(
                select(MenuItemPart).where(col(MenuItemPart.menu_item_id).in_([item.id for item in items]))
            ).all()
            assert menu.recommended_item_id in {item.id for item in items if item.kind == "set"}
            found.append((menu.status, len(items), len(parts), min(item.price_fen for item in items)))
        return found

    assert world.database.read_sync(look) == [("draft", 2, 2, 750)] * 20


def _sets(world: World) -> list[str]:
    return [
        row.name
        for row in world.database.read_sync(lambda s: s.exec(select(MenuItem).where(MenuItem.kind == "set")).all())
    ]


def test_published_menus_are_never_touched(world: World) -> None:
    """Nor days that are over, nor far away."""
    name = _names(world)[0]

    check = _check(
        world,
        [
            ("2026-11-23", "午餐", name, "菜品", "80", "", "", ""),
            ("2026-11-20", "午餐", name, "菜品", "80", "", "", ""),
            ("2027-11-20", "午餐", name, "菜品", "80", "", "", ""),
        ],
    )

    assert [(fault.line, fault.key) for fault in check.faults] == [
        (2, "menu-published"),
        (3, "day-over"),
        (4, "day-far"),
    ]


def test_lines_of_a_menu_that_cannot_be_are_named(world: World) -> None:
    """Unknown food with the nearest name, a line twice, two recommended, parts of a dish."""
    name = _names(world)[0]

    check = _check(
        world,
        [
            ("2026-12-01", "午餐", name + "x", "", "80", "", "", ""),
            ("2026-12-02", "午餐", name, "菜品", "80", "", "", "是"),
            ("2026-12-02", "午餐", name, "菜品", "9000", "", name, "是"),
        ],
    )

    found = [(fault.line, fault.key) for fault in check.faults]
    assert (2, "food-near") in found
    assert {(4, "too-many"), (4, "parts-of-dish"), (4, "twice-in-file"), (4, "recommended-twice")} <= set(found)


def test_a_draft_is_replaced_whole_and_its_changes_are_told(world: World) -> None:
    """Portions, price, and the line that goes."""
    first, second = _names(world)[:2]
    day = "2026-12-03"
    bring_in(
        world,
        csv_bytes(
            [
                MENU_HEADER,
                (day, "晚餐", first, "菜品", "30", "", "", ""),
                (day, "晚餐", second, "菜品", "30", "", "", ""),
            ]
        ),
        MENUS,
    )

    check = _check(world, [(day, "晚餐", first, "菜品", "40", "", "", "")])

    assert check.counts[Verdict.CHANGE] == 1
    assert [(d.field, d.old, d.new) for d in check.rows[0].differences] == [
        ("portions", "30", "40"),
        ("item", second, ""),
    ]
