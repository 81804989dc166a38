"""What clashes with an allergy or a wish."""

from dataclasses import dataclass

import pytest

from canteen.web.language import Language, catalogue
from menus.diet import ALLERGENS, COURSES, DIET_TAGS, Clash, clashes, fit, known, meets


@dataclass(frozen=True)
class Line:
    """A line of a menu."""

    name: str = "菜"
    course: str = "meat"
    diet_tags: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()


def test_an_allergen_clashes_whatever_the_course() -> None:
    for course in (*COURSES, ""):
        found = clashes([Line("虾仁", course, allergens=("shellfish",))], ["shellfish"], [])

        assert found == (Clash("allergy", "shellfish", "虾仁"),)


def test_allergies_come_first_and_each_line_is_named() -> None:
    lines = [Line("咸鱼"), Line("虾仁", allergens=("shellfish",))]

    found = clashes(lines, ["shellfish"], ["low_salt"])

    assert [(clash.kind, clash.item_name) for clash in found] == [
        ("allergy", "虾仁"),
        ("instruction", "咸鱼"),
        ("instruction", "虾仁"),
    ]


@pytest.mark.parametrize(
    "course,wish,fine",
    [
        ("meat", "soft", False),
        ("staple", "soft", True),
        ("soup", "low_salt", True),
        ("veg", "low_oil", False),
        ("staple", "low_sugar", False),
        ("veg", "low_sugar", True),
        ("staple", "halal", False),
        ("staple", "vegetarian", False),
        ("", "halal", False),
        ("drink", "soft", True),
    ],
)
def test_the_lack_of_a_tag_matters_where_it_can(course: str, wish: str, fine: bool) -> None:
    assert meets(Line(course=course), wish) is fine
    assert meets(Line(course=course, diet_tags=(wish,)), wish)


def test_boneless_matters_only_for_fish() -> None:
    assert meets(Line(), "boneless")
    assert not meets(Line(allergens=("fish",)), "boneless")
    assert meets(Line(allergens=("fish",), diet_tags=("boneless",)), "boneless")


@pytest.mark.parametrize("preference", ["high_protein", "warm"])
def test_a_preference_is_never_broken(preference: str) -> None:
    assert not clashes([Line()], [], [preference])
    assert fit(Line(diet_tags=(preference,)), [preference]) == 1


def test_unknown_keys_clash_with_nothing() -> None:
    assert not clashes([Line(allergens=("egg",))], ["moon"], ["moon"])


def test_known_keys_keep_the_order_of_the_list() -> None:
    assert known(["warm", "soft", "moon", "soft"], DIET_TAGS) == ("soft", "warm")
    assert known(["sesame", "peanut"], ALLERGENS) == ("peanut", "sesame")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_has_a_word(language: Language) -> None:
    words = catalogue(language)

    for family, keys in (("diet", DIET_TAGS), ("allergen", ALLERGENS), ("course", COURSES)):
        assert [key for key in keys if f"{family}.{key}" not in words] == []
