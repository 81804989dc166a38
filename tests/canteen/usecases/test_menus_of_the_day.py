"""Planning, publishing, selling out, counting and closing, each with its audit entry."""

import pytest
from sqlmodel import Session, col, select

from canteen.audit.models import AuditEntry
from canteen.db.database import Database
from canteen.usecases.close_menu import close_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.record_made import MadeNow, record_made
from canteen.usecases.set_sold_out import OnSale, set_sold_out
from menus.errors import MenuClosed, MenuEmpty, MenuNotPublished, NotOnMenu
from menus.models import MenuItem
from menus.service_days import MealPeriod
from tests.canteen.building import ACTOR, NOW, TODAY, menu_version, plan_lunch

LUNCH = MenuOf("longcheng", TODAY, MealPeriod.LUNCH)


def actions(database: Database) -> list[str]:
    """What the audit log says, in order."""

    def read(session: Session) -> list[str]:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))).all())

    return database.read_sync(read)


def first_item(database: Database) -> MenuItem:
    """The first line of the menu."""
    return database.read_sync(lambda session: session.exec(select(MenuItem).order_by(col(MenuItem.position))).all()[0])


def item_id(database: Database) -> int:
    """Its id."""
    found = first_item(database).id
    assert found is not None
    return found


def test_a_day_of_a_menu_is_in_the_log_once_each(database: Database) -> None:
    plan_lunch(database)
    database.write_sync(publish_menu, LUNCH, now=NOW, actor=ACTOR)
    sale = OnSale("longcheng", item_id(database), sold_out=True)
    assert database.write_sync(set_sold_out, sale, now=NOW, actor=ACTOR)
    assert not database.write_sync(set_sold_out, sale, now=NOW, actor=ACTOR)
    assert database.write_sync(close_menu, LUNCH, now=NOW, actor=ACTOR)
    assert not database.write_sync(close_menu, LUNCH, now=NOW, actor=ACTOR)

    assert sorted(actions(database)) == ["menu.closed", "menu.planned", "menu.published", "menu.sold-out"]


def test_selling_out_reaches_every_kiosk_by_a_new_version(database: Database) -> None:
    plan_lunch(database)
    before = menu_version(database)

    database.write_sync(set_sold_out, OnSale("longcheng", item_id(database), sold_out=True), now=NOW, actor=ACTOR)

    assert menu_version(database) == before + 1


def test_nothing_planned_is_neither_published_nor_closed(database: Database) -> None:
    with pytest.raises(MenuEmpty):
        database.write_sync(publish_menu, LUNCH, now=NOW, actor=ACTOR)
    with pytest.raises(MenuNotPublished):
        database.write_sync(close_menu, LUNCH, now=NOW, actor=ACTOR)


def test_what_is_made_adds_up_and_sells_nothing(database: Database) -> None:
    plan_lunch(database)

    for more in (10, 5, -1):
        database.write_sync(record_made, MadeNow("longcheng", item_id(database), more), now=NOW, actor=ACTOR)

    item = first_item(database)
    assert (item.made_portions, item.planned_halves, item.left_halves) == (14, 80, 80)


def test_lines_of_another_kitchen_are_out_of_reach(database: Database) -> None:
    plan_lunch(database)

    with pytest.raises(NotOnMenu):
        database.write_sync(set_sold_out, OnSale("shuiyun", item_id(database), sold_out=True), now=NOW, actor=ACTOR)
    with pytest.raises(NotOnMenu):
        database.write_sync(record_made, MadeNow("shuiyun", item_id(database), 1), now=NOW, actor=ACTOR)


def test_after_the_meal_nothing_changes(database: Database) -> None:
    plan_lunch(database)
    database.write_sync(close_menu, LUNCH, now=NOW, actor=ACTOR)

    with pytest.raises(MenuClosed):
        database.write_sync(set_sold_out, OnSale("longcheng", item_id(database), sold_out=True), now=NOW, actor=ACTOR)
    with pytest.raises(MenuClosed):
        database.write_sync(record_made, MadeNow("longcheng", item_id(database), 1), now=NOW, actor=ACTOR)
