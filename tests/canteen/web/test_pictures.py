"""What the manager may choose is drawn, coloured and named; what is drawn may be chosen."""

import re

from canteen.demo.catalogue import dishes
from canteen.web.language import LANGUAGES, has_sentence
from canteen.web.templates import STATIC
from menus.pictures import COLOURS, FORMS


def test_every_form_is_drawn_and_every_drawing_may_be_chosen() -> None:
    """The tray belongs to set meals."""
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "img" / "dishes.svg").read_text(encoding="utf-8")))

    assert {name for name in drawn if not name.startswith("tray")} == set(FORMS)


def test_every_colour_has_its_style() -> None:
    styles = (STATIC / "css" / "components.css").read_text(encoding="utf-8")

    assert set(re.findall(r"\.c-(\w+) \{", styles)) == set(COLOURS)


def test_forms_and_colours_have_words() -> None:
    keys = [f"menus.form.{form}" for form in FORMS] + [f"menus.colour.{colour}" for colour in COLOURS]

    assert [(key, language) for key in keys for language in LANGUAGES if not has_sentence(language, key)] == []


def test_the_demo_uses_what_may_be_chosen() -> None:
    """Its dishes can be opened and saved without choosing a drawing again."""
    assert {dish.form for dish in dishes().values()} <= set(FORMS)
    assert {dish.colour for dish in dishes().values()} <= set(COLOURS)
