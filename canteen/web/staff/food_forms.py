"""What the manager types about a dish or a kind of set meal: shown again as typed, read into a spec when all is well."""

from dataclasses import dataclass

from canteen.readmodels.food_book import FoodLine
from canteen.web.forms import Form
from menus.diet import ALLERGENS, COURSES, DIET_TAGS, known
from menus.dishes import MOST_FEN, DishSpec, SetMealSpec
from menus.pictures import COLOURS, FORMS
from subsidies.money import format_yuan

MOST_NAME = 40
MOST_NAME_EN = 60
MOST_INGREDIENTS = 200
SLOTS = 7
"""Places on a tray: no set of a community canteen has more dishes."""


@dataclass(frozen=True, slots=True)
class TypedFood:
    """The fields as people see them; money in yuan."""

    name: str = ""
    name_en: str = ""
    course: str = ""
    price: str = ""
    half_price: str = ""
    diet_tags: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    ingredients: str = ""
    form: str = "stew_bowl"
    colour: str = "pork"
    slots: tuple[str, ...] = ("",) * SLOTS
    reason: str = ""
    reprice: bool = False


def typed_from(line: FoodLine) -> TypedFood:
    """What stands in the book."""
    return TypedFood(
        line.name,
        line.name_en,
        line.course,
        format_yuan(line.price_fen),
        "" if line.half_price_fen is None else format_yuan(line.half_price_fen),
        line.diet_tags,
        line.allergens,
        line.ingredients,
        # a dish that came from a file may have neither: the first drawing is shown, and chosen until somebody looks
        line.form if line.form in FORMS else FORMS[0],
        line.colour if line.colour in COLOURS else COLOURS[0],
        (*line.slots, *("",) * SLOTS)[:SLOTS],
    )


def typed_in(form: Form) -> TypedFood:
    """What was just sent, right or wrong."""
    return TypedFood(
        form.raw("name"),
        form.raw("name_en"),
        form.raw("course"),
        form.raw("price"),
        form.raw("half_price"),
        form.every("diet_tags"),
        form.every("allergens"),
        form.raw("ingredients"),
        form.raw("form"),
        form.raw("colour"),
        tuple(form.raw(f"slot-{place}") for place in range(1, SLOTS + 1)),
        form.raw("reason"),
        bool(form.raw("reprice")),
    )


def read_dish(form: Form) -> DishSpec:
    """The dish the form describes; wrong fields are marked in it."""
    course = _among(form, "course", COURSES)
    price_fen = _price(form)
    half_fen = form.fen("half_price") if form.raw("half_price").strip() else None
    if half_fen is not None and not form.errors.keys() & {"price", "half_price"} and not 0 < half_fen <= price_fen:
        form.refuse("half_price", "forms.half-price")
    return DishSpec(
        key="",
        name=form.text("name", most=MOST_NAME),
        course=course,
        price_fen=price_fen,
        form=_among(form, "form", FORMS),
        name_en=form.text("name_en", most=MOST_NAME_EN, required=False),
        colour=_among(form, "colour", COLOURS),
        half_price_fen=half_fen,
        diet_tags=known(form.every("diet_tags"), DIET_TAGS),
        allergens=known(form.every("allergens"), ALLERGENS),
        ingredients=form.text("ingredients", most=MOST_INGREDIENTS, required=False),
    )


def read_set_meal(form: Form) -> SetMealSpec:
    """The kind of set meal the form describes."""
    slots = tuple(_among(form, f"slot-{place}", COURSES) for place in range(1, SLOTS + 1) if form.raw(f"slot-{place}"))
    if not slots:
        form.refuse("slot-1", "forms.slots")
    return SetMealSpec(
        key="",
        name=form.text("name", most=MOST_NAME),
        price_fen=_price(form),
        name_en=form.text("name_en", most=MOST_NAME_EN, required=False),
        diet_tags=known(form.every("diet_tags"), DIET_TAGS),
        slots=slots,
    )


def _price(form: Form) -> int:
    fen = form.fen("price")
    if "price" not in form.errors and not 0 < fen <= MOST_FEN:
        form.refuse("price", "forms.price")
    return fen


def _among(form: Form, name: str, choices: tuple[str, ...]) -> str:
    value = form.raw(name)
    if value not in choices:
        form.refuse(name, "forms.choice")
        return choices[0]
    return value
