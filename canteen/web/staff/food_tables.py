"""The kitchen's book and a week of menus as files for a spreadsheet: what a manager would otherwise type again."""

from litestar import Response, get
from litestar.di import NamedDependency

from canteen.people.models import Role
from canteen.readmodels.food_book import FoodFilter, all_dishes, set_list
from canteen.readmodels.menu_admin import planned_menu
from canteen.readmodels.week_plan import week_plan
from canteen.web.security import require
from canteen.web.staff.desk import StaffDesk
from canteen.web.staff.week import asked_week
from canteen.web.tables import TableColumn, kind_of, table_answer
from canteen.web.templates import page_translator
from subsidies.export import Cell

MANAGER = require(Role.MANAGER)


@get("/dishes/table", guards=[MANAGER])
async def dishes_table(desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """Every dish in use; `?kind=xlsx` or CSV."""
    t = page_translator(desk.request)
    columns = (
        TableColumn(t("menus.column.key")),
        TableColumn(t("menus.field.name"), width=22),
        TableColumn(t("menus.field.name_en"), width=28),
        TableColumn(t("menus.field.course")),
        TableColumn(t("menus.field.price"), "money"),
        TableColumn(t("menus.field.half_price"), "money"),
        TableColumn(t("menus.field.diet_tags"), width=24),
        TableColumn(t("menus.field.allergens"), width=18),
        TableColumn(t("menus.field.ingredients"), width=36),
        TableColumn(t("menus.column.photo"), "day"),
    )
    found = await desk.database.read(all_dishes, desk.canteen.kitchen_id)
    comma = t("menus.comma")
    rows: list[list[Cell]] = [
        [
            dish.key,
            dish.name,
            dish.name_en,
            t(f"course.{dish.course}"),
            dish.price_fen,
            dish.half_price_fen,
            comma.join(t(f"diet.{key}") for key in dish.diet_tags),
            comma.join(t(f"allergen.{key}") for key in dish.allergens),
            dish.ingredients,
            dish.photo_on,
        ]
        for dish in found
    ]
    return table_answer(t("menus.file.dish"), columns, rows, kind_of(desk.request.query_params.get("kind", "")))


@get("/sets/table", guards=[MANAGER])
async def sets_table(desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """Every kind of set meal in use."""
    t = page_translator(desk.request)
    columns = (
        TableColumn(t("menus.column.key")),
        TableColumn(t("menus.field.name"), width=22),
        TableColumn(t("menus.field.name_en"), width=28),
        TableColumn(t("menus.field.price"), "money"),
        TableColumn(t("menus.field.diet_tags"), width=24),
        TableColumn(t("menus.field.part"), width=36),
    )
    found = await desk.database.read(set_list, desk.canteen.kitchen_id, FoodFilter())
    comma = t("menus.comma")
    rows: list[list[Cell]] = [
        [
            kind.key,
            kind.name,
            kind.name_en,
            kind.price_fen,
            comma.join(t(f"diet.{key}") for key in kind.diet_tags),
            comma.join(t(f"course.{slot}") for slot in kind.slots),
        ]
        for kind in found.lines
    ]
    return table_answer(t("menus.file.set"), columns, rows, kind_of(desk.request.query_params.get("kind", "")))


@get("/week/table", guards=[MANAGER])
async def week_table(desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """Every line of the week of `?from=`, drafts too."""
    t = page_translator(desk.request)
    columns = (
        TableColumn(t("staff.menus.day"), "day"),
        TableColumn(t("staff.menus.meal")),
        TableColumn(t("menus.column.status")),
        TableColumn(t("menus.column.kind")),
        TableColumn(t("menus.column.key")),
        TableColumn(t("menus.field.name"), width=22),
        TableColumn(t("menus.column.set-parts"), width=40),
        TableColumn(t("menus.field.price"), "money"),
        TableColumn(t("menus.column.portions"), "whole"),
        TableColumn(t("menus.column.ordered"), "whole"),
    )
    kitchen = desk.canteen.kitchen_id
    monday = asked_week(desk, desk.request.query_params.get("from", ""))
    plan = await desk.database.read(week_plan, desk.canteen.id, kitchen, monday, desk.now)
    rows: list[list[Cell]] = []
    for meal in plan.meals:
        menu = await desk.database.read(planned_menu, kitchen, meal.day, meal.meal)
        rows += [
            [
                meal.day,
                t(f"staff.meal.{meal.meal}"),
                t(f"staff.menus.{menu.status}"),
                t(f"menus.book.{line.kind}"),
                line.key,
                line.name,
                t("menus.comma").join(line.parts),
                line.price_fen,
                line.portions,
                line.ordered,
            ]
            for line in menu.lines
        ]
    name = t("menus.file.week", day=monday.isoformat())
    return table_answer(name, columns, rows, kind_of(desk.request.query_params.get("kind", "")))
