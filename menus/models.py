"""Tables of food. Kitchens are opaque keys here: menus know nothing of places. Stock is counted in half portions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
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
