"""The three kinds of file that can be brought in, column by column. `docs/import.md` lists the same; a test compares."""

from enum import StrEnum

from canteen.tables.columns import ColumnSpec
from canteen.tables.dish_columns import DISHES
from canteen.tables.menu_columns import MENUS
from canteen.tables.resident_columns import RESIDENTS


class ImportKind(StrEnum):
    """What a file brings."""

    RESIDENTS = "residents"
    """People for the roll, one a line."""
    DISHES = "dishes"
    """A kitchen's book of dishes, one a line."""
    MENUS = "menus"
    """Days to come, one line of a menu a line."""


EXAMPLE = ("示例", "example")
"""A row whose first filled cell begins so is left out."""
COLUMNS: dict[ImportKind, tuple[ColumnSpec, ...]] = {
    ImportKind.RESIDENTS: RESIDENTS,
    ImportKind.DISHES: DISHES,
    ImportKind.MENUS: MENUS,
}
