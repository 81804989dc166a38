"""What an order asks the menu."""

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from menus import planning
from menus.errors import MenuClosed, MenuNotPublished, NotOnMenu
from menus.models import MenuItem
from menus.queries import menu_for_order, menu_head
from tests.canteen.building import NOW, TODAY, plan_lunch

AT = ("longcheng", TODAY, "lunch")


def _ids(session: Session) -> dict[str, int]:
    return {f"{item.kind}:{item.name}": item.id or 0 for item in session.exec(select(MenuItem)).all()}


def test_lines_carry_what_an_order_needs(database: Database) -> None:
    menu_id = plan_lunch(database)
    ids = database.read_sync(_ids)
    soft, ribs = ids["set:软烂两荤一素"], ids["dish:红烧肉炖豆角"]

    found = database.read_sync(menu_for_order, *AT, [soft, ribs]).items

    assert set(found) == {soft, ribs}
    assert (found[soft].kind, found[soft].price_fen, found[soft].allergens) == ("set", 1500, ("fish", "soy"))
    assert found[soft].set_meal_id is not None
    assert (found[ribs].menu_id, found[ribs].half_price_fen, found[ribs].left_halves) == (menu_id, 700, 20)


def test_head_knows_the_dearest_set(database: Database) -> None:
    plan_lunch(database)

    head = database.read_sync(menu_head, *AT)

    assert head is not None
    assert head.dearest_set_fen == 1500
    assert database.read_sync(menu_head, "shuiyun", TODAY, "lunch") is None


def test_a_line_of_another_menu_is_not_on_this_one(database: Database) -> None:
    plan_lunch(database)
    plan_lunch(database, "shuiyun")
    rows = database.read_sync(lambda session: session.exec(select(MenuItem)).all())
    here, elsewhere = rows[0].id or 0, rows[-1].id or 0

    with pytest.raises(NotOnMenu) as refused:
        database.read_sync(menu_for_order, *AT, [here, elsewhere])

    assert refused.value.item_id == elsewhere


def test_unpublished_and_missing_menus_are_not_published(database: Database) -> None:
    plan_lunch(database, publish=False)
    ids = list(database.read_sync(_ids).values())

    with pytest.raises(MenuNotPublished):
        database.read_sync(menu_for_order, *AT, ids)
    with pytest.raises(MenuNotPublished):
        database.read_sync(menu_for_order, "shuiyun", TODAY, "lunch", ids)


def test_a_closed_menu_says_so_even_for_unknown_lines(database: Database) -> None:
    menu_id = plan_lunch(database)
    ids = list(database.read_sync(_ids).values())
    database.write_sync(planning.close, menu_id, now=NOW)

    for asked in (ids, [10**9]):
        with pytest.raises(MenuClosed):
            database.read_sync(menu_for_order, *AT, asked)
