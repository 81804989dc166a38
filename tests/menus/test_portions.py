"""Scarce stock: counted in halves, never below zero, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from canteen.db.database import Database
from menus.errors import NotOnMenu, PortionsRefused, SoldOut
from menus.models import MenuItem
from menus.portions import FULL, HALF, add_made, release, reserve, set_planned, set_sold_out
from tests.canteen.building import menu_version, plan_lunch


def _item(session: Session, name: str) -> MenuItem:
    return session.exec(select(MenuItem).where(MenuItem.name == name, MenuItem.kind == "dish")).one()


@pytest.fixture
def ribs(database: Database) -> int:
    """Ten portions of 红烧肉炖豆角."""
    plan_lunch(database)
    item_id = database.read_sync(_item, "红烧肉炖豆角").id
    assert item_id is not None
    return item_id


def left(database: Database) -> int:
    """Half portions left."""
    return database.read_sync(_item, "红烧肉炖豆角").left_halves


def test_a_whole_portion_takes_two_halves(database: Database, ribs: int) -> None:
    database.write_sync(reserve, [(ribs, FULL), (ribs, HALF)])

    assert left(database) == 17


def test_last_portion_cannot_be_sold_twice(database: Database, ribs: int) -> None:
    """Forty threads want whole portions of ten: ten get one."""

    def take(_: int) -> bool:
        try:
            database.write_sync(reserve, [(ribs, FULL)])
        except SoldOut:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        taken = sum(threads.map(take, range(40)))

    assert taken == 10
    assert left(database) == 0


def test_refusal_names_what_is_left_in_whole_portions(database: Database, ribs: int) -> None:
    database.write_sync(reserve, [(ribs, 17)])

    with pytest.raises(SoldOut) as refused:
        database.write_sync(reserve, [(ribs, 2 * FULL)])

    assert (refused.value.item_id, refused.value.name, refused.value.left) == (ribs, "红烧肉炖豆角", 1)


def test_all_lines_or_none(database: Database, ribs: int) -> None:
    rice = database.read_sync(_item, "米饭").id
    assert rice is not None

    with pytest.raises(SoldOut):
        database.write_sync(reserve, [(rice, FULL), (ribs, 21)])

    assert database.read_sync(_item, "米饭").left_halves == 200
    assert left(database) == 20


def test_a_line_taken_off_sale_is_not_reserved(database: Database, ribs: int) -> None:
    database.write_sync(set_sold_out, ribs, sold_out=True)

    with pytest.raises(SoldOut) as refused:
        database.write_sync(reserve, [(ribs, HALF)])

    assert refused.value.left == 0


def test_an_unknown_line_is_not_on_the_menu(database: Database, ribs: int) -> None:
    for change in (reserve, release):
        with pytest.raises(NotOnMenu):
            database.write_sync(change, [(ribs + 999, FULL)])


@pytest.mark.parametrize("halves", [0, -1])
def test_taking_nothing_is_a_programming_error(database: Database, ribs: int, halves: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        database.write_sync(reserve, [(ribs, halves)])


def test_released_portions_are_for_sale_again(database: Database, ribs: int) -> None:
    database.write_sync(reserve, [(ribs, 20)])
    database.write_sync(release, [(ribs, FULL)])

    database.write_sync(reserve, [(ribs, FULL)])

    assert left(database) == 0


def test_kiosks_hear_of_the_last_portion_and_of_its_return(database: Database, ribs: int) -> None:
    before = menu_version(database)
    database.write_sync(reserve, [(ribs, FULL)])
    unchanged = menu_version(database)
    database.write_sync(reserve, [(ribs, 18)])
    gone = menu_version(database)
    database.write_sync(release, [(ribs, FULL)])

    assert (unchanged, gone, menu_version(database)) == (before, before + 1, before + 2)


def test_new_portions_move_what_is_left_by_the_difference(database: Database, ribs: int) -> None:
    database.write_sync(reserve, [(ribs, 6)])

    database.write_sync(set_planned, ribs, 15)

    assert left(database) == 24


def test_fewer_portions_than_ordered_are_refused(database: Database, ribs: int) -> None:
    database.write_sync(reserve, [(ribs, 7)])

    with pytest.raises(PortionsRefused) as refused:
        database.write_sync(set_planned, ribs, 3)

    assert refused.value.data["least"] == 4
    database.write_sync(set_planned, ribs, 4)
    assert left(database) == 1


@pytest.mark.parametrize("portions", [-1, 5_001])
def test_absurd_counts_are_refused(database: Database, ribs: int, portions: int) -> None:
    with pytest.raises(PortionsRefused):
        database.write_sync(set_planned, ribs, portions)


def test_made_portions_add_up_and_never_fall_below_nothing(database: Database, ribs: int) -> None:
    assert [database.write_sync(add_made, ribs, more) for more in (8, 1, -20, 5)] == [8, 9, 0, 5]

    with pytest.raises(PortionsRefused):
        database.write_sync(add_made, ribs, 4_996)
    with pytest.raises(NotOnMenu):
        database.write_sync(add_made, ribs + 1_000, 1)
    assert database.read_sync(_item, "红烧肉炖豆角").made_portions == 5
    assert left(database) == 20


def test_selling_out_twice_changes_nothing(database: Database, ribs: int) -> None:
    assert database.write_sync(set_sold_out, ribs, sold_out=True)
    assert not database.write_sync(set_sold_out, ribs, sold_out=True)
    assert database.write_sync(set_sold_out, ribs, sold_out=False)
