"""Forms are read kindly and refuse what cannot be meant."""

from datetime import date
from enum import StrEnum

import pytest

from canteen.web.forms import Form
from canteen.web.language import has_sentence


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("typed,fen", [("6", 600), ("6.5", 650), (" 6.50 ", 650)])
def test_money_in_yuan(typed: str, fen: int) -> None:
    form = Form([("m", typed)])

    assert (form.fen("m"), form.errors) == (fen, {})


@pytest.mark.parametrize("typed", ["", "-1", "1e3", "６", "1.234", "six"])
def test_money_that_is_not_money(typed: str) -> None:
    form = Form([("m", typed)])

    assert form.fen("m") == 0
    assert form.errors == {"m": "forms.money"}


@pytest.mark.parametrize(
    "typed,key", [("0", "forms.out-of-range"), ("21", "forms.out-of-range"), ("²", "forms.number")]
)
def test_quantity_out_of_range(typed: str, key: str) -> None:
    form = Form([("q", typed)])

    assert form.whole("q", 1, 20) == 1
    assert form.errors == {"q": key}


def test_text_keeps_rare_characters_and_refuses_control_characters() -> None:
    form = Form([("a", " 𬭊䶮堃😀 "), ("b", "x\x00y"), ("c", "")])

    assert form.text("a") == "𬭊䶮堃😀"
    assert form.text("b") == ""
    form.text("c")
    assert form.errors == {"b": "forms.strange-characters", "c": "forms.required"}


def test_day_and_choice() -> None:
    form = Form([("d", "2026-11-23"), ("e", "yesterday"), ("c", "blue")])

    assert form.day("d") == date(2026, 11, 23)
    assert form.day("e") is None
    assert form.choice("c", Colour, Colour.RED) is Colour.RED
    assert form.errors == {"e": "forms.date", "c": "forms.choice"}


def test_numbered_fields_are_gathered() -> None:
    form = Form([("quantity-3", "1"), ("quantity-4", "2"), ("other", "x"), ("other", "y")])

    assert form.numbered("quantity-") == {"3": "1", "4": "2"}
    assert form.every("other") == ("x", "y")


def test_every_mark_has_a_sentence() -> None:
    marks = ["required", "too-long", "strange-characters", "number", "out-of-range", "money", "date", "choice"]

    assert all(has_sentence("zh", f"forms.{mark}") for mark in marks)
