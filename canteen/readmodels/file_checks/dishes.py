"""A list of dishes beside the kitchen's book."""

import hashlib
from collections import defaultdict

from sqlmodel import Session, col, select

from canteen.readmodels.file_checks.checked import CheckedRow, Difference, FileCheck, Value
from canteen.tables import words
from canteen.tables.models import Verdict
from menus.dishes import MOST_FEN, DishSpec
from menus.models import Dish
from menus.pictures import COLOURS, FORMS
from subsidies.money import format_yuan

FORM_OF = {
    "meat": "meat_slices",
    "half_meat": "fried_pieces",
    "veg": "leafy_stirfry",
    "staple": "rice",
    "soup": "clear_soup",
    "cold": "cold_plate",
    "drink": "milk_soy",
}
"""What is drawn for a dish nobody has chosen a picture for."""


def check_dishes(session: Session, check: FileCheck, kitchen_id: str) -> None:
    """Judge every line."""
    rows = session.exec(select(Dish).where(col(Dish.kitchen_id) == kitchen_id)).all()
    by_key = {row.key: row for row in rows}
    by_name: dict[str, list[Dish]] = defaultdict(list)
    for dish in rows:
        if dish.retired_at is None:
            by_name[dish.name].append(dish)
    first: dict[tuple[str, str], int] = {}
    for row in check.rows:
        row.label = str(row.values.get("name", ""))
        _check_alone(check, row, first)
        if row.is_bad:
            continue
        standing = _standing(check, row, by_key, by_name)
        if not row.is_bad and standing is not None:
            row.target, row.seen = standing.key, seen(standing)
            row.differences = _compare(row, standing)
            row.verdict = Verdict.CHANGE if row.differences else Verdict.SAME


def seen(dish: Dish) -> str:
    """Changes with everything a list could change."""
    parts = (dish.name, dish.name_en, dish.course, dish.form, dish.colour, dish.price_fen, dish.half_price_fen)
    more = (dish.diet_tags, dish.allergens, dish.ingredients, dish.retired_at is None)
    return hashlib.sha256(repr((parts, more)).encode()).hexdigest()[:32]


def spec_of(values: dict[str, Value], standing: Dish | None, key: str) -> DishSpec:
    """The dish as the line wants it; columns the file does not have, and empty cells, keep what stands."""

    def text(name: str, kept: str) -> str:
        return str(values.get(name, kept))

    def keys(name: str, kept: list[str]) -> tuple[str, ...]:
        found = values.get(name)
        return tuple(found) if isinstance(found, list) else tuple(kept)

    price = values["price"]
    half = values.get("half_price", standing.half_price_fen if standing else None)
    course = str(values["course"])
    return DishSpec(
        key=key,
        name=str(values["name"]),
        name_en=text("name_en", standing.name_en if standing else ""),
        course=course,
        form=text("form", standing.form if standing else FORM_OF[course]),
        colour=text("colour", standing.colour if standing else ""),
        price_fen=int(str(price)),
        half_price_fen=None if half is None else int(str(half)),
        diet_tags=keys("diet_tags", standing.diet_tags if standing else []),
        allergens=keys("allergens", standing.allergens if standing else []),
        ingredients=text("ingredients", standing.ingredients if standing else ""),
        is_demo=standing.is_demo if standing else False,
    )


def _check_alone(check: FileCheck, row: CheckedRow, first: dict[tuple[str, str], int]) -> None:
    for column in ("key", "name"):
        value = row.values.get(column)
        if isinstance(value, str):
            other = first.setdefault((column, value), row.line)
            if other != row.line:
                check.fault(row, column, "twice-in-file", line=other)
    price, half = row.values.get("price"), row.values.get("half_price")
    if isinstance(price, int) and not 0 < price <= MOST_FEN:
        check.fault(row, "price", "price-range", most=MOST_FEN // 100)
    if isinstance(half, int) and isinstance(price, int) and not 0 < half <= price:
        check.fault(row, "half_price", "half-price")
    for column, known in (("form", FORMS), ("colour", COLOURS)):
        value = row.values.get(column)
        if isinstance(value, str) and value not in known:
            meant = words.nearest(value, known) or ""
            check.fault(row, column, "word-near" if meant else "word", value=value, meant=meant, known="、".join(known))


def _standing(
    check: FileCheck, row: CheckedRow, by_key: dict[str, Dish], by_name: dict[str, list[Dish]]
) -> Dish | None:
    key, name = row.values.get("key"), str(row.values.get("name"))
    found = by_key.get(str(key)) if key else None
    if key and found is None:
        check.fault(row, "key", "dish-unknown", value=str(key))
    elif found is not None and found.retired_at is not None:
        check.fault(row, "key", "dish-retired", value=found.name)
    elif found is not None and any(other is not found for other in by_name[name]):
        check.fault(row, "name", "dish-name-taken", value=name)
    elif found is None and len(by_name[name]) > 1:
        check.fault(row, "name", "dish-two", value=name)
    return found or next(iter(by_name[name]), None)


def _compare(row: CheckedRow, dish: Dish) -> list[Difference]:
    spec = spec_of(row.values, dish, dish.key)
    pairs: tuple[tuple[str, str, str], ...] = (
        ("name", dish.name, spec.name),
        ("course", words.shown(words.COURSES, dish.course, "zh"), words.shown(words.COURSES, spec.course, "zh")),
        ("price", format_yuan(dish.price_fen), format_yuan(spec.price_fen)),
        ("half_price", _fen(dish.half_price_fen), _fen(spec.half_price_fen)),
        ("diet_tags", _listed(words.DIET, dish.diet_tags), _listed(words.DIET, spec.diet_tags)),
        ("allergens", _listed(words.ALLERGENS, dish.allergens), _listed(words.ALLERGENS, spec.allergens)),
        ("ingredients", dish.ingredients, spec.ingredients),
        ("name_en", dish.name_en, spec.name_en),
        ("form", dish.form, spec.form),
        ("colour", dish.colour, spec.colour),
    )
    return [Difference(name, old, new) for name, old, new in pairs if old != new]


def _fen(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def _listed(known: words.Words, keys: list[str] | tuple[str, ...]) -> str:
    return "、".join(words.shown(known, key, "zh") for key in known if key in keys)
