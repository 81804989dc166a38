"""Builders with explicit defaults for tests of the canteen: food, menus, people, collected meals."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlmodel import Session
from ulid import ULID

from canteen.db.database import Database
from canteen.orders.models import MealOrder, OrderLine
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.sealed import Sealer
from canteen.usecases.enrol_resident import ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from menus.dishes import DishSpec, SetMealSpec, put_dish, put_set_meal
from menus.planning import PlannedLine
from menus.queries import menu_head
from menus.service_days import MealPeriod, instant

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 50, tzinfo=UTC)
"""10:50 in Jilin, a Monday; lunch is being served."""
ACTOR = "account:test"
SEALER = Sealer("a secret for tests, long enough to use")
EXAMPLE_ID = "11010519491231002X"
"""A well-known example number ending in X; a woman born 1949-12-31."""

DISHES = (
    DishSpec(
        "ribs",
        "红烧肉炖豆角",
        "meat",
        1200,
        "stew_bowl",
        half_price_fen=700,
        diet_tags=("soft", "low_salt"),
        allergens=("soy",),
    ),
    DishSpec(
        "mackerel",
        "清炖鲅鱼",
        "meat",
        1000,
        "fish_chunks",
        diet_tags=("soft", "low_salt", "boneless"),
        allergens=("fish",),
    ),
    DishSpec("shrimp", "虾仁豆腐", "half_meat", 900, "tofu", diet_tags=("soft",), allergens=("shellfish", "soy")),
    DishSpec("cabbage", "醋溜白菜", "veg", 400, "leafy_stirfry", diet_tags=("soft", "low_salt", "vegetarian")),
    DishSpec("rice", "米饭", "staple", 100, "rice", diet_tags=("soft", "low_salt", "halal", "vegetarian")),
)
SETS = (
    SetMealSpec("soft", "软烂两荤一素", 1500, diet_tags=("soft", "low_salt"), slots=("meat", "meat", "veg", "staple")),
    SetMealSpec("light", "清淡套餐", 1000, diet_tags=("low_salt",), slots=("meat", "veg", "staple")),
    SetMealSpec("seafood", "鲜味套餐", 1400, slots=("half_meat", "veg", "staple")),
)
LINES = (
    PlannedLine("set", "soft", 40, parts=("ribs", "mackerel", "cabbage", "rice")),
    PlannedLine("set", "light", 30, parts=("mackerel", "cabbage", "rice")),
    PlannedLine("set", "seafood", 20, parts=("shrimp", "cabbage", "rice")),
    PlannedLine("dish", "ribs", 10),
    PlannedLine("dish", "rice", 100),
)


def stock_kitchen(session: Session, kitchen_id: str = "longcheng") -> None:
    """Put the dishes and kinds of set meal into a kitchen's book."""
    for dish in DISHES:
        put_dish(session, kitchen_id, dish)
    for set_meal in SETS:
        put_set_meal(session, kitchen_id, set_meal)


def plan_lunch(
    database: Database,
    kitchen_id: str = "longcheng",
    *,
    day: date = TODAY,
    meal: MealPeriod = MealPeriod.LUNCH,
    lines: tuple[PlannedLine, ...] = LINES,
    recommended: str | None = "light",
    publish: bool = True,
) -> int:
    """A menu as a manager would make it; returns its id."""
    database.write_sync(stock_kitchen, kitchen_id)
    plan = MenuPlan(kitchen_id, day, meal, lines, recommended)
    menu_id = database.write_sync(plan_menu, plan, now=NOW, actor=ACTOR)
    if publish:
        database.write_sync(publish_menu, MenuOf(kitchen_id, day, meal), now=NOW, actor=ACTOR)
    return menu_id


def menu_version(database: Database, kitchen_id: str = "longcheng") -> int:
    """The version of today's lunch."""
    head = database.read_sync(menu_head, kitchen_id, TODAY, "lunch")
    assert head is not None
    return head.version


ELDER = Enrolment(
    name="张玉兰",
    community_id="longcheng",
    born=date(1944, 3, 12),
    title="奶奶",
    register_area="jilin/fengman/jianhua/longcheng",
)


def with_diet(request: Enrolment, diet: DietNotes) -> Enrolment:
    """The same person with diet notes and the consent to them."""
    return replace(request, diet=diet, consents=(ConsentGiven(ConsentKind.SERVICE), ConsentGiven(ConsentKind.HEALTH)))


def enrol(database: Database, request: Enrolment = ELDER) -> str:
    """Put somebody on the roll; returns the id."""
    return database.write_sync(enrol_resident, request, now=NOW, actor=ACTOR, sealer=SEALER)


def collected_meal(
    session: Session, resident_id: str, menu_id: int, item_id: int, set_meal_id: int | None, *, day: date, number: int
) -> str:
    """A lunch that was eaten, as bare rows: habits read nothing else."""
    order_id = str(ULID())
    at = instant(day, time(11, 0))
    session.add(
        MealOrder(
            id=order_id,
            canteen_id="longcheng",
            menu_id=menu_id,
            day=day,
            meal="lunch",
            resident_id=resident_id,
            channel="kiosk",
            status="collected",
            list_fen=1500,
            subsidy_fen=0,
            self_pay_fen=1500,
            paid_fen=1500,
            method="cash",
            inputs=b"{}",
            number_index=number,
            pickup_number=f"A {number:02d}",
            code_hash=order_id,
            code_sealed=b"",
            placed_at=at,
            deadline_at=at,
        )
    )
    session.flush()
    session.add(
        OrderLine(
            order_id=order_id,
            position=0,
            menu_item_id=item_id,
            set_meal_id=set_meal_id,
            name="",
            quantity=1,
            unit_fen=1500,
        )
    )
    session.flush()
    return order_id
