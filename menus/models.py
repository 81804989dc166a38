"""Tables of food. Kitchens are opaque keys here: menus know nothing of places. Stock is counted in half portions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class MenuStatus(StrEnum):
    """Where a day's menu stands."""

    DRAFT = "draft"
    """Being planned; nobody can order."""
    PUBLISHED = "published"
    """On kiosks and phones."""
    CLOSED = "closed"
    """The meal is over; nothing changes any more."""


class Dish(SQLModel, table=True):
    """A dish a kitchen can cook."""

    __tablename__ = "dish"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "key", name="dish_key"),
        CheckConstraint("price_fen >= 0", name="dish_price"),
        CheckConstraint("half_price_fen IS NULL OR half_price_fen <= price_fen", name="dish_half_price"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kitchen_id: str = Field(max_length=40)
    key: str = Field(max_length=60)
    name: str
    name_en: str = ""
    course: str = Field(max_length=12)
    """meat · half_meat · veg · staple · soup · cold · drink."""
    form: str = Field(max_length=20)
    """Shape of the picture: stew_bowl, whole_fish…"""
    colour: str = Field(default="", max_length=20)
    price_fen: int
    half_price_fen: int | None = None
    diet_tags: list[str] = Field(default_factory=list, sa_type=JSON)
    allergens: list[str] = Field(default_factory=list, sa_type=JSON)
    ingredients: str = ""
    is_demo: bool = False
    retired_at: datetime | None = None


class SetMeal(SQLModel, table=True):
    """A kind of set meal (套餐); what is in it is decided day by day."""

    __tablename__ = "set_meal"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "key", name="set_meal_key"),
        CheckConstraint("price_fen >= 0", name="set_meal_price"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kitchen_id: str = Field(max_length=40)
    key: str = Field(max_length=60)
    name: str
    name_en: str = ""
    price_fen: int
    diet_tags: list[str] = Field(default_factory=list, sa_type=JSON)
    slots: list[str] = Field(default_factory=list, sa_type=JSON)
    """Courses in it, e.g. ["meat", "meat", "veg", "staple", "soup"]."""
    is_demo: bool = False
    retired_at: datetime | None = None


class Menu(SQLModel, table=True):
    """What one kitchen serves at one meal of one day."""

    __tablename__ = "menu"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "day", "meal", name="menu_once"),
        CheckConstraint("status IN ('draft', 'published', 'closed')", name="menu_status"),
        CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="menu_meal"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kitchen_id: str = Field(max_length=40)
    day: date
    meal: str = Field(max_length=10)
    status: str = Field(default=MenuStatus.DRAFT, max_length=10)
    recommended_item_id: int | None = None
    version: int = 1
    """Grows with every change a kiosk should show; live pages compare it."""
    published_at: datetime | None = None
    closed_at: datetime | None = None


class MenuItem(SQLModel, table=True):
    """One line of a menu, with its price of the day and what is left. Names are copied: a menu is a record."""

    __tablename__ = "menu_item"
    __table_args__ = (
        CheckConstraint("left_halves >= 0", name="menu_item_left"),
        CheckConstraint("planned_halves >= 0", name="menu_item_planned"),
        CheckConstraint("price_fen >= 0", name="menu_item_price"),
        CheckConstraint("kind IN ('dish', 'set')", name="menu_item_kind"),
        CheckConstraint("(kind = 'dish') = (dish_id IS NOT NULL)", name="menu_item_dish"),
        CheckConstraint("(kind = 'set') = (set_meal_id IS NOT NULL)", name="menu_item_set"),
    )
    id: int | None = Field(default=None, primary_key=True)
    menu_id: int = Field(foreign_key="menu.id", index=True)
    kind: str = Field(max_length=4)
    dish_id: int | None = Field(default=None, foreign_key="dish.id")
    set_meal_id: int | None = Field(default=None, foreign_key="set_meal.id")
    name: str
    name_en: str = ""
    course: str = Field(default="", max_length=12)
    form: str = Field(default="tray", max_length=20)
    colour: str = Field(default="", max_length=20)
    price_fen: int
    half_price_fen: int | None = None
    diet_tags: list[str] = Field(default_factory=list, sa_type=JSON)
    allergens: list[str] = Field(default_factory=list, sa_type=JSON)
    planned_halves: int
    left_halves: int
    """Half portions still for sale. A whole portion takes two."""
    sold_out: bool = False
    """Taken off sale by hand although portions may be left."""
    made_portions: int = 0
    """Batch kitchens: whole portions cooked so far, typed or tapped at the board."""
    position: int = 0


class MenuItemPart(SQLModel, table=True):
    """A dish inside a set meal that day."""

    __tablename__ = "menu_item_part"
    menu_item_id: int = Field(foreign_key="menu_item.id", primary_key=True)
    position: int = Field(primary_key=True)
    dish_id: int = Field(foreign_key="dish.id")
    name: str
    name_en: str = ""
    form: str = Field(default="", max_length=20)
    colour: str = Field(default="", max_length=20)
    course: str = Field(default="", max_length=12)
    diet_tags: list[str] = Field(default_factory=list, sa_type=JSON)


class FoodPhoto(SQLModel, table=True):
    """The kitchen's own photo of a dish or a kind of set meal: re-encoded, without anything the camera wrote into it."""

    __tablename__ = "food_photo"
    __table_args__ = (CheckConstraint("(dish_id IS NULL) <> (set_meal_id IS NULL)", name="food_photo_of"),)
    id: str = Field(primary_key=True, max_length=40)
    """Random: it stands in public addresses."""
    kitchen_id: str = Field(max_length=40)
    dish_id: int | None = Field(default=None, foreign_key="dish.id", unique=True)
    set_meal_id: int | None = Field(default=None, foreign_key="set_meal.id", unique=True)
    taken_on: date
    """Business day it was put up; its label says so."""
    uploaded_at: datetime
    uploaded_by: str
    large: bytes = Field(sa_type=LargeBinary)
    """WebP, 800x600."""
    small: bytes = Field(sa_type=LargeBinary)
    """WebP, 400x300."""


class FoodPrice(SQLModel, table=True):
    """One change of the usual price of a dish or kind of set meal. Rows never change and never go."""

    __tablename__ = "food_price"
    __table_args__ = (
        CheckConstraint("(dish_id IS NULL) <> (set_meal_id IS NULL)", name="food_price_of"),
        CheckConstraint("to_fen > 0", name="food_price_to"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kitchen_id: str = Field(max_length=40)
    dish_id: int | None = Field(default=None, foreign_key="dish.id", index=True)
    set_meal_id: int | None = Field(default=None, foreign_key="set_meal.id", index=True)
    at: datetime
    by: str
    from_fen: int | None = None
    """None: the price it came into the book with."""
    to_fen: int
    from_half_fen: int | None = None
    to_half_fen: int | None = None
    reason: str = ""


class MenuCycle(SQLModel, table=True):
    """When week 1 of a kitchen's four-week cycle began; every 28 days it begins again."""

    __tablename__ = "menu_cycle"
    kitchen_id: str = Field(primary_key=True, max_length=40)
    first_monday: date


class CycleLine(SQLModel, table=True):
    """One line of the four-week cycle. Keys, not ids: a dish may be retired and come back; prices are the usual ones."""

    __tablename__ = "cycle_line"
    __table_args__ = (
        CheckConstraint("week BETWEEN 1 AND 4", name="cycle_line_week"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="cycle_line_weekday"),
        CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="cycle_line_meal"),
        CheckConstraint("kind IN ('dish', 'set')", name="cycle_line_kind"),
        CheckConstraint("portions >= 0", name="cycle_line_portions"),
    )
    kitchen_id: str = Field(primary_key=True, max_length=40)
    week: int = Field(primary_key=True)
    weekday: int = Field(primary_key=True)
    """1 Monday to 7 Sunday."""
    meal: str = Field(primary_key=True, max_length=10)
    position: int = Field(primary_key=True)
    kind: str = Field(max_length=4)
    key: str = Field(max_length=60)
    portions: int
    parts: list[str] = Field(default_factory=list, sa_type=JSON)
    """Dish keys of a set meal."""
    is_recommended: bool = False
    top_ups: list[tuple[str, int]] = Field(default_factory=list, sa_type=JSON)
    """More portions during the meal: local time as 11:30, whole portions."""


class PortionTopUp(SQLModel, table=True):
    """More portions of one line from a planned moment on (11:30 再加 40 份). By key: a draft's lines are written anew."""

    __tablename__ = "portion_top_up"
    __table_args__ = (
        UniqueConstraint("menu_id", "kind", "key", "at", name="portion_top_up_once"),
        CheckConstraint("portions > 0", name="portion_top_up_portions"),
        CheckConstraint("kind IN ('dish', 'set')", name="portion_top_up_kind"),
        CheckConstraint("(done_at IS NULL) = (outcome = '')", name="portion_top_up_outcome"),
    )
    id: int | None = Field(default=None, primary_key=True)
    menu_id: int = Field(foreign_key="menu.id", index=True)
    kind: str = Field(max_length=4)
    key: str = Field(max_length=60)
    at: datetime = Field(index=True)
    portions: int
    """Whole portions."""
    planned_by: str
    planned_at: datetime
    done_at: datetime | None = None
    outcome: str = Field(default="", max_length=12)
    """Empty while it waits; then what came of it, see `menus.top_ups.Outcome`."""
